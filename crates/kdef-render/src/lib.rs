//! Checked blocks to Kubernetes objects to YAML.
//!
//! [`build`] compiles a project and renders it: each block becomes its objects, `raw` is merged in, and every object of a
//! known kind is checked against Kubernetes' own types. Each [`Object`] carries its [`Provenance`]: the line of `.kdef`
//! that it, and each field of it, came from. This crate knows Kubernetes' objects. It knows no cluster, and does no I/O:
//! same inputs, same bytes.
//!
//! ```
//! use kdef_lang::Inputs;
//! use kdef_source::MemoryWorld;
//!
//! let world = MemoryWorld::new([("app.kdef", "configmap \"conf\" {\n  data = { on = \"yes\" }\n}\n")]);
//! let rendered = kdef_render::build(&world, &Inputs::default());
//! assert_eq!(
//!     kdef_render::yaml::stream(&rendered.objects),
//!     "apiVersion: v1\ndata:\n  \"on\": \"yes\"\nkind: ConfigMap\nmetadata:\n  labels:\n    \
//!      app.kubernetes.io/managed-by: kdef\n  name: conf\n"
//! );
//! ```

mod duplicates;
mod files;
mod object;
mod objects;
mod order;
mod overlay;
mod pod;
mod provenance;
mod strict;
pub mod yaml;

use kdef_lang::{Compiled, Inputs, compile};
use kdef_source::{Diagnostic, Limits, SourceMap, World, has_errors};

pub use files::{ManifestFile, files};
pub use object::Object;
pub use provenance::Provenance;

/// The outcome of rendering a project.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The texts that were read, which all spans lie in.
    pub sources: SourceMap,
    /// What is wrong: first what compiling found, then what rendering did, each in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// The objects in their final order; none when anything is an error.
    pub objects: Vec<Object>,
}

/// Compiles a project and renders it.
pub fn build(world: &dyn World, inputs: &Inputs) -> Rendered {
    render(compile(world, inputs), world.limits())
}

/// Renders a compiled project. Of the limits only the number of objects matters here.
pub fn render(compiled: Compiled, limits: &Limits) -> Rendered {
    let Compiled {
        sources,
        mut diagnostics,
        project,
    } = compiled;
    if has_errors(&diagnostics) {
        return Rendered {
            sources,
            diagnostics,
            objects: Vec::new(),
        };
    }
    let mut output = objects::Output::new(&sources, limits.objects);
    objects::render(&project, &mut output);
    let (mut objects, found) = (output.objects, output.diagnostics);
    let strictly = objects.iter().flat_map(strict::check);
    let mut problems: Vec<Diagnostic> = found
        .into_iter()
        .chain(duplicates::check(&objects))
        .chain(strictly)
        .collect();
    problems.sort_by_key(|problem| problem.span);
    diagnostics.extend(problems);
    if has_errors(&diagnostics) {
        objects.clear();
    }
    order::sort(&mut objects);
    Rendered {
        sources,
        diagnostics,
        objects,
    }
}

#[cfg(test)]
mod tests {
    use kdef_source::{Code, MemoryWorld};

    use super::*;

    #[test]
    fn the_number_of_objects_is_bounded() {
        let text = "configmap \"a\" {}\nconfigmap \"b\" {}\nconfigmap \"c\" {}\nconfigmap \"d\" {}\n";
        let limited = |objects| {
            let world = MemoryWorld::new([("app.kdef", text)]);
            build(
                &world.with_limits(Limits {
                    objects,
                    ..Limits::default()
                }),
                &Inputs::default(),
            )
        };
        let rendered = limited(2);
        let codes: Vec<Code> = rendered.diagnostics.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::LimitReached], "said once");
        assert_eq!(
            rendered.sources.locate(rendered.diagnostics[0].span.unwrap()),
            "app.kdef:3:1"
        );
        assert_eq!(rendered.objects.len(), 0);
        assert_eq!(limited(4).objects.len(), 4);
    }
}
