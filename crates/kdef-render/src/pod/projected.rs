//! Volumes that Kubernetes fills: `projected` and `downward_api`.

use k8s_openapi::api::core::v1::{
    ConfigMapProjection, DownwardAPIProjection, DownwardAPIVolumeFile, DownwardAPIVolumeSource,
    ObjectFieldSelector, ProjectedVolumeSource, ResourceFieldSelector, SecretProjection,
    ServiceAccountTokenProjection, VolumeProjection,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kdef_lang::Block;

use super::volume_sources::{items, mode};
use crate::attributes::{none_if_empty, switched_on, text};
use crate::provenance::Recorder;

/// Returns the folder that several sources fill. `fields` stands at the volume.
pub(super) fn projected(volume: &Block, fields: &mut Recorder<'_>) -> Option<ProjectedVolumeSource> {
    let block = volume.child("projected")?;
    fields.record("projected", block.span());
    let mut fields = fields.inside("projected");
    fields.attributes(volume, &[("defaultMode", "default_mode")]);
    let sources = block.blocks().iter().enumerate();
    let sources = sources
        .map(|(index, source)| projection(source, &mut fields.item("sources", index, source.span())))
        .collect();
    Some(ProjectedVolumeSource {
        sources: none_if_empty(sources),
        default_mode: mode(volume, "default_mode"),
    })
}

fn projection(source: &Block, fields: &mut Recorder<'_>) -> VolumeProjection {
    let mut projection = VolumeProjection::default();
    match source.kind() {
        "secret" => {
            let mut fields = fields.inside("secret");
            projection.secret = Some(SecretProjection {
                name: source.label(0).to_owned(),
                items: none_if_empty(items(source, &mut fields)),
                optional: optional(source, &mut fields),
            });
        }
        "config_map" => {
            let mut fields = fields.inside("configMap");
            projection.config_map = Some(ConfigMapProjection {
                name: source.label(0).to_owned(),
                items: none_if_empty(items(source, &mut fields)),
                optional: optional(source, &mut fields),
            });
        }
        "downward_api" => {
            projection.downward_api = Some(DownwardAPIProjection {
                items: none_if_empty(files(source, &mut fields.inside("downwardAPI"))),
            });
        }
        "service_account_token" => {
            projection.service_account_token = Some(token(source, &mut fields.inside("serviceAccountToken")));
        }
        other => debug_assert!(false, "nothing projects {other}"),
    }
    projection
}

fn optional(source: &Block, fields: &mut Recorder<'_>) -> Option<bool> {
    fields.record("name", source.label_span(0));
    fields.attributes(source, &[("optional", "optional")]);
    switched_on(source, "optional")
}

fn token(source: &Block, fields: &mut Recorder<'_>) -> ServiceAccountTokenProjection {
    fields.attributes(
        source,
        &[
            ("path", "path"),
            ("audience", "audience"),
            ("expirationSeconds", "expiration_seconds"),
        ],
    );
    ServiceAccountTokenProjection {
        path: text(source, "path").unwrap_or_default(),
        audience: text(source, "audience"),
        expiration_seconds: source.integer("expiration_seconds"),
    }
}

/// Returns the volume whose files hold fields of the pod. `fields` stands at the volume.
pub(super) fn downward_api_volume(
    volume: &Block,
    fields: &mut Recorder<'_>,
) -> Option<DownwardAPIVolumeSource> {
    let block = volume.child("downward_api")?;
    fields.record("downwardAPI", block.span());
    let mut fields = fields.inside("downwardAPI");
    fields.attributes(volume, &[("defaultMode", "default_mode")]);
    Some(DownwardAPIVolumeSource {
        items: none_if_empty(files(block, &mut fields)),
        default_mode: mode(volume, "default_mode"),
    })
}

/// Returns the files of a `downward_api`: those of `items`, then those of the blocks `item`.
fn files(block: &Block, fields: &mut Recorder<'_>) -> Vec<DownwardAPIVolumeFile> {
    fields.attributes(block, &[("items", "items")]);
    let mut files = Vec::new();
    for (path, field) in block.map("items").into_iter().flatten() {
        fields.item("items", files.len(), field.span);
        files.push(DownwardAPIVolumeFile {
            path: path.to_string(),
            field_ref: Some(selector(field.value.to_string())),
            ..DownwardAPIVolumeFile::default()
        });
    }
    for item in block.children("item") {
        files.push(file(item, &mut fields.item("items", files.len(), item.span())));
    }
    files
}

fn file(item: &Block, fields: &mut Recorder<'_>) -> DownwardAPIVolumeFile {
    fields.attributes(
        item,
        &[
            ("fieldRef", "field"),
            ("resourceFieldRef", "resource"),
            ("resourceFieldRef.containerName", "container"),
            ("resourceFieldRef.divisor", "divisor"),
            ("mode", "mode"),
        ],
    );
    DownwardAPIVolumeFile {
        path: item.label(0).to_owned(),
        field_ref: text(item, "field").map(selector),
        resource_field_ref: text(item, "resource").map(|resource| ResourceFieldSelector {
            resource,
            container_name: text(item, "container"),
            divisor: text(item, "divisor").map(Quantity),
        }),
        mode: mode(item, "mode"),
    }
}

fn selector(field_path: String) -> ObjectFieldSelector {
    ObjectFieldSelector {
        field_path,
        api_version: None,
    }
}
