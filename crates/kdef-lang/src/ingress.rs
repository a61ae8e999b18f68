//! What an ingress block comes out as: its name, its hosts, its certificate.
//!
//! Both the check for conflicts and rendering ask here, so that they cannot disagree.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Block;

/// Returns the name of the object that an ingress inside a workload makes: its own, else the workload's, with `-2`, `-3`,
/// ... for the ingresses after the first. `index` is the position among all ingresses of the workload, from 0.
pub fn nested_name(workload: &Block, index: usize, ingress: &Block) -> Arc<str> {
    match (ingress.text("name"), index) {
        (Some(name), _) => name.into(),
        (None, 0) => workload.name().into(),
        (None, index) => format!("{}-{}", workload.name(), index + 1).into(),
    }
}

/// Returns the hosts that an ingress answers to: `host`, then `hosts`, each once.
pub fn hosts(ingress: &Block) -> Vec<&str> {
    let more = ingress.list("hosts").unwrap_or_default();
    let mut seen = BTreeSet::new();
    let hosts = ingress.text("host").into_iter();
    hosts
        .chain(more.iter().map(|host| &*host.value))
        .filter(|host| seen.insert(*host))
        .collect()
}

/// The most paths that the rules of one ingress have: its hosts times its `path` blocks.
pub const MAX_PATHS: usize = 10_000;

/// How a path is compared with that of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathType {
    /// By the parts between its slashes, as far as it goes.
    Prefix,
    /// As a whole.
    Exact,
    /// As the ingress controller likes to.
    ImplementationSpecific,
}

impl PathType {
    /// Returns the word for it, which is Kubernetes' own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prefix => "Prefix",
            Self::Exact => "Exact",
            Self::ImplementationSpecific => "ImplementationSpecific",
        }
    }
}

/// Returns the type of a `path` block, [`PathType::Prefix`] when it does not say.
pub fn path_type(path: &Block) -> PathType {
    match path.text("type") {
        Some("Exact") => PathType::Exact,
        Some("ImplementationSpecific") => PathType::ImplementationSpecific,
        _ => PathType::Prefix,
    }
}

/// Tells whether an ingress becomes an HTTPRoute.
pub fn is_gateway_route(ingress: &Block) -> bool {
    ingress.text("mode") == Some("gateway")
}

/// Tells whether an ingress says too little to become an object: neither a host nor a default backend.
pub fn renders_nothing(ingress: &Block) -> bool {
    ingress.child("default_backend").is_none() && !has_host(ingress)
}

/// Returns the blocks that say where requests go: the paths, or the ingress itself where it has none, and the default
/// backend.
pub fn targets(ingress: &Block) -> impl Iterator<Item = &Block> {
    let alone = ingress.children("path").next().is_none() && !is_only_default(ingress);
    alone
        .then_some(ingress)
        .into_iter()
        .chain(ingress.children("path"))
        .chain(ingress.child("default_backend"))
}

/// Tells whether an ingress has a default backend, and no host that anything else could be for.
fn is_only_default(ingress: &Block) -> bool {
    ingress.child("default_backend").is_some() && !has_host(ingress)
}

fn has_host(ingress: &Block) -> bool {
    ingress.is_set("host") || ingress.list("hosts").is_some_and(|hosts| !hosts.is_empty())
}

/// Returns the name of the Certificate, and of the Secret that it fills: the first host with dashes for dots and
/// `wildcard` for `*`. `None` when the ingress needs none: without TLS, without a host, or with a `tls_secret`.
pub fn certificate_name(ingress: &Block) -> Option<String> {
    if ingress.flag("tls") != Some(true) || ingress.is_set("tls_secret") {
        return None;
    }
    let listed = || Some(&*ingress.list("hosts")?.first()?.value);
    let host = ingress.text("host").or_else(listed)?;
    Some(format!("{}-tls", host.replace('*', "wildcard").replace('.', "-")))
}
