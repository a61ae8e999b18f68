//! The probes of a container: those of its `probes`, else those that its ports ask for.

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;

use super::handlers;
use crate::attributes::{port_number, small, text};
use crate::provenance::Recorder;

/// The fields that tune a probe, and the attributes for them, of a port and of a block in `probes`.
const TUNING: [(&str, &str, &str); 5] = [
    ("initialDelaySeconds", "initial_delay", "initial_delay"),
    ("periodSeconds", "period", "period"),
    ("timeoutSeconds", "timeout", "timeout"),
    ("failureThreshold", "failures", "failure_threshold"),
    ("successThreshold", "successes", "success_threshold"),
];

/// Returns the probe that tells whether the container is alive.
pub(super) fn liveness(container: &Block, fields: &mut Recorder<'_>) -> Option<Probe> {
    let field = "livenessProbe";
    own_probe(container, "liveness", field, fields)
        .or_else(|| port_probe(container, field, ("health", "tcp_health"), fields))
}

/// Returns the probe that tells whether the container can be used.
pub(super) fn readiness(container: &Block, fields: &mut Recorder<'_>) -> Option<Probe> {
    let field = "readinessProbe";
    own_probe(container, "readiness", field, fields)
        .or_else(|| port_probe(container, field, ("ready", "tcp_ready"), fields))
}

/// Returns the probe that tells whether the container has started.
pub(super) fn startup(container: &Block, fields: &mut Recorder<'_>) -> Option<Probe> {
    own_probe(container, "startup", "startupProbe", fields)
}

/// Returns the probe that a block in `probes` describes.
fn own_probe(container: &Block, kind: &str, field: &str, fields: &mut Recorder<'_>) -> Option<Probe> {
    let block = container.child("probes")?.child(kind)?;
    fields.record(field, block.span());
    let mut fields = fields.inside(field);
    let grace = "termination_grace_period";
    // Not every probe has it.
    let grace = block.schema().attribute(grace).map(|attribute| attribute.name);
    if let Some(grace) = grace {
        fields.attributes(block, &[("terminationGracePeriodSeconds", grace)]);
    }
    fields.attributes(block, &[("tcpSocket", "tcp_socket_port")]);
    let probe = Probe {
        exec: handlers::exec(block, &mut fields),
        http_get: handlers::http_get(block, &mut fields),
        tcp_socket: handlers::port(block, "tcp_socket_port").map(|port| TCPSocketAction { host: None, port }),
        grpc: handlers::grpc(block, &mut fields),
        termination_grace_period_seconds: grace.and_then(|grace| block.integer(grace)),
        ..Probe::default()
    };
    Some(tuned(
        probe,
        block,
        TUNING.map(|(field, _, own)| (field, own)),
        &mut fields,
    ))
}

/// The first port that asks for the probe decides; a path beats a plain connection. `asking` names the attributes that
/// ask for a path and for a connection.
fn port_probe(
    container: &Block,
    field: &str,
    asking: (&str, &str),
    fields: &mut Recorder<'_>,
) -> Option<Probe> {
    let (path, connect) = asking;
    let asks = |port: &&Block| port.is_set(path) || port.flag(connect) == Some(true);
    let block = container.children("port").find(asks)?;
    let port = IntOrString::Int(port_number(block)?);
    let http = block.is_set(path);
    fields.record(field, block.span());
    let mut fields = fields.inside(field);
    let (handler, attribute) = if http {
        ("httpGet", path)
    } else {
        ("tcpSocket", connect)
    };
    fields.attributes(block, &[(handler, attribute)]);
    let probe = if http {
        Probe {
            http_get: Some(HTTPGetAction {
                path: text(block, path),
                port,
                ..HTTPGetAction::default()
            }),
            ..Probe::default()
        }
    } else {
        Probe {
            tcp_socket: Some(TCPSocketAction { host: None, port }),
            ..Probe::default()
        }
    };
    Some(tuned(
        probe,
        block,
        TUNING.map(|(field, port, _)| (field, port)),
        &mut fields,
    ))
}

/// Adds what tunes a probe. `tuning` pairs the fields with the block's attributes.
fn tuned(probe: Probe, block: &Block, tuning: [(&str, &str); 5], fields: &mut Recorder<'_>) -> Probe {
    fields.attributes(block, &tuning);
    // To Kubernetes a zero is the same as nothing.
    let [delay, period, timeout, failures, successes] =
        tuning.map(|(_, attribute)| small(block, attribute).filter(|number| *number != 0));
    Probe {
        initial_delay_seconds: delay,
        period_seconds: period,
        timeout_seconds: timeout,
        failure_threshold: failures,
        success_threshold: successes,
        ..probe
    }
}
