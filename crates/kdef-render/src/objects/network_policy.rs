//! `networkpolicy`

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::Output;
use super::meta::{NAME_LABEL, metadata_of, object};
use super::pods::{Pods, label_selector};
use crate::attributes::{none_if_empty, port_reference, small, text_map, texts};
use crate::provenance::{Provenance, Recorder};

pub(super) fn render(block: &Block, pods: &Pods<'_>, output: &mut Output<'_>) {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let own = [(NAME_LABEL.to_owned(), block.name().to_owned())];
    let metadata = metadata_of(block, own, &mut fields);
    let mut rules = Rules {
        policy: block,
        pods,
        diagnostics: &mut output.diagnostics,
    };
    let spec = rules.spec(&mut fields.inside("spec"));
    let resource = NetworkPolicy {
        metadata,
        spec: Some(spec),
    };
    output.add_with_raw(object(&resource, provenance), block);
}

/// The rules of one policy.
struct Rules<'a, 'p> {
    policy: &'a Block,
    pods: &'a Pods<'p>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Rules<'_, '_> {
    fn spec(&mut self, fields: &mut Recorder<'_>) -> NetworkPolicySpec {
        fields.attributes(self.policy, &[("policyTypes", "policy_types")]);
        let ingress = self.policy.children("ingress").enumerate();
        let ingress = ingress.map(|(index, rule)| {
            let mut fields = fields.item("ingress", index, rule.span());
            NetworkPolicyIngressRule {
                from: self.peers(rule, "from", &mut fields),
                ports: ports(rule, &mut fields),
            }
        });
        let ingress = ingress.collect();
        let egress = self.policy.children("egress").enumerate();
        let egress = egress.map(|(index, rule)| {
            let mut fields = fields.item("egress", index, rule.span());
            NetworkPolicyEgressRule {
                ports: ports(rule, &mut fields),
                to: self.peers(rule, "to", &mut fields),
            }
        });
        let egress = egress.collect();
        let pods = self.pods.selector(
            self.policy,
            self.policy.text("namespace"),
            ["pod_selector", "podSelector"],
            fields,
            self.diagnostics,
        );
        NetworkPolicySpec {
            ingress: none_if_empty(ingress),
            egress: none_if_empty(egress),
            pod_selector: Some(pods.unwrap_or_default()),
            policy_types: Some(policy_types(self.policy)),
        }
    }

    fn peers(
        &mut self,
        rule: &Block,
        kind: &str,
        fields: &mut Recorder<'_>,
    ) -> Option<Vec<NetworkPolicyPeer>> {
        let peers = rule.children(kind).enumerate();
        let peers = peers.map(|(index, peer)| {
            let mut fields = fields.item(kind, index, peer.span());
            fields.attributes(
                peer,
                &[
                    ("namespaceSelector", "namespace_selector"),
                    ("ipBlock.cidr", "cidr"),
                    ("ipBlock.except", "except"),
                ],
            );
            let namespaces = || text_map(peer, "namespace_selector").unwrap_or_default();
            NetworkPolicyPeer {
                ip_block: peer.text("cidr").map(|cidr| IPBlock {
                    cidr: cidr.to_owned(),
                    except: texts(peer, "except"),
                }),
                namespace_selector: peer
                    .is_set("namespace_selector")
                    .then(|| label_selector(namespaces())),
                pod_selector: self.pods.selector(
                    peer,
                    self.policy.text("namespace"),
                    ["pod_selector", "podSelector"],
                    &mut fields,
                    self.diagnostics,
                ),
            }
        });
        none_if_empty(peers.collect())
    }
}

fn ports(rule: &Block, fields: &mut Recorder<'_>) -> Option<Vec<NetworkPolicyPort>> {
    let ports = rule.children("port").enumerate();
    let ports = ports.map(|(index, port)| {
        let mut fields = fields.item("ports", index, port.span());
        fields.attributes(port, &[("protocol", "protocol"), ("endPort", "end_port")]);
        NetworkPolicyPort {
            end_port: small(port, "end_port"),
            port: Some(port_reference(port.label(0))),
            protocol: Some(port.text("protocol").unwrap_or("TCP").to_owned()),
        }
    });
    none_if_empty(ports.collect())
}

/// Returns the directions that are limited: those that are listed, else those that have rules, else both.
fn policy_types(policy: &Block) -> Vec<String> {
    if let Some(listed) = texts(policy, "policy_types") {
        return listed;
    }
    let has = |kind| policy.children(kind).next().is_some();
    let (ingress, egress) = (has("ingress"), has("egress"));
    let types = [("Ingress", ingress || !egress), ("Egress", egress || !ingress)];
    let types = types.into_iter().filter(|(_, limited)| *limited);
    types.map(|(name, _)| name.to_owned()).collect()
}
