//! `lifecycle` of a container.

use super::handlers::{EXEC, HTTP_GET, check_one_handler};
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema};

/// `lifecycle { ... }`: what is done when the container starts and ends.
pub static LIFECYCLE: BlockSchema = BlockSchema::new(
    "lifecycle",
    "Says what is done right after the container starts and before it ends.",
)
.blocks(&[&[ChildSchema::single(&POST_START), ChildSchema::single(&PRE_STOP)]]);

/// `post_start { ... }`
pub static POST_START: BlockSchema = BlockSchema::new(
    "post_start",
    "Is done right after the container has started, which waits for it.",
)
.attributes(&[HOOK_ATTRIBUTES])
.blocks(&[&[ChildSchema::single(&HTTP_GET)]])
.check(check_one_handler);

/// `pre_stop { ... }`
pub static PRE_STOP: BlockSchema =
    BlockSchema::new("pre_stop", "Is done before the container is told to end.")
        .attributes(&[HOOK_ATTRIBUTES])
        .blocks(&[&[ChildSchema::single(&HTTP_GET)]])
        .check(check_one_handler);

const HOOK_ATTRIBUTES: &[AttributeSchema] = &[
    EXEC,
    AttributeSchema::optional(
        "sleep",
        AttributeType::Integer {
            min: 0,
            max: i32::MAX as i64,
        },
        "Seconds to wait, at most those that the pod has to end.",
    ),
];
