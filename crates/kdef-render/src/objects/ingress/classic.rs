//! Kubernetes' Ingress.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, IngressTLS, ServiceBackendPort,
};
use kdef_lang::Block;
use kdef_lang::ingress::certificate_name;

use super::backend::{Backend, Port};
use super::{Path, Route};
use crate::Object;
use crate::attributes::{none_if_empty, text};
use crate::objects::meta::object;
use crate::provenance::{Provenance, Recorder};

pub(super) fn ingress(route: &Route<'_>, mut provenance: Provenance) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    let mut fields = fields.inside("spec");
    fields.attributes(route.block, &[("ingressClassName", "class"), ("tls", "tls")]);
    route.record_hosts(&mut fields, |index| format!("rules[{index}]"));
    for index in 0..route.hosts.len() {
        record_paths(route, &mut fields.inside(&format!("rules[{index}].http")));
    }
    if let Some(default) = &route.default {
        let place = route
            .block
            .child("default_backend")
            .map_or(route.block.span(), Block::span);
        fields.record("defaultBackend", place);
        default.record(
            &mut fields,
            "defaultBackend.service.name",
            "defaultBackend.service.port",
        );
    }
    let rules = route.hosts.iter().map(|host| rule(host, route)).collect();
    let spec = IngressSpec {
        default_backend: route.default.as_ref().map(backend),
        ingress_class_name: Some(route.block.text("class").unwrap_or("nginx").to_owned()),
        rules: none_if_empty(rules),
        tls: tls(route, &mut fields).map(|tls| vec![tls]),
    };
    let resource = Ingress {
        metadata: route.metadata.clone(),
        spec: Some(spec),
        ..Ingress::default()
    };
    object(&resource, provenance)
}

/// Records where each path was written; `fields` stands at the list of them.
fn record_paths(route: &Route<'_>, fields: &mut Recorder<'_>) {
    for (index, path) in route.paths.iter().enumerate() {
        if let Some(block) = path.block {
            let mut fields = fields.item("paths", index, block.span());
            fields.record("path", block.label_span(0));
            fields.attributes(block, &[("pathType", "type")]);
        }
        let at = |field: &str| format!("paths[{index}].backend.service.{field}");
        path.backend.record(fields, &at("name"), &at("port"));
    }
}

fn rule(host: &str, route: &Route<'_>) -> IngressRule {
    let path = |path: &Path<'_>| HTTPIngressPath {
        backend: backend(&path.backend),
        path: Some(path.value.to_owned()),
        path_type: path.kind.as_str().to_owned(),
    };
    let paths = route.paths.iter().map(path).collect();
    IngressRule {
        host: Some(host.to_owned()),
        http: Some(HTTPIngressRuleValue { paths }),
    }
}

fn backend(backend: &Backend<'_>) -> IngressBackend {
    let port = match backend.port {
        Port::Number(number) => ServiceBackendPort {
            number: Some(number),
            name: None,
        },
        Port::Name(name) => ServiceBackendPort {
            number: None,
            name: Some(name.to_owned()),
        },
    };
    let service = IngressServiceBackend {
        name: backend.service.to_owned(),
        port: Some(port),
    };
    IngressBackend {
        service: Some(service),
        ..IngressBackend::default()
    }
}

/// Returns the certificate to serve with, and the hosts to serve it for, when TLS is on.
fn tls(route: &Route<'_>, fields: &mut Recorder<'_>) -> Option<IngressTLS> {
    let block = route.block;
    let secret_name = text(block, "tls_secret").or_else(|| certificate_name(block));
    if block.flag("tls") != Some(true) || secret_name.is_none() {
        return None;
    }
    fields.attributes(block, &[("tls[0].secretName", "tls_secret")]);
    Some(IngressTLS {
        hosts: none_if_empty(route.hosts.iter().map(|host| (*host).to_owned()).collect()),
        secret_name,
    })
}
