//! The kdef language: files to values to checked blocks.
//!
//! [`compile`] reads a project through a [`World`], evaluates it for one environment, and returns the blocks of all its
//! sub-projects, checked against the [`schema`] and complete: overrides merged, namespaces and service accounts injected,
//! ingress defaults filled in. This crate knows what may be written and what it means. It does not know which Kubernetes
//! objects a block becomes, and it does no I/O.
//!
//! ```
//! use kdef_lang::{Inputs, compile};
//! use kdef_source::MemoryWorld;
//!
//! let world = MemoryWorld::new([(
//!     "app.kdef",
//!     "deployment \"web\" {\n  container \"web\" {\n    image = \"web:1\"\n  }\n}\n",
//! )]);
//! let compiled = compile(&world, &Inputs::default());
//! assert!(compiled.diagnostics.is_empty());
//! let web = &compiled.project.blocks[0];
//! assert_eq!((web.kind(), web.name()), ("deployment", "web"));
//! ```

pub mod binary;
mod block;
mod checks;
pub mod duration;
pub mod eval;
mod expand;
pub mod functions;
pub mod ingress;
mod inputs;
mod project;
pub mod quantity;
pub mod schema;
mod sensitive;
pub mod value;
pub mod volumes;
mod written;

use kdef_source::{Diagnostic, SourceMap, World};

pub use block::{Block, Entry, Place, Places, TextMap, Use};
pub use inputs::{Inputs, ValuesFormat, ValuesSource, VarsFile};
pub use sensitive::Masked;
pub use value::Value;

/// The outcome of [`compile`].
#[derive(Debug, Default)]
pub struct Compiled {
    /// The texts that were read, which the spans below lie in.
    pub sources: SourceMap,
    /// What is wrong, in the order of files and lines, each thing once.
    pub diagnostics: Vec<Diagnostic>,
    /// What the project defines; what had errors is left out or incomplete.
    pub project: Project,
    /// Hides the values of sensitive variables. The diagnostics have been through it; whatever shows the content of
    /// objects passes that through it too.
    pub sensitive: Masked,
}

/// What a project defines, in order: what stands beside `root.kdef` first, then the entries in source order.
#[derive(Debug, Default)]
pub struct Project {
    /// A `namespace` block for each namespace that `root.kdef` lists; one that it only names is empty.
    pub namespaces: Vec<Block>,
    /// A `service_account` block for each account and namespace that a workload uses, with its `namespace` set where the
    /// workload has one.
    pub service_accounts: Vec<Block>,
    /// The top-level blocks with their final content. `images` are not among them.
    pub blocks: Vec<Block>,
}

/// Returns the names of the environments that a project describes, sorted; without those that are only named.
pub fn environments(world: &dyn World, inputs: &Inputs) -> Vec<String> {
    project::environments(world, inputs)
}

/// Reads, evaluates and checks a project.
pub fn compile(world: &dyn World, inputs: &Inputs) -> Compiled {
    project::compile(world, inputs)
}
