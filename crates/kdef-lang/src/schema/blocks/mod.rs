//! The kinds of blocks, one file for each top-level block and one for each part that several share.

mod configmap;
mod container;
mod daemonset;
mod deployment;
mod images;
mod ingress;
mod metadata;
mod pod;
mod raw;
mod secret;
mod security_context;
mod service;
mod service_account;
mod statefulset;
mod toleration;
mod unique;
mod variable;
mod volume;
mod volume_claim;
mod workload;

pub use configmap::CONFIGMAP;
pub use container::{CONTAINER, ENV, ENV_FROM, PORT, RESOURCES};
pub use daemonset::DAEMONSET;
pub use deployment::DEPLOYMENT;
pub use images::IMAGES;
pub use ingress::{INGRESS_DEFAULTS, NESTED_INGRESS};
pub use secret::SECRET;
pub use security_context::{CONTAINER_SECURITY_CONTEXT, POD_SECURITY_CONTEXT};
pub use service::{SERVICE, SERVICE_PORT};
pub use service_account::SERVICE_ACCOUNT;
pub use statefulset::STATEFULSET;
pub use toleration::TOLERATION;
pub use variable::VARIABLE;
pub use volume::{POD_VOLUME, VOLUME};
pub use volume_claim::VOLUME_CLAIM;
pub use workload::SCALE;
