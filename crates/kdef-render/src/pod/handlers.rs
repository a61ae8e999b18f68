//! What probes and hooks do: run a program, send a request.

use k8s_openapi::api::core::v1::{ExecAction, GRPCAction, HTTPGetAction, HTTPHeader};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;

use crate::attributes::{none_if_empty, small, text, texts};
use crate::provenance::Recorder;

/// Returns the program that a probe or a hook runs. `fields` stands at the probe or hook.
pub(super) fn exec(block: &Block, fields: &mut Recorder<'_>) -> Option<ExecAction> {
    let command = texts(block, "exec")?;
    fields.attributes(block, &[("exec", "exec")]);
    Some(ExecAction {
        command: Some(command),
    })
}

/// Returns the HTTP request that a probe or a hook sends.
pub(super) fn http_get(block: &Block, fields: &mut Recorder<'_>) -> Option<HTTPGetAction> {
    let http = block.child("http_get")?;
    fields.record("httpGet", http.span());
    let mut fields = fields.inside("httpGet");
    fields.attributes(
        http,
        &[
            ("path", "path"),
            ("port", "port"),
            ("scheme", "scheme"),
            ("host", "host"),
            ("httpHeaders", "headers"),
        ],
    );
    Some(HTTPGetAction {
        path: text(http, "path"),
        port: port(http, "port")?,
        scheme: text(http, "scheme"),
        host: text(http, "host"),
        http_headers: none_if_empty(headers(http, &mut fields)),
    })
}

fn headers(http: &Block, fields: &mut Recorder<'_>) -> Vec<HTTPHeader> {
    let headers = http.map("headers").into_iter().flatten().enumerate();
    headers
        .map(|(index, (name, value))| {
            fields.item("httpHeaders", index, value.span);
            HTTPHeader {
                name: name.to_string(),
                value: value.value.to_string(),
            }
        })
        .collect()
}

/// Returns the gRPC service that a probe asks.
pub(super) fn grpc(block: &Block, fields: &mut Recorder<'_>) -> Option<GRPCAction> {
    let grpc = block.child("grpc")?;
    fields.record("grpc", grpc.span());
    fields
        .inside("grpc")
        .attributes(grpc, &[("port", "port"), ("service", "service")]);
    Some(GRPCAction {
        port: small(grpc, "port")?,
        service: text(grpc, "service"),
    })
}

/// Returns a port by its number or its name; `None` when it is not set.
pub(super) fn port(block: &Block, name: &str) -> Option<IntOrString> {
    let text = block.text(name)?;
    Some(match text.parse() {
        Ok(number) => IntOrString::Int(number),
        Err(_) => IntOrString::String(text.to_owned()),
    })
}
