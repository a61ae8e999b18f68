//! `security_context` of a container and of a pod.

use k8s_openapi::api::core::v1::{PodSecurityContext, SecurityContext};
use kdef_lang::Block;

use crate::provenance::Recorder;

/// Returns the security context of a container; `None` when nothing in it is set.
pub(super) fn container(container: &Block, fields: &mut Recorder<'_>) -> Option<SecurityContext> {
    let block = container.child("security_context")?;
    fields.record("securityContext", block.span());
    fields.inside("securityContext").attributes(
        block,
        &[
            ("runAsUser", "run_as_user"),
            ("runAsGroup", "run_as_group"),
            ("runAsNonRoot", "run_as_non_root"),
            ("readOnlyRootFilesystem", "read_only_root"),
            ("privileged", "privileged"),
        ],
    );
    let context = SecurityContext {
        run_as_user: block.integer("run_as_user"),
        run_as_group: block.integer("run_as_group"),
        run_as_non_root: block.flag("run_as_non_root"),
        read_only_root_filesystem: block.flag("read_only_root"),
        privileged: block.flag("privileged"),
        ..SecurityContext::default()
    };
    (context != SecurityContext::default()).then_some(context)
}

/// Returns the security context of a workload's pods; `None` when nothing in it is set.
pub(super) fn pod(workload: &Block, fields: &mut Recorder<'_>) -> Option<PodSecurityContext> {
    let block = workload.child("security_context")?;
    fields.record("securityContext", block.span());
    fields.inside("securityContext").attributes(
        block,
        &[
            ("runAsUser", "run_as_user"),
            ("runAsGroup", "run_as_group"),
            ("runAsNonRoot", "run_as_non_root"),
            ("fsGroup", "fs_group"),
        ],
    );
    let context = PodSecurityContext {
        run_as_user: block.integer("run_as_user"),
        run_as_group: block.integer("run_as_group"),
        run_as_non_root: block.flag("run_as_non_root"),
        fs_group: block.integer("fs_group"),
        ..PodSecurityContext::default()
    };
    (context != PodSecurityContext::default()).then_some(context)
}
