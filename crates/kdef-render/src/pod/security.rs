//! `security_context` of a container and of a pod.

use k8s_openapi::api::core::v1::{
    AppArmorProfile, Capabilities, PodSecurityContext, SELinuxOptions, SeccompProfile, SecurityContext,
    Sysctl,
};
use kdef_lang::Block;

use crate::attributes::{none_if_empty, text, texts};
use crate::provenance::Recorder;

/// Returns the security context of a container; `None` when nothing in it is set.
pub(super) fn container(container: &Block, fields: &mut Recorder<'_>) -> Option<SecurityContext> {
    let block = container.child("security_context")?;
    fields.record("securityContext", block.span());
    let mut fields = fields.inside("securityContext");
    fields.attributes(
        block,
        &[
            ("runAsUser", "run_as_user"),
            ("runAsGroup", "run_as_group"),
            ("runAsNonRoot", "run_as_non_root"),
            ("readOnlyRootFilesystem", "read_only_root"),
            ("privileged", "privileged"),
            ("allowPrivilegeEscalation", "allow_privilege_escalation"),
            ("procMount", "proc_mount"),
        ],
    );
    let context = SecurityContext {
        run_as_user: block.integer("run_as_user"),
        run_as_group: block.integer("run_as_group"),
        run_as_non_root: block.flag("run_as_non_root"),
        read_only_root_filesystem: block.flag("read_only_root"),
        privileged: block.flag("privileged"),
        allow_privilege_escalation: block.flag("allow_privilege_escalation"),
        proc_mount: text(block, "proc_mount"),
        capabilities: capabilities(block, &mut fields),
        seccomp_profile: seccomp_profile(block, &mut fields),
        app_armor_profile: app_armor_profile(block, &mut fields),
        se_linux_options: se_linux_options(block, &mut fields),
        ..SecurityContext::default()
    };
    (context != SecurityContext::default()).then_some(context)
}

/// Returns the security context of a workload's pods; `None` when nothing in it is set.
pub(super) fn pod(workload: &Block, fields: &mut Recorder<'_>) -> Option<PodSecurityContext> {
    let block = workload.child("security_context")?;
    fields.record("securityContext", block.span());
    let mut fields = fields.inside("securityContext");
    fields.attributes(
        block,
        &[
            ("runAsUser", "run_as_user"),
            ("runAsGroup", "run_as_group"),
            ("runAsNonRoot", "run_as_non_root"),
            ("fsGroup", "fs_group"),
            ("fsGroupChangePolicy", "fs_group_change_policy"),
            ("supplementalGroups", "supplemental_groups"),
            ("supplementalGroupsPolicy", "supplemental_groups_policy"),
            ("seLinuxChangePolicy", "se_linux_change_policy"),
            ("sysctls", "sysctls"),
        ],
    );
    let context = PodSecurityContext {
        run_as_user: block.integer("run_as_user"),
        run_as_group: block.integer("run_as_group"),
        run_as_non_root: block.flag("run_as_non_root"),
        fs_group: block.integer("fs_group"),
        fs_group_change_policy: text(block, "fs_group_change_policy"),
        supplemental_groups: none_if_empty(supplemental_groups(block, &mut fields)),
        supplemental_groups_policy: text(block, "supplemental_groups_policy"),
        se_linux_change_policy: text(block, "se_linux_change_policy"),
        sysctls: none_if_empty(sysctls(block, &mut fields)),
        seccomp_profile: seccomp_profile(block, &mut fields),
        app_armor_profile: app_armor_profile(block, &mut fields),
        se_linux_options: se_linux_options(block, &mut fields),
        ..PodSecurityContext::default()
    };
    (context != PodSecurityContext::default()).then_some(context)
}

fn supplemental_groups(block: &Block, fields: &mut Recorder<'_>) -> Vec<i64> {
    let groups = block.list("supplemental_groups").unwrap_or_default().iter();
    let numbers = groups.filter_map(|group| Some((group.value.parse().ok()?, group.span)));
    numbers
        .enumerate()
        .map(|(index, (number, span))| {
            fields.item("supplementalGroups", index, span);
            number
        })
        .collect()
}

fn sysctls(block: &Block, fields: &mut Recorder<'_>) -> Vec<Sysctl> {
    let parameters = block.map("sysctls").into_iter().flatten().enumerate();
    parameters
        .map(|(index, (name, value))| {
            fields.item("sysctls", index, value.span);
            Sysctl {
                name: name.to_string(),
                value: value.value.to_string(),
            }
        })
        .collect()
}

fn capabilities(context: &Block, fields: &mut Recorder<'_>) -> Option<Capabilities> {
    let block = context.child("capabilities")?;
    fields.record("capabilities", block.span());
    fields
        .inside("capabilities")
        .attributes(block, &[("add", "add"), ("drop", "drop")]);
    let capabilities = Capabilities {
        add: texts(block, "add"),
        drop: texts(block, "drop"),
    };
    (capabilities != Capabilities::default()).then_some(capabilities)
}

fn seccomp_profile(context: &Block, fields: &mut Recorder<'_>) -> Option<SeccompProfile> {
    let block = context.child("seccomp_profile")?;
    record_profile("seccompProfile", block, fields);
    Some(SeccompProfile {
        type_: text(block, "type")?,
        localhost_profile: text(block, "localhost_profile"),
    })
}

fn app_armor_profile(context: &Block, fields: &mut Recorder<'_>) -> Option<AppArmorProfile> {
    let block = context.child("app_armor_profile")?;
    record_profile("appArmorProfile", block, fields);
    Some(AppArmorProfile {
        type_: text(block, "type")?,
        localhost_profile: text(block, "localhost_profile"),
    })
}

fn record_profile(field: &str, block: &Block, fields: &mut Recorder<'_>) {
    fields.record(field, block.span());
    fields.inside(field).attributes(
        block,
        &[("type", "type"), ("localhostProfile", "localhost_profile")],
    );
}

fn se_linux_options(context: &Block, fields: &mut Recorder<'_>) -> Option<SELinuxOptions> {
    let block = context.child("se_linux_options")?;
    let parts = ["user", "role", "type", "level"];
    fields.record("seLinuxOptions", block.span());
    fields
        .inside("seLinuxOptions")
        .attributes(block, &parts.map(|part| (part, part)));
    let [user, role, type_, level] = parts.map(|part| text(block, part));
    let options = SELinuxOptions {
        level,
        role,
        type_,
        user,
    };
    (options != SELinuxOptions::default()).then_some(options)
}
