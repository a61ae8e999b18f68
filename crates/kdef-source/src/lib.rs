//! What every layer of kdef speaks: source files, spans, diagnostics, and the [`World`].
//!
//! This crate is the leaf of the workspace. It knows nothing of syntax, values or Kubernetes. It does no I/O: whoever
//! runs the language hands in a [`World`], and sees what went wrong as [`Diagnostic`]s that a [`report`] renders.
//!
//! ```
//! use kdef_source::{Code, Diagnostic, SourceMap, Span, report};
//!
//! let mut sources = SourceMap::default();
//! let file = sources.add("app.kdef", "replicas = two\n");
//! let problem = Diagnostic::error(Code::UnknownVariable, Span::new(file, 11, 14), "there is no variable `two`");
//! assert_eq!(
//!     report::short(&problem, &sources),
//!     "app.kdef:1:12: error[K0201]: there is no variable `two`"
//! );
//! ```

mod code;
mod diagnostic;
mod file;
mod lines;
mod path;
pub mod report;
mod span;
mod suggest;
mod world;

pub use code::Code;
pub use diagnostic::{Diagnostic, Related, Severity, has_errors};
pub use file::{FileId, Source, SourceMap};
pub use lines::{LineColumn, LineIndex};
pub use path::{PathError, VirtualPath};
pub use span::{Span, Spanned};
pub use suggest::nearest;
pub use world::{Entry, EntryKind, Limits, MemoryWorld, World, WorldError};
