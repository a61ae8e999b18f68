//! The probes that the ports of a container ask for.

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;

use crate::attributes::{port_number, small, text};
use crate::provenance::Recorder;

/// The attributes of a port that tune its probes, by the fields that they set.
const TUNING: [(&str, &str); 5] = [
    ("initialDelaySeconds", "initial_delay"),
    ("periodSeconds", "period"),
    ("timeoutSeconds", "timeout"),
    ("failureThreshold", "failures"),
    ("successThreshold", "successes"),
];

/// Returns the probe that tells whether the container is alive.
pub(super) fn liveness(container: &Block, fields: &mut Recorder<'_>) -> Option<Probe> {
    probe(container, "livenessProbe", ("health", "tcp_health"), fields)
}

/// Returns the probe that tells whether the container can be used.
pub(super) fn readiness(container: &Block, fields: &mut Recorder<'_>) -> Option<Probe> {
    probe(container, "readinessProbe", ("ready", "tcp_ready"), fields)
}

/// The first port that asks for the probe decides; a path beats a plain connection. `asking` names the attributes that
/// ask for a path and for a connection.
fn probe(container: &Block, field: &str, asking: (&str, &str), fields: &mut Recorder<'_>) -> Option<Probe> {
    let (path, connect) = asking;
    let asks = |port: &&Block| port.is_set(path) || port.flag(connect) == Some(true);
    let port = container.children("port").find(asks)?;
    let number = IntOrString::Int(port_number(port)?);
    let http = port.is_set(path);
    fields.record(field, port.span());
    let mut fields = fields.inside(field);
    let (handler, attribute) = if http {
        ("httpGet", path)
    } else {
        ("tcpSocket", connect)
    };
    fields.attributes(port, &[(handler, attribute)]);
    fields.attributes(port, &TUNING);
    // To Kubernetes a zero is the same as nothing.
    let tuned = |attribute| small(port, attribute).filter(|number| *number != 0);
    Some(Probe {
        http_get: http.then(|| HTTPGetAction {
            path: text(port, path),
            port: number.clone(),
            ..HTTPGetAction::default()
        }),
        tcp_socket: (!http).then(|| TCPSocketAction {
            port: number.clone(),
            ..TCPSocketAction::default()
        }),
        initial_delay_seconds: tuned("initial_delay"),
        period_seconds: tuned("period"),
        timeout_seconds: tuned("timeout"),
        failure_threshold: tuned("failures"),
        success_threshold: tuned("successes"),
        ..Probe::default()
    })
}
