//! Namespaces that `root.kdef` lists.

use std::sync::Arc;

use k8s_openapi::api::core::v1::Namespace;
use kdef_source::Spanned;

use super::meta::{labels, metadata, object};
use crate::Object;
use crate::provenance::{Definition, Provenance};

pub(super) fn namespace(name: &Spanned<Arc<str>>) -> Object {
    let definition = Definition {
        kind: "namespace",
        namespace: None,
        name: name.value.to_string(),
    };
    let resource = Namespace {
        metadata: metadata(&name.value, None, labels([])),
        ..Namespace::default()
    };
    object(&resource, Provenance::new(name.span).of(&Arc::new(definition)))
}
