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

mod attributes;
mod claim;
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

use kdef_lang::{Block, Compiled, Inputs, Masked, Project, compile};
use kdef_source::{Code, Diagnostic, Limits, SourceMap, World, has_errors};

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
    /// Hides the values of sensitive variables in what is shown of objects, such as a difference.
    pub sensitive: Masked,
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
        sensitive,
    } = compiled;
    let complete = !has_errors(&diagnostics);
    let project = if complete { project } else { sound_part(project) };
    let mut output = objects::Output::new(&sources, limits.objects);
    objects::render(&project, complete, &mut output);
    let (mut objects, found) = (output.objects, output.diagnostics);
    let strictly = objects.iter().flat_map(strict::check);
    // Objects whose namespaces are missing only seem to be the same.
    let lacks_namespace = |problem: &Diagnostic| problem.code == Code::MissingNamespace;
    let mut repeated = if diagnostics.iter().any(lacks_namespace) {
        Vec::new()
    } else {
        duplicates::check(&objects)
    };
    // Ingresses that claim one name have been told so.
    repeated.retain(|problem| {
        let mut told = diagnostics
            .iter()
            .filter(|known| known.code == Code::IngressConflict);
        !told.any(|known| known.span == problem.span)
    });
    let mut problems: Vec<Diagnostic> = found.into_iter().chain(repeated).chain(strictly).collect();
    problems.sort_by_key(|problem| problem.span);
    for problem in &mut problems {
        sensitive.mask_diagnostic(problem);
    }
    diagnostics.extend(problems);
    if has_errors(&diagnostics) {
        objects.clear();
    }
    order::sort(&mut objects);
    Rendered {
        sources,
        diagnostics,
        objects,
        sensitive,
    }
}

/// Returns the blocks of which all is known, so that what is wrong with them is told together with the rest.
fn sound_part(project: Project) -> Project {
    let blocks = project.blocks.into_iter();
    Project {
        blocks: blocks.filter(Block::is_sound).collect(),
        ..project
    }
}

#[cfg(test)]
mod tests {
    use kdef_source::MemoryWorld;

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

    #[test]
    fn fields_know_the_line_that_they_came_from() {
        let text = r#"
deployment "web" {
  scale { replicas = 2 }
  container "app" {
    image = "app:1"
    port "80" "http" { health = "/live" }
    env { A = "1" }
    resources {
      cpu = "1..2"
    }
    volume "v" {
      mount_path = "/v"
      empty_dir  = true
    }
  }
  service {
    name = "front"
  }
  ingress {
    hosts = [
      "a.example.org",
      "b.example.org",
    ]
    tls   = true
  }
}
"#;
        let rendered = build(&MemoryWorld::new([("app.kdef", text)]), &Inputs::default());
        let pod = "spec.template.spec";
        for (kind, path, line) in [
            ("Deployment", "metadata.name", 2),
            ("Deployment", "spec.replicas", 3),
            ("Deployment", &format!("{pod}.containers[0].name"), 4),
            ("Deployment", &format!("{pod}.containers[0].image"), 5),
            (
                "Deployment",
                &format!("{pod}.containers[0].ports[0].containerPort"),
                6,
            ),
            (
                "Deployment",
                &format!("{pod}.containers[0].livenessProbe.httpGet.path"),
                6,
            ),
            ("Deployment", &format!("{pod}.containers[0].env[0].value"), 7),
            ("Deployment", &format!("{pod}.containers[0].resources.limits"), 8),
            (
                "Deployment",
                &format!("{pod}.containers[0].resources.limits.cpu"),
                9,
            ),
            (
                "Deployment",
                &format!("{pod}.containers[0].volumeMounts[0].mountPath"),
                12,
            ),
            ("Deployment", &format!("{pod}.volumes[0].emptyDir"), 13),
            ("Service", "spec.clusterIP", 16),
            ("Service", "metadata.name", 17),
            ("Service", "spec.ports[0].port", 6),
            ("Ingress", "spec", 19),
            ("Ingress", "spec.rules[1].host", 22),
            ("Ingress", "spec.tls[0]", 24),
            ("Certificate", "spec.dnsNames[0]", 21),
        ] {
            let object = rendered
                .objects
                .iter()
                .find(|object| object.kind == kind)
                .unwrap();
            let place = rendered.sources.locate(object.provenance.lookup(path));
            assert!(
                place.starts_with(&format!("app.kdef:{line}:")),
                "{kind} {path}: {place}, not {line}"
            );
        }
    }
}
