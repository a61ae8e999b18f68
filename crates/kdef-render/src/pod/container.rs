//! `container`

use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, SecretEnvSource,
};
use kdef_lang::Block;

use super::{env, probes, resources, security, volumes};
use crate::attributes::{none_if_empty, port_number, text, texts};
use crate::provenance::Recorder;

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
        volume_mounts: none_if_empty(volumes::mounts(block, fields)),
        security_context: security::container(block, fields),
        ..Container::default()
    }
}

fn ports(container: &Block, fields: &mut Recorder<'_>) -> Vec<ContainerPort> {
    let port = |(index, port): (usize, &Block)| {
        fields.item("ports", index, port.span());
        Some(ContainerPort {
            container_port: port_number(port)?,
            name: Some(port.label(1).to_owned()),
            protocol: Some("TCP".to_owned()),
            ..ContainerPort::default()
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
            ],
        );
        EnvFromSource {
            config_map_ref: text(block, "config_map").map(|name| ConfigMapEnvSource { name, optional: None }),
            secret_ref: text(block, "secret").map(|name| SecretEnvSource { name, optional: None }),
            prefix: text(block, "prefix"),
        }
    };
    container.children("env_from").enumerate().map(source).collect()
}
