//! Trees as text, for snapshots.

use kdef_syntax::ast::{
    Block, Body, Expr, ExprKind, Item, LabelKind, ObjectKey, Part, Template, TemplateKind,
};

/// Prints a body, one line an attribute.
pub(crate) fn body(body: &Body) -> String {
    let mut out = String::new();
    items(body, 0, &mut out);
    out
}

fn items(body: &Body, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                out.push_str(&format!(
                    "{indent}{} = {}\n",
                    attribute.name,
                    expr(&attribute.value)
                ));
            }
            Item::Block(block) => {
                out.push_str(&format!("{indent}{} {{\n", header(block)));
                items(&block.body, depth + 1, out);
                out.push_str(&format!("{indent}}}\n"));
            }
        }
    }
}

fn header(block: &Block) -> String {
    let labels = block.labels.iter().map(|label| match &label.kind {
        LabelKind::Bare(name) => format!(" {name}"),
        LabelKind::Quoted(text) => format!(" {}", template(text)),
    });
    format!("{}{}", block.kind, labels.collect::<String>())
}

fn list<'a>(exprs: impl IntoIterator<Item = &'a Expr>) -> String {
    exprs.into_iter().map(|item| format!(" {}", expr(item))).collect()
}

fn expr(node: &Expr) -> String {
    match &node.kind {
        ExprKind::Error => "<error>".to_owned(),
        ExprKind::Null => "<null>".to_owned(),
        ExprKind::Bool(value) => format!("<{value}>"),
        ExprKind::Number(text) => text.to_string(),
        ExprKind::Template(text) => template(text),
        ExprKind::Tuple(items) => format!("(list{})", list(items)),
        ExprKind::Object(items) => {
            let items = items.iter().map(|item| match &item.key {
                ObjectKey::Name(name) => format!(" {name}: {}", expr(&item.value)),
                ObjectKey::Expr(key) => format!(" [{}]: {}", expr(key), expr(&item.value)),
            });
            format!("(object{})", items.collect::<String>())
        }
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::SplatItem => "@".to_owned(),
        ExprKind::GetAttr { base, name } => format!("{}.{name}", expr(base)),
        ExprKind::Index { base, key, legacy } => {
            format!("{}[{}]{}", expr(base), expr(key), if *legacy { "'" } else { "" })
        }
        ExprKind::Splat(splat) => {
            let kind = if splat.full { "splat[*]" } else { "splat.*" };
            format!("({kind} {} {})", expr(&splat.source), expr(&splat.each))
        }
        ExprKind::Unary { operator, operand } => format!("({} {})", operator.value.as_str(), expr(operand)),
        ExprKind::Binary {
            operator,
            left,
            right,
        } => {
            format!("({} {} {})", operator.value.as_str(), expr(left), expr(right))
        }
        ExprKind::Conditional(c) => format!("(?{})", list([&c.condition, &c.then, &c.otherwise])),
        ExprKind::Call(call) => {
            let dots = if call.expand_final { "..." } else { "" };
            format!("({}(){}{dots})", call.full_name(), list(&call.arguments))
        }
        ExprKind::For(node) => {
            let key = node
                .key_variable
                .iter()
                .map(|name| format!("{name}, "))
                .collect::<String>();
            let open = if node.object { "for{}" } else { "for[]" };
            let mut text = format!(
                "({open} {key}{} in {} :",
                node.value_variable,
                expr(&node.collection)
            );
            text.push_str(
                &node
                    .key
                    .iter()
                    .map(|key| format!(" {} =>", expr(key)))
                    .collect::<String>(),
            );
            text.push_str(&format!(
                " {}{}",
                expr(&node.value),
                if node.group { "..." } else { "" }
            ));
            text.push_str(
                &node
                    .condition
                    .iter()
                    .map(|test| format!(" if {}", expr(test)))
                    .collect::<String>(),
            );
            text + ")"
        }
        ExprKind::Paren(inner) => format!("(paren {})", expr(inner)),
    }
}

fn template(node: &Template) -> String {
    let kind = match node.kind {
        TemplateKind::Quoted => "",
        TemplateKind::Heredoc { flush: false } => "<<",
        TemplateKind::Heredoc { flush: true } => "<<-",
    };
    match (node.literal(), node.sole_interpolation()) {
        (Some(text), _) => format!("{kind}{text:?}"),
        (_, Some(inner)) => format!("{kind}(only {})", expr(inner)),
        _ => format!("{kind}(text{})", parts(&node.parts)),
    }
}

fn parts(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| format!(" {}", self::part(part)))
        .collect()
}

fn part(part: &Part) -> String {
    match part {
        Part::Literal { text, .. } => format!("{text:?}"),
        Part::Interpolation { expr: inner, .. } => format!("${{{}}}", expr(inner)),
        Part::If(node) => {
            let condition = expr(&node.condition);
            format!(
                "(if {condition} then{} else{})",
                parts(&node.then),
                parts(&node.otherwise)
            )
        }
        Part::For(node) => {
            let key = node
                .key_variable
                .iter()
                .map(|name| format!("{name}, "))
                .collect::<String>();
            let collection = expr(&node.collection);
            format!(
                "(for {key}{} in {collection} :{})",
                node.value_variable,
                parts(&node.body)
            )
        }
    }
}
