//! `env`

use k8s_openapi::api::core::v1::{
    ConfigMapKeySelector, EnvVar, EnvVarSource, ObjectFieldSelector, SecretKeySelector,
};
use kdef_lang::value::{Reference, ReferenceKind};
use kdef_lang::{Block, Value};

use crate::provenance::Recorder;

/// Returns the environment variables of a container, sorted by name.
pub(super) fn variables(container: &Block, fields: &mut Recorder<'_>) -> Vec<EnvVar> {
    let Some(env) = container.child("env") else {
        return Vec::new();
    };
    let known = env
        .entries()
        .iter()
        .filter(|(_, entry)| !is_left_out(&entry.value.value));
    known
        .enumerate()
        .map(|(index, (name, entry))| {
            let mut fields = fields.item("env", index, entry.name_span);
            let reference = entry.value.value.as_reference();
            let field = if reference.is_some() { "valueFrom" } else { "value" };
            fields.record(field, entry.value.span);
            EnvVar {
                name: name.to_string(),
                // To Kubernetes an empty value is the same as none.
                value: entry
                    .value
                    .value
                    .text()
                    .filter(|text| !text.is_empty())
                    .map(|text| text.to_string()),
                value_from: reference.map(source),
            }
        })
        .collect()
}

/// A null counts as not written, and what is unknown has been reported.
fn is_left_out(value: &Value) -> bool {
    value.is_null() || value.is_unknown()
}

fn source(reference: &Reference) -> EnvVarSource {
    let mut source = EnvVarSource::default();
    match reference.kind() {
        ReferenceKind::Secret { name, key } => {
            source.secret_key_ref = Some(SecretKeySelector {
                name: name.to_string(),
                key: key.to_string(),
                optional: None,
            });
        }
        ReferenceKind::ConfigMap { name, key } => {
            source.config_map_key_ref = Some(ConfigMapKeySelector {
                name: name.to_string(),
                key: key.to_string(),
                optional: None,
            });
        }
        ReferenceKind::Field { path } => {
            source.field_ref = Some(ObjectFieldSelector {
                field_path: path.to_string(),
                api_version: None,
            });
        }
    }
    source
}
