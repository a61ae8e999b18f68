//! What a `security_context` says in blocks of their own.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, PROFILE_PATH, WRITTEN_TEXT};

/// `capabilities { ... }` of a container.
pub static CAPABILITIES: BlockSchema =
    BlockSchema::new("capabilities", "Says which rights of root the processes have.").attributes(&[&[
        AttributeSchema::optional(
            "add",
            AttributeType::TextList(&WRITTEN_TEXT),
            "The capabilities that are added, such as `NET_BIND_SERVICE`.",
        ),
        AttributeSchema::optional(
            "drop",
            AttributeType::TextList(&WRITTEN_TEXT),
            "The capabilities that are taken away; `ALL` means every one.",
        ),
    ]]);

/// `seccomp_profile { ... }`
pub static SECCOMP_PROFILE: BlockSchema = BlockSchema::new(
    "seccomp_profile",
    "Says which system calls the processes may make.",
)
.attributes(&[&[
    PROFILE_TYPE,
    AttributeSchema::optional(
        "localhost_profile",
        AttributeType::Text(&PROFILE_PATH),
        "The profile's path on the node, in the kubelet's folder for seccomp; for `Localhost` only.",
    ),
]])
.check(check_profile);

/// `app_armor_profile { ... }`
pub static APP_ARMOR_PROFILE: BlockSchema = BlockSchema::new(
    "app_armor_profile",
    "Says which AppArmor profile confines the processes.",
)
.attributes(&[&[
    PROFILE_TYPE,
    AttributeSchema::optional(
        "localhost_profile",
        AttributeType::Text(&WRITTEN_TEXT),
        "The name of a profile that is loaded on the node; for `Localhost` only.",
    ),
]])
.check(check_profile);

const PROFILE_TYPE: AttributeSchema = AttributeSchema::required(
    "type",
    AttributeType::Words(&["RuntimeDefault", "Localhost", "Unconfined"]),
    "Whose profile it is.",
);

/// `se_linux_options { ... }`
pub static SE_LINUX_OPTIONS: BlockSchema =
    BlockSchema::new("se_linux_options", "Sets the SELinux label of the processes.").attributes(&[&[
        AttributeSchema::optional("user", AttributeType::Text(&ANY_TEXT), "The user of the label."),
        AttributeSchema::optional("role", AttributeType::Text(&ANY_TEXT), "The role of the label."),
        AttributeSchema::optional("type", AttributeType::Text(&ANY_TEXT), "The type of the label."),
        AttributeSchema::optional("level", AttributeType::Text(&ANY_TEXT), "The level of the label."),
    ]]);

/// Checks that a profile of the node is named where one is meant, and only there.
fn check_profile(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let name = "localhost_profile";
    let (span, fault) = match (block.text("type"), block.is_set(name)) {
        (Some("Localhost"), false) if !block.is_lost(name) => (
            block.span(),
            format!("`{}` needs the `{name}` that `Localhost` means", block.kind()),
        ),
        (Some(other), true) if other != "Localhost" => (
            block.span_of(name),
            format!("`{name}` goes with the type `Localhost` only"),
        ),
        _ => return,
    };
    diagnostics.push(Diagnostic::error(Code::Contradiction, span, fault));
}
