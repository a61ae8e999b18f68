//! `env` and `env_from` of a container.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, FreeForm, Referent,
};

/// `env { ... }`: environment variables, free-form.
pub static ENV: BlockSchema =
    BlockSchema::new("env", "Sets environment variables.").free_form(FreeForm::TextOrReference);

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
