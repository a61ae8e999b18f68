//! Hand-made artifacts: what source-controller never makes, and sources whose status says that it made it.

mod archive;
mod server;
mod source;

pub(crate) use self::archive::hex;
pub use self::archive::{Entry, archive, archive_of_files, digest};
pub use self::server::{Answer, ArtifactServer};
pub use self::source::{Artifact, SourceKind};
