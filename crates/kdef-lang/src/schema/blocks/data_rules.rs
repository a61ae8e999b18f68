//! What Kubernetes asks of the data of ConfigMaps and Secrets, beside the form of their keys.

use kdef_source::{Code, Diagnostic};

use crate::Block;

/// Bytes that all texts of a ConfigMap or Secret may have together (`MaxSecretSize` of Kubernetes, for both).
const MAX_DATA_BYTES: usize = 1 << 20;

/// The keys that a type of Secret must have, and whether one of them is enough.
const REQUIRED_KEYS: &[(&str, &[&str], bool)] = &[
    ("kubernetes.io/basic-auth", &["username", "password"], true),
    ("kubernetes.io/dockercfg", &[".dockercfg"], false),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"], false),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"], false),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"], false),
];

/// Data that is larger than an object may be.
pub(super) fn check_size(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let texts = block.map("data").into_iter().flatten();
    let bytes: usize = texts.map(|(_, text)| text.value.len()).sum();
    if bytes > MAX_DATA_BYTES {
        let message = format!("`data` has {bytes} bytes; Kubernetes allows {MAX_DATA_BYTES}");
        diagnostics.push(
            Diagnostic::error(Code::LimitReached, block.span_of("data"), message)
                .with_hint("keep large files in a volume or an image"),
        );
    }
}

/// Keys that the type of a Secret must have. They may come through `raw` too.
pub(super) fn check_required_keys(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("raw") || block.is_lost("raw") || block.is_lost("data") {
        return;
    }
    let found = REQUIRED_KEYS
        .iter()
        .find(|(kind, ..)| Some(*kind) == block.text("type"));
    let Some((kind, keys, one_is_enough)) = found else {
        return;
    };
    let has = |key: &&str| block.map("data").is_some_and(|data| data.contains_key(*key));
    let is_complete = if *one_is_enough {
        keys.iter().any(has)
    } else {
        keys.iter().all(has)
    };
    if is_complete {
        return;
    }
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let keys = keys.join(if *one_is_enough { " or " } else { " and " });
    let message = format!("a Secret of the type `{kind}` needs {keys} in its `data`");
    diagnostics.push(Diagnostic::error(
        Code::MissingAttribute,
        block.span_of("type"),
        message,
    ));
}
