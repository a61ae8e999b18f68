//! Walks over expressions, in source order and from the outside in.

use crate::ast::{Body, Expr, ExprKind, ForExpr, Item, LabelKind, ObjectItem, ObjectKey, Part};

/// Calls `see` for every expression in a body: values, what stands inside them, blocks and their labels.
pub fn body<'a>(body: &'a Body, see: &mut dyn FnMut(&'a Expr)) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => expr(&attribute.value, see),
            Item::Block(block) => {
                for label in &block.labels {
                    if let LabelKind::Quoted(template) = &label.kind {
                        parts(&template.parts, see);
                    }
                }
                self::body(&block.body, see);
            }
        }
    }
}

/// Calls `see` for an expression and then for everything inside it.
pub fn expr<'a>(root: &'a Expr, see: &mut dyn FnMut(&'a Expr)) {
    see(root);
    match &root.kind {
        ExprKind::Error
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Variable(_)
        | ExprKind::SplatItem => {}
        ExprKind::Template(template) => parts(&template.parts, see),
        ExprKind::Tuple(items) => items.iter().for_each(|item| expr(item, see)),
        ExprKind::Object(items) => items.iter().for_each(|item| object_item(item, see)),
        ExprKind::GetAttr { base, .. } => expr(base, see),
        ExprKind::Index { base, key, .. } => {
            expr(base, see);
            expr(key, see);
        }
        ExprKind::Splat(splat) => {
            expr(&splat.source, see);
            expr(&splat.each, see);
        }
        ExprKind::Unary { operand, .. } => expr(operand, see),
        ExprKind::Binary { left, right, .. } => {
            expr(left, see);
            expr(right, see);
        }
        ExprKind::Conditional(conditional) => {
            expr(&conditional.condition, see);
            expr(&conditional.then, see);
            expr(&conditional.otherwise, see);
        }
        ExprKind::Call(call) => call.arguments.iter().for_each(|argument| expr(argument, see)),
        ExprKind::For(node) => for_expr(node, see),
        ExprKind::Paren(inner) => expr(inner, see),
    }
}

fn for_expr<'a>(node: &'a ForExpr, see: &mut dyn FnMut(&'a Expr)) {
    expr(&node.collection, see);
    node.key.iter().for_each(|key| expr(key, see));
    expr(&node.value, see);
    node.condition.iter().for_each(|condition| expr(condition, see));
}

fn object_item<'a>(item: &'a ObjectItem, see: &mut dyn FnMut(&'a Expr)) {
    if let ObjectKey::Expr(key) = &item.key {
        expr(key, see);
    }
    expr(&item.value, see);
}

/// Calls `see` for every expression in the parts of a template.
pub fn parts<'a>(parts: &'a [Part], see: &mut dyn FnMut(&'a Expr)) {
    for part in parts {
        match part {
            Part::Literal { .. } => {}
            Part::Interpolation { expr: inner, .. } => expr(inner, see),
            Part::If(directive) => {
                expr(&directive.condition, see);
                self::parts(&directive.then, see);
                self::parts(&directive.otherwise, see);
            }
            Part::For(directive) => {
                expr(&directive.collection, see);
                self::parts(&directive.body, see);
            }
        }
    }
}
