//! What Kubernetes asks of the data of ConfigMaps and Secrets, beside the form of their keys.

use kdef_source::{Code, Diagnostic};

use crate::schema::{AttributeSchema, AttributeType, CONFIG_KEYS};
use crate::{Block, binary};

/// Bytes that all values of a ConfigMap or Secret may have together (`MaxSecretSize` of Kubernetes, for both).
const MAX_DATA_BYTES: usize = 1 << 20;

/// The keys that a type of Secret must have, and whether one of them is enough.
const REQUIRED_KEYS: &[(&str, &[&str], bool)] = &[
    ("kubernetes.io/basic-auth", &["username", "password"], true),
    ("kubernetes.io/dockercfg", &[".dockercfg"], false),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"], false),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"], false),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"], false),
];

/// The bytes beside the texts. [`check_data`] looks at the values, since messages of types may quote what is written.
pub(super) const BINARY_DATA: AttributeSchema = AttributeSchema::optional(
    "binary_data",
    AttributeType::TextMap(&CONFIG_KEYS),
    "Bytes by their keys, in base64, such as those of `filebase64()`.",
);

/// Bytes that are not in base64, keys that stand for both a text and bytes, and data that is larger than an object may
/// be.
pub(super) fn check_data(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let texts = block.map("data");
    let mut bytes: usize = texts
        .into_iter()
        .flatten()
        .map(|(_, text)| text.value.len())
        .sum();
    for (key, encoded) in block.map("binary_data").into_iter().flatten() {
        if let Some(text) = texts.and_then(|texts| texts.get(key)) {
            let message = format!("the key `{key}` stands in both `data` and `binary_data`");
            diagnostics.push(
                Diagnostic::error(Code::Contradiction, encoded.span, message)
                    .with_related(text.span, "the text of the key")
                    .with_hint("keep one of them"),
            );
        }
        if let Some(decoded) = binary::decode(&encoded.value) {
            bytes = bytes.saturating_add(decoded.len());
        } else {
            // The value stays out of the message: it may be secret.
            let message = format!("`binary_data`: the value of the key `{key}` is not in base64");
            diagnostics.push(
                Diagnostic::error(Code::NotAllowed, encoded.span, message)
                    .with_hint("write `filebase64(...)` or `base64encode(...)`, or move a text to `data`"),
            );
        }
    }
    check_size(block, bytes, diagnostics);
}

fn check_size(block: &Block, bytes: usize, diagnostics: &mut Vec<Diagnostic>) {
    if bytes <= MAX_DATA_BYTES {
        return;
    }
    let (what, place) = match (block.is_set("data"), block.is_set("binary_data")) {
        (true, true) => ("`data` and `binary_data` together have", "data"),
        (false, _) => ("`binary_data` has", "binary_data"),
        (true, false) => ("`data` has", "data"),
    };
    let message = format!("{what} {bytes} bytes; Kubernetes allows {MAX_DATA_BYTES}");
    diagnostics.push(
        Diagnostic::error(Code::LimitReached, block.span_of(place), message)
            .with_hint("keep large files in a volume or an image"),
    );
}

/// Keys that the type of a Secret must have. They may come through `raw` too.
pub(super) fn check_required_keys(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("raw") || block.is_lost("raw") || block.is_lost("data") || block.is_lost("binary_data") {
        return;
    }
    let found = REQUIRED_KEYS
        .iter()
        .find(|(kind, ..)| Some(*kind) == block.text("type"));
    let Some((kind, keys, one_is_enough)) = found else {
        return;
    };
    let has = |key: &&str| {
        let maps = ["data", "binary_data"].map(|name| block.map(name));
        maps.into_iter().flatten().any(|data| data.contains_key(*key))
    };
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
