//! `rolebinding` and `clusterrolebinding`

use kdef_source::{Code, Diagnostic};

use super::metadata::{NAMESPACED_METADATA, SHARED_METADATA};
use super::raw::RAW;
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, LabelSchema,
    RBAC_NAME, WRITTEN_TEXT,
};

/// `rolebinding "name" { ... }`: a RoleBinding.
pub static ROLE_BINDING: BlockSchema = BlockSchema::new(
    "rolebinding",
    "Gives the rights of a role within a namespace, as a RoleBinding.",
)
.labels(&[LabelSchema::new("name", &RBAC_NAME)])
.attributes(&[NAMESPACED_METADATA, RAW])
.blocks(&[&[
    ChildSchema::single(&ROLE_REF).needed(),
    ChildSchema::many(&SUBJECT),
]])
.check(check_role_ref);

/// `clusterrolebinding "name" { ... }`: a ClusterRoleBinding.
pub static CLUSTER_ROLE_BINDING: BlockSchema = BlockSchema::new(
    "clusterrolebinding",
    "Gives the rights of a clusterrole in all namespaces, as a ClusterRoleBinding.",
)
.labels(&[LabelSchema::new("name", &RBAC_NAME)])
.attributes(&[SHARED_METADATA, RAW])
.blocks(&[&[
    ChildSchema::single(&CLUSTER_ROLE_REF).needed(),
    ChildSchema::many(&SUBJECT),
]])
.check(|block, diagnostics| {
    check_role_ref(block, diagnostics);
    check_subject_namespaces(block, diagnostics);
});

/// `role_ref { ... }` of a rolebinding.
pub static ROLE_REF: BlockSchema = BlockSchema::new("role_ref", "Names the role.").attributes(&[
    REFERRED_NAME,
    &[AttributeSchema::optional(
        "kind",
        AttributeType::Words(&["Role", "ClusterRole"]),
        "The kind of the role.",
    )
    .default("`Role`")],
]);

/// `role_ref { ... }` of a clusterrolebinding.
pub static CLUSTER_ROLE_REF: BlockSchema =
    BlockSchema::new("role_ref", "Names the clusterrole.").attributes(&[
        REFERRED_NAME,
        &[AttributeSchema::optional(
            "kind",
            AttributeType::Words(&["ClusterRole"]),
            "The kind of the role.",
        )
        .default("`ClusterRole`")],
    ]);

const REFERRED_NAME: &[AttributeSchema] = &[AttributeSchema::required(
    "name",
    AttributeType::Text(&RBAC_NAME),
    "The name of the role.",
)];

/// `subject { ... }` of a binding.
pub static SUBJECT: BlockSchema = BlockSchema::new("subject", "Says who gets the rights.")
    .attributes(&[&[
        AttributeSchema::required(
            "name",
            AttributeType::Text(&WRITTEN_TEXT),
            "The name of the ServiceAccount, user or group.",
        ),
        AttributeSchema::optional(
            "kind",
            AttributeType::Words(&["ServiceAccount", "User", "Group"]),
            "What it is.",
        )
        .default("`ServiceAccount`"),
        AttributeSchema::optional(
            "namespace",
            AttributeType::Text(&DNS_LABEL),
            "The namespace of the ServiceAccount.",
        )
        .default("that of the binding, else that of the entry in `root.kdef`"),
    ]])
    .check(check_subject);

/// Tells whether a subject is a ServiceAccount, and so has a namespace.
pub(crate) fn is_service_account(subject: &Block) -> bool {
    !subject.is_lost("kind") && subject.text("kind").is_none_or(|kind| kind == "ServiceAccount")
}

/// `raw` can bring blocks that are needed; this one says what the rest is about.
fn check_role_ref(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.child("role_ref").is_none() && !block.is_lost("role_ref") && block.is_set("raw") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingBlock,
                block.span(),
                format!(
                    "`{}` needs a block `role_ref`, also where there is `raw`",
                    block.kind()
                ),
            )
            .with_hint("write `role_ref { name = ... }`"),
        );
    }
}

fn check_subject(subject: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if is_service_account(subject) {
        if let Some(name) = subject.text("name")
            && let Err(fault) = (DNS_SUBDOMAIN.check)(name)
        {
            let message = format!("the name of this ServiceAccount {fault}");
            diagnostics.push(Diagnostic::error(
                Code::InvalidName,
                subject.span_of("name"),
                message,
            ));
        }
    } else if subject.is_set("namespace") && !subject.is_lost("kind") {
        diagnostics.push(Diagnostic::warning(
            Code::NoEffect,
            subject.span_of("namespace"),
            "users and groups are in no namespace",
        ));
    }
}

/// What is bound in all namespaces is in none, so that a ServiceAccount's must be told.
fn check_subject_namespaces(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    for subject in block
        .children("subject")
        .filter(|subject| is_service_account(subject))
    {
        if !subject.is_set("namespace") && !subject.is_lost("namespace") {
            diagnostics.push(
                Diagnostic::error(
                    Code::MissingNamespace,
                    subject.span(),
                    "this ServiceAccount needs a `namespace`, since the binding is in none",
                )
                .with_hint("set `namespace` here, or in its entry in root.kdef"),
            );
        }
    }
}
