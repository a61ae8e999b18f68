//! Blocks to objects, one file for each kind of object.

mod certificate;
mod configmap;
mod cronjob;
mod daemonset;
mod deployment;
mod disruption_budget;
mod family;
mod horizontal_pod_autoscaler;
mod http_route;
mod ingress;
mod job;
mod manifest;
mod meta;
mod namespace;
mod network_policy;
mod output;
mod persistentvolumeclaim;
mod pods;
mod role;
mod rolebinding;
mod rollout;
mod sealedsecret;
mod secret;
mod service;
mod service_account;
mod statefulset;
mod workload;

use kdef_lang::{Block, Project};

pub(crate) use output::Output;
use pods::Pods;

/// Renders everything that a project defines.
///
/// `complete` says whether the project holds all its blocks; where others were left out for errors, references to them are
/// not judged.
pub(crate) fn render(project: &Project, complete: bool, output: &mut Output<'_>) {
    let pods = Pods::of(project, complete);
    for namespace in &project.namespaces {
        output.add_with_raw(namespace::namespace(namespace), namespace);
    }
    for account in &project.service_accounts {
        output.add_with_raw(service_account::service_account(account), account);
    }
    for block in &project.blocks {
        let (objects, problems) = (output.objects.len(), output.diagnostics.len());
        render_block(block, &pods, output);
        if let Some(site) = block.used_by() {
            let made = output.objects.iter_mut().skip(objects);
            made.for_each(|object| object.provenance.set_used_by(site));
            let found = output.diagnostics.iter_mut().skip(problems);
            found.for_each(|problem| site.explain(problem));
        }
    }
}

/// Renders a top-level block: one line for each kind that makes objects.
fn render_block(block: &Block, pods: &Pods<'_>, output: &mut Output<'_>) {
    match block.kind() {
        "clusterrole" => output.add_with_raw(role::cluster_role(block), block),
        "clusterrolebinding" => output.add_with_raw(rolebinding::cluster_role_binding(block), block),
        "certificate" => output.add_with_raw(certificate::certificate(block), block),
        "configmap" => output.add_with_raw(configmap::configmap(block), block),
        "cronjob" => cronjob::render(block, output),
        "daemonset" => daemonset::render(block, output),
        "deployment" => deployment::render(block, output),
        "disruption_budget" => disruption_budget::render_alone(block, pods, output),
        "http_route" => output.add_with_raw(http_route::http_route(block), block),
        "ingress" => ingress::render_alone(block, output),
        "namespace" => output.add_with_raw(namespace::namespace(block), block),
        "networkpolicy" => network_policy::render(block, pods, output),
        "job" => job::render(block, output),
        "manifest" => manifest::render(block, output),
        "persistentvolumeclaim" => output.add_with_raw(persistentvolumeclaim::claim(block), block),
        "role" => output.add_with_raw(role::role(block), block),
        "rolebinding" => output.add_with_raw(rolebinding::role_binding(block), block),
        "sealedsecret" => output.add_with_raw(sealedsecret::sealed_secret(block), block),
        "secret" => output.add_with_raw(secret::secret(block), block),
        "service" => service::render_alone(block, pods, output),
        "service_account" => output.add_with_raw(service_account::service_account(block), block),
        "statefulset" => statefulset::render(block, output),
        other => debug_assert!(false, "nothing renders {other}"),
    }
}
