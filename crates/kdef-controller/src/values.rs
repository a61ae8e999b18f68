//! The ConfigMap or Secret that a release takes values from.

use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kdef_api::{ValuesKind, ValuesReference};
use kdef_lang::{ValuesFormat, ValuesSource};
use kube::{Api, Client};
use thiserror::Error;

/// Why the values cannot be had. Nothing of what a Secret holds is part of it.
#[derive(Debug, Error)]
pub(crate) enum ValuesError {
    /// The object does not exist.
    #[error(
        "{object} does not exist; spec.valuesFrom names it, and it must be in the namespace of the KdefRelease"
    )]
    NoObject {
        /// The object, as `Kind/namespace/name`.
        object: String,
    },
    /// The object has no such key.
    #[error("{object} has no key {key:?}{}", known_keys(.keys))]
    NoKey {
        /// The object, as `Kind/namespace/name`.
        object: String,
        /// The key that is missing.
        key: String,
        /// The keys that there are; none for a Secret.
        keys: Vec<String>,
    },
    /// What stands under the key is not text.
    #[error("the key {key:?} of {object} does not hold UTF-8 text")]
    NotText {
        /// The object, as `Kind/namespace/name`.
        object: String,
        /// The key.
        key: String,
    },
    /// The object cannot be read.
    #[error("{object} cannot be read: {reason}")]
    Unreadable {
        /// The object, as `Kind/namespace/name`.
        object: String,
        /// What the API server says.
        reason: String,
        /// Whether trying again soon may help.
        passing: bool,
    },
}

fn known_keys(keys: &[String]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    format!("; it has {}", keys.join(", "))
}

/// Reads the values that a release names, from its own namespace and with the controller's own rights (as Flux does).
pub(crate) async fn read(
    client: &Client,
    namespace: &str,
    reference: &ValuesReference,
) -> Result<ValuesSource, ValuesError> {
    let name = &reference.name;
    let object = format!("{}/{namespace}/{name}", reference.kind.as_str());
    match reference.kind {
        ValuesKind::ConfigMap => {
            let found = Api::<ConfigMap>::namespaced(client.clone(), namespace)
                .get_opt(name)
                .await;
            from_config_map(&object, existing(&object, found)?, reference.key())
        }
        ValuesKind::Secret => {
            let found = Api::<Secret>::namespaced(client.clone(), namespace)
                .get_opt(name)
                .await;
            from_secret(&object, existing(&object, found)?, reference.key())
        }
    }
}

fn existing<K>(object: &str, found: Result<Option<K>, kube::Error>) -> Result<K, ValuesError> {
    let found = found.map_err(|error| unreadable(object, &error))?;
    found.ok_or_else(|| ValuesError::NoObject {
        object: object.to_owned(),
    })
}

fn unreadable(object: &str, error: &kube::Error) -> ValuesError {
    let (reason, passing) = match error {
        kube::Error::Api(status) => (status.message.clone(), status.code >= 500 || status.code == 429),
        other => (other.to_string(), true),
    };
    ValuesError::Unreadable {
        object: object.to_owned(),
        reason,
        passing,
    }
}

fn from_config_map(object: &str, mut found: ConfigMap, key: &str) -> Result<ValuesSource, ValuesError> {
    let data = found.data.get_or_insert_default();
    if let Some(text) = data.remove(key) {
        return Ok(source(object, key, text, false));
    }
    let binary = found.binary_data.get_or_insert_default();
    match binary.remove(key) {
        Some(bytes) => from_bytes(object, key, bytes.0, false),
        None => Err(ValuesError::NoKey {
            object: object.to_owned(),
            key: key.to_owned(),
            keys: data.keys().chain(binary.keys()).take(10).cloned().collect(),
        }),
    }
}

fn from_secret(object: &str, found: Secret, key: &str) -> Result<ValuesSource, ValuesError> {
    match found.data.unwrap_or_default().remove(key) {
        Some(bytes) => from_bytes(object, key, bytes.0, true),
        None => Err(ValuesError::NoKey {
            object: object.to_owned(),
            key: key.to_owned(),
            keys: Vec::new(),
        }),
    }
}

fn from_bytes(object: &str, key: &str, bytes: Vec<u8>, sensitive: bool) -> Result<ValuesSource, ValuesError> {
    let text = String::from_utf8(bytes).map_err(|_| ValuesError::NotText {
        object: object.to_owned(),
        key: key.to_owned(),
    })?;
    Ok(source(object, key, text, sensitive))
}

fn source(object: &str, key: &str, text: String, sensitive: bool) -> ValuesSource {
    let yaml = [".yaml", ".yml"].iter().any(|ending| key.ends_with(ending));
    ValuesSource {
        name: format!("{object}:{key}"),
        text,
        format: if yaml {
            ValuesFormat::Yaml
        } else {
            ValuesFormat::Json
        },
        sensitive,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use k8s_openapi::ByteString;

    use super::*;

    fn config_map(key: &str, text: &str) -> ConfigMap {
        ConfigMap {
            data: Some(BTreeMap::from([(key.to_owned(), text.to_owned())])),
            ..ConfigMap::default()
        }
    }

    fn secret(key: &str, bytes: &[u8]) -> Secret {
        Secret {
            data: Some(BTreeMap::from([(key.to_owned(), ByteString(bytes.to_vec()))])),
            ..Secret::default()
        }
    }

    #[test]
    fn the_ending_of_the_key_tells_the_format() {
        for (key, format) in [
            ("values.json", ValuesFormat::Json),
            ("values", ValuesFormat::Json),
            ("values.yaml", ValuesFormat::Yaml),
            ("production.yml", ValuesFormat::Yaml),
            ("values.yaml.json", ValuesFormat::Json),
        ] {
            let read = from_config_map("ConfigMap/a/b", config_map(key, "{}"), key).unwrap();
            assert_eq!(read.format, format, "{key}");
            assert_eq!(read.name, format!("ConfigMap/a/b:{key}"));
            assert!(!read.sensitive);
        }
        let read = from_secret("Secret/a/b", secret("k", b"{}"), "k").unwrap();
        assert!(read.sensitive);
    }

    #[test]
    fn what_is_missing_is_named_and_secrets_stay_secret() {
        let text = |outcome: Result<ValuesSource, ValuesError>| outcome.unwrap_err().to_string();
        let missing = existing::<ConfigMap>("ConfigMap/a/b", Ok(None)).unwrap_err();
        assert!(missing.to_string().starts_with("ConfigMap/a/b does not exist"));
        assert_eq!(
            text(from_config_map(
                "ConfigMap/a/b",
                config_map("values.yaml", ""),
                "values.json"
            )),
            "ConfigMap/a/b has no key \"values.json\"; it has values.yaml"
        );
        assert_eq!(
            text(from_secret("Secret/a/b", secret("canary", b"x"), "values.json")),
            "Secret/a/b has no key \"values.json\""
        );
        assert_eq!(
            text(from_secret("Secret/a/b", secret("k", &[0xff, 0xfe]), "k")),
            "the key \"k\" of Secret/a/b does not hold UTF-8 text"
        );
    }
}
