//! Where the files of a volume come from.

use k8s_openapi::api::core::v1::{
    CSIVolumeSource, ConfigMapVolumeSource, EmptyDirVolumeSource, EphemeralVolumeSource,
    HostPathVolumeSource, ImageVolumeSource, KeyToPath, LocalObjectReference, NFSVolumeSource,
    PersistentVolumeClaimTemplate, PersistentVolumeClaimVolumeSource, SecretVolumeSource, Volume,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kdef_lang::Block;
use kdef_lang::quantity;

use super::projected;
use crate::attributes::{none_if_empty, switched_on, text, text_map};
use crate::claim;
use crate::provenance::Recorder;

/// Returns a volume of the pod. `fields` stands at it.
pub(super) fn volume(block: &Block, fields: &mut Recorder<'_>) -> Volume {
    fields.record("name", block.label_span(0));
    let named = Volume {
        name: block.label(0).to_owned(),
        ..Volume::default()
    };
    if let Some(secret) = secret(block, fields) {
        let secret = Some(secret);
        Volume { secret, ..named }
    } else if let Some(config_map) = config_map(block, fields) {
        let config_map = Some(config_map);
        Volume { config_map, ..named }
    } else if let Some(empty_dir) = empty_dir(block, fields) {
        let empty_dir = Some(empty_dir);
        Volume { empty_dir, ..named }
    } else if let Some(claim) = claim(block, fields) {
        let persistent_volume_claim = Some(claim);
        Volume {
            persistent_volume_claim,
            ..named
        }
    } else if let Some(host_path) = host_path(block, fields) {
        let host_path = Some(host_path);
        Volume { host_path, ..named }
    } else {
        Volume {
            image: image(block, fields),
            projected: projected::projected(block, fields),
            downward_api: projected::downward_api_volume(block, fields),
            ephemeral: ephemeral(block, fields),
            csi: csi(block, fields),
            nfs: nfs(block, fields),
            ..named
        }
    }
}

fn secret(block: &Block, fields: &mut Recorder<'_>) -> Option<SecretVolumeSource> {
    let name = text(block, "secret")?;
    fields.attributes(block, &[("secret", "secret")]);
    let mut fields = fields.inside("secret");
    record_shared(block, &mut fields);
    Some(SecretVolumeSource {
        secret_name: Some(name),
        items: none_if_empty(items(block, &mut fields)),
        optional: switched_on(block, "optional"),
        default_mode: mode(block, "default_mode"),
    })
}

fn config_map(block: &Block, fields: &mut Recorder<'_>) -> Option<ConfigMapVolumeSource> {
    let name = text(block, "config_map")?;
    fields.attributes(block, &[("configMap", "config_map")]);
    let mut fields = fields.inside("configMap");
    record_shared(block, &mut fields);
    Some(ConfigMapVolumeSource {
        name,
        items: none_if_empty(items(block, &mut fields)),
        optional: switched_on(block, "optional"),
        default_mode: mode(block, "default_mode"),
    })
}

fn record_shared(block: &Block, fields: &mut Recorder<'_>) {
    fields.attributes(
        block,
        &[("optional", "optional"), ("defaultMode", "default_mode")],
    );
}

/// Returns the keys that become files: those of `items`, then those of the blocks `item`. `fields` stands at the source.
pub(super) fn items(block: &Block, fields: &mut Recorder<'_>) -> Vec<KeyToPath> {
    fields.attributes(block, &[("items", "items")]);
    let mut items = Vec::new();
    for (key, path) in block.map("items").into_iter().flatten() {
        fields.item("items", items.len(), path.span);
        items.push(KeyToPath {
            key: key.to_string(),
            path: path.value.to_string(),
            mode: None,
        });
    }
    for item in block.children("item") {
        let mut fields = fields.item("items", items.len(), item.span());
        fields.attributes(item, &[("path", "path"), ("mode", "mode")]);
        items.push(KeyToPath {
            key: item.label(0).to_owned(),
            path: text(item, "path").unwrap_or_default(),
            mode: mode(item, "mode"),
        });
    }
    items
}

/// Returns the rights that octal digits stand for.
pub(super) fn mode(block: &Block, name: &str) -> Option<i32> {
    // The schema has checked the text.
    i32::from_str_radix(block.text(name)?, 8).ok()
}

fn empty_dir(block: &Block, fields: &mut Recorder<'_>) -> Option<EmptyDirVolumeSource> {
    switched_on(block, "empty_dir")?;
    fields.attributes(
        block,
        &[
            ("emptyDir", "empty_dir"),
            ("emptyDir.sizeLimit", "size_limit"),
            ("emptyDir.medium", "medium"),
        ],
    );
    Some(EmptyDirVolumeSource {
        size_limit: amount(block, "size_limit"),
        medium: text(block, "medium"),
    })
}

/// Returns a quantity in the form in which Kubernetes writes it.
fn amount(block: &Block, name: &str) -> Option<Quantity> {
    // The schema has checked the text.
    let amount = quantity::Quantity::parse(block.text(name)?).ok()?;
    Some(Quantity(amount.to_string()))
}

fn claim(block: &Block, fields: &mut Recorder<'_>) -> Option<PersistentVolumeClaimVolumeSource> {
    let claim_name = text(block, "pvc")?;
    fields.attributes(
        block,
        &[
            ("persistentVolumeClaim", "pvc"),
            ("persistentVolumeClaim.readOnly", "read_only"),
        ],
    );
    Some(PersistentVolumeClaimVolumeSource {
        claim_name,
        read_only: switched_on(block, "read_only"),
    })
}

fn host_path(block: &Block, fields: &mut Recorder<'_>) -> Option<HostPathVolumeSource> {
    let path = text(block, "host_path")?;
    fields.attributes(
        block,
        &[("hostPath", "host_path"), ("hostPath.type", "host_path_type")],
    );
    Some(HostPathVolumeSource {
        path,
        type_: text(block, "host_path_type"),
    })
}

fn image(block: &Block, fields: &mut Recorder<'_>) -> Option<ImageVolumeSource> {
    let reference = text(block, "image")?;
    fields.attributes(
        block,
        &[("image", "image"), ("image.pullPolicy", "image_pull_policy")],
    );
    Some(ImageVolumeSource {
        reference: Some(reference),
        pull_policy: text(block, "image_pull_policy"),
    })
}

fn ephemeral(volume: &Block, fields: &mut Recorder<'_>) -> Option<EphemeralVolumeSource> {
    let block = volume.child("ephemeral")?;
    fields.record("ephemeral", block.span());
    let spec = claim::spec(block, &mut fields.inside("ephemeral.volumeClaimTemplate.spec"));
    Some(EphemeralVolumeSource {
        volume_claim_template: Some(PersistentVolumeClaimTemplate { metadata: None, spec }),
    })
}

fn csi(volume: &Block, fields: &mut Recorder<'_>) -> Option<CSIVolumeSource> {
    let block = volume.child("csi")?;
    fields.record("csi", block.span());
    let mut fields = fields.inside("csi");
    fields.attributes(volume, &[("readOnly", "read_only")]);
    fields.attributes(
        block,
        &[
            ("driver", "driver"),
            ("fsType", "fs_type"),
            ("volumeAttributes", "volume_attributes"),
            ("nodePublishSecretRef", "node_publish_secret"),
        ],
    );
    fields.entries("volumeAttributes", block.map("volume_attributes"));
    Some(CSIVolumeSource {
        driver: text(block, "driver")?,
        fs_type: text(block, "fs_type"),
        read_only: switched_on(volume, "read_only"),
        volume_attributes: text_map(block, "volume_attributes"),
        node_publish_secret_ref: text(block, "node_publish_secret").map(|name| LocalObjectReference { name }),
    })
}

fn nfs(volume: &Block, fields: &mut Recorder<'_>) -> Option<NFSVolumeSource> {
    let block = volume.child("nfs")?;
    fields.record("nfs", block.span());
    let mut fields = fields.inside("nfs");
    fields.attributes(volume, &[("readOnly", "read_only")]);
    fields.attributes(block, &[("server", "server"), ("path", "path")]);
    Some(NFSVolumeSource {
        server: text(block, "server")?,
        path: text(block, "path")?,
        read_only: switched_on(volume, "read_only"),
    })
}
