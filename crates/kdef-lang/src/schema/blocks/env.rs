//! `env` and `env_from` of a container.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, CONFIG_KEY, DNS_SUBDOMAIN, ENV_FIELD, FreeForm,
    Referent, TextKind,
};
use crate::value::ReferenceKind;

/// `env { ... }`: environment variables, free-form.
pub static ENV: BlockSchema = BlockSchema::new("env", "Sets environment variables.")
    .free_form(FreeForm::TextOrReference)
    .check(check_references);

/// `env_from { ... }`: all keys of a ConfigMap or Secret as environment variables.
pub static ENV_FROM: BlockSchema = BlockSchema::new(
    "env_from",
    "Sets an environment variable for each key of a ConfigMap or Secret.",
)
.attributes(&[&[
    AttributeSchema::optional(
        "config_map",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The ConfigMap.",
    )
    .refers_to(Referent::ConfigMap),
    AttributeSchema::optional("secret", AttributeType::Text(&DNS_SUBDOMAIN), "The Secret.")
        .refers_to(Referent::Secret),
    AttributeSchema::optional(
        "prefix",
        AttributeType::Text(&ANY_TEXT),
        "What stands before each key.",
    ),
    AttributeSchema::optional(
        "optional",
        AttributeType::Bool,
        "Whether the container starts without the ConfigMap or Secret too.",
    ),
]])
.check(check_env_from);

fn check_env_from(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let given = |name| block.is_set(name) || block.is_lost(name);
    if !given("config_map") && !given("secret") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span(),
                "`env_from` names neither a configmap nor a secret",
            )
            .with_hint("set `config_map` or `secret`"),
        );
    }
    if block.is_set("config_map") && block.is_set("secret") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("secret"),
                "`env_from` names both a configmap and a secret",
            )
            .with_related(block.span_of("config_map"), "the configmap")
            .with_hint("write an `env_from` block for each"),
        );
    }
}

/// Checks the names, keys and fields that references hold. They may be computed, and are not quoted.
fn check_references(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let references = block
        .entries()
        .values()
        .filter_map(|entry| entry.value.value.as_reference());
    for reference in references {
        let parts: [Option<(&str, &TextKind, &str)>; 2] = match reference.kind() {
            ReferenceKind::Secret { name, key } | ReferenceKind::ConfigMap { name, key } => [
                Some(("name", &DNS_SUBDOMAIN, name)),
                Some(("key", &CONFIG_KEY, key)),
            ],
            ReferenceKind::Field { path } => [Some(("path", &ENV_FIELD, path)), None],
        };
        for (part, kind, text) in parts.into_iter().flatten() {
            if let Err(fault) = (kind.check)(text) {
                let message = format!("the {part} in this {} {fault}", reference.kind().name());
                diagnostics.push(Diagnostic::error(kind.code, reference.span(), message));
            }
        }
    }
}
