//! `rolebinding` and `clusterrolebinding`

use k8s_openapi::api::rbac::v1::{ClusterRoleBinding, RoleBinding, RoleRef, Subject};
use kdef_lang::Block;

use super::meta::{metadata_of, name_label, object};
use crate::Object;
use crate::attributes::{none_if_empty, text};
use crate::provenance::{Provenance, Recorder};

pub(super) fn role_binding(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = RoleBinding {
        metadata: metadata_of(block, name_label(block), &mut fields),
        role_ref: role_ref(block, "Role", &mut fields),
        subjects: subjects(block, &mut fields),
    };
    object(&resource, provenance)
}

pub(super) fn cluster_role_binding(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = ClusterRoleBinding {
        metadata: metadata_of(block, name_label(block), &mut fields),
        role_ref: role_ref(block, "ClusterRole", &mut fields),
        subjects: subjects(block, &mut fields),
    };
    object(&resource, provenance)
}

/// Returns which role the binding is about; that it is there the language has checked.
fn role_ref(binding: &Block, default: &str, fields: &mut Recorder<'_>) -> RoleRef {
    let Some(block) = binding.child("role_ref") else {
        return RoleRef::default();
    };
    fields.record("roleRef", block.span());
    let mut fields = fields.inside("roleRef");
    fields.attributes(block, &[("kind", "kind"), ("name", "name")]);
    RoleRef {
        api_group: Some("rbac.authorization.k8s.io".to_owned()),
        kind: block.text("kind").unwrap_or(default).to_owned(),
        name: block.text("name").unwrap_or_default().to_owned(),
    }
}

fn subjects(binding: &Block, fields: &mut Recorder<'_>) -> Option<Vec<Subject>> {
    let subject = |(index, block): (usize, &Block)| {
        let mut fields = fields.item("subjects", index, block.span());
        let pairs = [("kind", "kind"), ("name", "name"), ("namespace", "namespace")];
        fields.attributes(block, &pairs);
        Subject {
            api_group: None,
            kind: block.text("kind").unwrap_or("ServiceAccount").to_owned(),
            name: block.text("name").unwrap_or_default().to_owned(),
            namespace: text(block, "namespace"),
        }
    };
    none_if_empty(binding.children("subject").enumerate().map(subject).collect())
}
