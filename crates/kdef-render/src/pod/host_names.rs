//! `dns_config` and `host_alias`: how pods look names up.

use k8s_openapi::api::core::v1::{HostAlias, PodDNSConfig, PodDNSConfigOption};
use kdef_lang::Block;

use crate::attributes::{none_if_empty, texts};
use crate::provenance::Recorder;

/// Returns what is added to how the pods of a workload look names up; `None` when that is nothing.
pub(super) fn dns_config(workload: &Block, fields: &mut Recorder<'_>) -> Option<PodDNSConfig> {
    let block = workload.child("dns_config")?;
    fields.record("dnsConfig", block.span());
    let mut fields = fields.inside("dnsConfig");
    fields.attributes(block, &[("nameservers", "nameservers"), ("searches", "searches")]);
    let options = block.map("options").into_iter().flatten().enumerate();
    let options = options.map(|(index, (name, value))| {
        fields.item("options", index, value.span);
        PodDNSConfigOption {
            name: Some(name.to_string()),
            value: Some(value.value.to_string()).filter(|value| !value.is_empty()),
        }
    });
    let config = PodDNSConfig {
        options: none_if_empty(options.collect()),
        nameservers: texts(block, "nameservers"),
        searches: texts(block, "searches"),
    };
    (config != PodDNSConfig::default()).then_some(config)
}

/// Returns the addresses that have names in the pods of a workload.
pub(super) fn host_aliases(workload: &Block, fields: &mut Recorder<'_>) -> Vec<HostAlias> {
    let alias = |(index, block): (usize, &Block)| {
        let mut fields = fields.item("hostAliases", index, block.span());
        fields.record("ip", block.label_span(0));
        fields.attributes(block, &[("hostnames", "hostnames")]);
        HostAlias {
            ip: block.label(0).to_owned(),
            hostnames: texts(block, "hostnames"),
        }
    };
    workload.children("host_alias").enumerate().map(alias).collect()
}
