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
