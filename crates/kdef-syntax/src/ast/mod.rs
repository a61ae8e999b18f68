//! The tree: plain enums and structs, a [`Span`](kdef_source::Span) on every node, children in source order.

mod body;
mod expr;
mod template;

pub use body::{Attribute, Block, Body, Ident, Item, Label, LabelKind};
pub use expr::{
    BinaryOperator, Call, Conditional, Expr, ExprKind, ForExpr, ObjectItem, ObjectKey, Splat, UnaryOperator,
};
pub use template::{Part, Template, TemplateFor, TemplateIf, TemplateKind};
