//! Checked blocks to Kubernetes objects to YAML.

mod object;
mod provenance;

pub use object::Object;
pub use provenance::Provenance;
