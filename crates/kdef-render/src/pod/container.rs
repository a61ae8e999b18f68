//! `container` and `init`

use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, SecretEnvSource,
};
use kdef_lang::Block;

use super::{env, lifecycle, probes, resources, security, volumes};
use crate::attributes::{none_if_empty, port_number, small, switched_on, text, texts};
use crate::provenance::Recorder;

/// Returns an init container of a workload. `fields` stands at it.
pub(super) fn init(workload: &Block, block: &Block, fields: &mut Recorder<'_>) -> Container {
    let container = container(block, fields);
    let own = container.volume_mounts.unwrap_or_default();
    let named = volumes::named_mounts(workload, block, own.len(), fields);
    fields.attributes(block, &[("restartPolicy", "restart_policy")]);
    Container {
        volume_mounts: none_if_empty(own.into_iter().chain(named).collect()),
        restart_policy: text(block, "restart_policy"),
        ..container
    }
}

/// Returns the container of a job that says itself what it runs. `fields` stands at it.
pub(super) fn only(job: &Block, fields: &mut Recorder<'_>) -> Container {
    let container = container(job, fields);
    fields.record("name", job.name_span());
    fields.attributes(job, &[("name", "container_name")]);
    Container {
        name: job.text("container_name").unwrap_or(job.name()).to_owned(),
        ..container
    }
}

/// Returns a container. `fields` stands at it.
pub(super) fn container(block: &Block, fields: &mut Recorder<'_>) -> Container {
    fields.record("name", block.label_span(0));
    fields.attributes(
        block,
        &[
            ("image", "image"),
            ("imagePullPolicy", "image_pull_policy"),
            ("command", "command"),
            ("args", "args"),
            ("workingDir", "working_dir"),
            ("stdin", "stdin"),
            ("tty", "tty"),
            ("terminationMessagePolicy", "termination_message_policy"),
        ],
    );
    Container {
        name: block.label(0).to_owned(),
        image: text(block, "image"),
        image_pull_policy: text(block, "image_pull_policy"),
        command: texts(block, "command"),
        args: texts(block, "args"),
        working_dir: text(block, "working_dir"),
        ports: none_if_empty(ports(block, fields)),
        env: none_if_empty(env::variables(block, fields)),
        env_from: none_if_empty(env_from(block, fields)),
        resources: resources::resources(block, fields),
        liveness_probe: probes::liveness(block, fields),
        readiness_probe: probes::readiness(block, fields),
        startup_probe: probes::startup(block, fields),
        lifecycle: lifecycle::lifecycle(block, fields),
        stdin: switched_on(block, "stdin"),
        tty: switched_on(block, "tty"),
        termination_message_policy: text(block, "termination_message_policy"),
        volume_mounts: none_if_empty(volumes::mounts(block, fields)),
        security_context: security::container(block, fields),
        ..Container::default()
    }
}

fn ports(container: &Block, fields: &mut Recorder<'_>) -> Vec<ContainerPort> {
    let port = |(index, port): (usize, &Block)| {
        let mut fields = fields.item("ports", index, port.span());
        fields.attributes(
            port,
            &[
                ("protocol", "protocol"),
                ("hostPort", "host_port"),
                ("hostIP", "host_ip"),
            ],
        );
        Some(ContainerPort {
            container_port: port_number(port)?,
            name: Some(port.label(1).to_owned()),
            protocol: Some(port.text("protocol").unwrap_or("TCP").to_owned()),
            host_port: small(port, "host_port"),
            host_ip: text(port, "host_ip"),
        })
    };
    container.children("port").enumerate().filter_map(port).collect()
}

fn env_from(container: &Block, fields: &mut Recorder<'_>) -> Vec<EnvFromSource> {
    let source = |(index, block): (usize, &Block)| {
        let mut fields = fields.item("envFrom", index, block.span());
        fields.attributes(
            block,
            &[
                ("configMapRef", "config_map"),
                ("secretRef", "secret"),
                ("prefix", "prefix"),
                ("configMapRef.optional", "optional"),
                ("secretRef.optional", "optional"),
            ],
        );
        let optional = switched_on(block, "optional");
        EnvFromSource {
            config_map_ref: text(block, "config_map").map(|name| ConfigMapEnvSource { name, optional }),
            secret_ref: text(block, "secret").map(|name| SecretEnvSource { name, optional }),
            prefix: text(block, "prefix"),
        }
    };
    container.children("env_from").enumerate().map(source).collect()
}
