//! Types as they are written: as an expression, or as a text that holds one.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;
use kdef_source::{SourceMap, Spanned};
use kdef_syntax::ast::{Call, Expr, ExprKind, ObjectItem, UnaryOperator};

use super::{
    AttributeDefault, DeclaredType, DeclaredTypeError, EnumWords, MAX_DEPTH, ObjectAttribute, ObjectType,
    TupleType,
};
use crate::value::{Number, Value};
use crate::written;

/// What is wrong, and where.
type Fault = Spanned<DeclaredTypeError>;

impl DeclaredType {
    /// Reads a type as text, such as `list(string)` or `enum[small, "large"]`. Blanks do not matter.
    pub fn parse(text: &str) -> Result<Self, DeclaredTypeError> {
        text_at(text, 0)
    }

    /// Reads a type as an expression: a bare word, `list(T)` and the like, or a text in quotes that holds either.
    pub fn from_expr(expr: &Expr) -> Result<Self, Spanned<DeclaredTypeError>> {
        expr_at(expr, 0)
    }
}

fn text_at(text: &str, depth: usize) -> Result<DeclaredType, DeclaredTypeError> {
    if text.trim().is_empty() {
        return Err(DeclaredTypeError::unknown(""));
    }
    // In parentheses, so that lines do not matter.
    let source = format!("type = (\n{}\n)\n", with_quoted_words(text));
    let file = SourceMap::default().add("type", "");
    let parse = kdef_syntax::parse(file, &source);
    let mut attributes = parse.body.attributes();
    match (
        attributes.next().map(|attribute| &attribute.value.kind),
        &*parse.diagnostics,
    ) {
        (Some(ExprKind::Paren(inner)), []) => expr_at(inner, depth).map_err(|fault| fault.value),
        (_, problems) if problems.iter().any(|it| it.code == kdef_source::Code::TooDeep) => {
            Err(DeclaredTypeError::TooDeep)
        }
        _ => Err(DeclaredTypeError::Malformed),
    }
}

/// Puts the words of each `enum[a, b]` of a text in quotes, since there they may hold any characters.
fn with_quoted_words(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' {
            string_end(rest)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(end);
        result.push_str(piece);
        rest = after;
        let words = rest
            .trim_start()
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'));
        if let ("enum", Some((words, after))) = (piece, words) {
            let words = words.split(',').map(|word| {
                let word = word.trim().trim_matches(['"', '\'']);
                super::write::quoted(word)
            });
            result.push('[');
            result.push_str(&words.collect::<Vec<_>>().join(", "));
            result.push(']');
            rest = after;
        }
    }
    result
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// Returns the length of a string in quotes that a text begins with.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn expr_at(expr: &Expr, depth: usize) -> Result<DeclaredType, Fault> {
    let fault = |error| Spanned::new(error, expr.span);
    if depth > MAX_DEPTH {
        return Err(fault(DeclaredTypeError::TooDeep));
    }
    match &expr.kind {
        ExprKind::Template(template) => {
            let text = template
                .literal()
                .ok_or_else(|| fault(DeclaredTypeError::Malformed))?;
            text_at(&text, depth + 1).map_err(fault)
        }
        ExprKind::Variable(name) => named(name.as_str()).map_err(fault),
        ExprKind::Call(call) => call_at(call, expr, depth),
        ExprKind::Paren(inner) => expr_at(inner, depth + 1),
        ExprKind::Index {
            base,
            key,
            legacy: false,
        } => enum_at(base, key),
        _ => Err(fault(DeclaredTypeError::Malformed)),
    }
}

/// Returns the type that a word alone is.
fn named(name: &str) -> Result<DeclaredType, DeclaredTypeError> {
    Ok(match name {
        "any" => DeclaredType::Any,
        "string" => DeclaredType::String,
        "number" => DeclaredType::Number,
        "bool" => DeclaredType::Bool,
        "list" => DeclaredType::List(None),
        "map" => DeclaredType::Map(None),
        "enum" => return Err(DeclaredTypeError::EmptyEnum),
        _ => {
            let takes = DeclaredTypeError::arguments(name);
            return Err(takes.unwrap_or_else(|| DeclaredTypeError::unknown(name)));
        }
    })
}

fn call_at(call: &Call, expr: &Expr, depth: usize) -> Result<DeclaredType, Fault> {
    let name = call.full_name();
    let inner = |expr| expr_at(expr, depth + 1).map(Box::new);
    let fault = |error| Spanned::new(error, expr.span);
    match (name.as_str(), call.arguments.as_slice(), call.expand_final) {
        ("list", [element], false) => Ok(DeclaredType::List(Some(inner(element)?))),
        ("set", [element], false) => Ok(DeclaredType::Set(inner(element)?)),
        ("map", [element], false) => Ok(DeclaredType::Map(Some(inner(element)?))),
        ("tuple", [elements], false) => tuple_at(elements, depth),
        ("object", [attributes], false) => object_at(attributes, depth),
        ("optional", ..) => Err(fault(DeclaredTypeError::OptionalOutside)),
        (name, ..) => Err(match (DeclaredTypeError::arguments(name), named(name)) {
            (Some(error), _) => fault(error),
            (None, Ok(_)) => fault(DeclaredTypeError::Malformed),
            (None, Err(error)) => Spanned::new(error, call.name_span().unwrap_or(expr.span)),
        }),
    }
}

/// Reads `enum[a, "b", 3]`; empty words do not count.
fn enum_at(base: &Expr, key: &Expr) -> Result<DeclaredType, Fault> {
    let fault = |error, expr: &Expr| Spanned::new(error, expr.span);
    let (ExprKind::Variable(name), ExprKind::Tuple(items)) = (&base.kind, &key.kind) else {
        return Err(fault(DeclaredTypeError::Malformed, base));
    };
    if name.as_str() != "enum" {
        return Err(fault(DeclaredTypeError::Malformed, base));
    }
    let mut words: Vec<Box<str>> = Vec::with_capacity(items.len());
    for item in items {
        let word = match &item.kind {
            ExprKind::Variable(word) => Cow::Borrowed(word.as_str()),
            _ => written::literal(item).ok_or_else(|| fault(DeclaredTypeError::EnumWord, item))?,
        };
        if !word.trim().is_empty() {
            words.push(word.trim().into());
        }
    }
    if words.is_empty() {
        return Err(fault(DeclaredTypeError::EmptyEnum, key));
    }
    Ok(DeclaredType::Enum(EnumWords(words)))
}

fn tuple_at(expr: &Expr, depth: usize) -> Result<DeclaredType, Fault> {
    let ExprKind::Tuple(elements) = &written::bare(expr).kind else {
        return Err(misused("tuple", expr));
    };
    let elements = elements.iter().map(|element| expr_at(element, depth + 1));
    Ok(DeclaredType::Tuple(TupleType::new(
        elements.collect::<Result<_, _>>()?,
    )))
}

fn object_at(expr: &Expr, depth: usize) -> Result<DeclaredType, Fault> {
    let ExprKind::Object(items) = &written::bare(expr).kind else {
        return Err(misused("object", expr));
    };
    let mut attributes = IndexMap::with_capacity(items.len());
    for item in items {
        let fault = |error| Spanned::new(error, item.key.span());
        let name = attribute_name(item).ok_or_else(|| fault(DeclaredTypeError::AttributeName))?;
        let attribute = attribute_at(&item.value, depth)?;
        match attributes.entry(Arc::from(&*name)) {
            Entry::Vacant(place) => place.insert(attribute),
            Entry::Occupied(_) => return Err(fault(DeclaredTypeError::AttributeTwice(name.into_owned()))),
        };
    }
    Ok(DeclaredType::Object(ObjectType::new(attributes)))
}

fn attribute_name(item: &ObjectItem) -> Option<Cow<'_, str>> {
    written::key_text(item).filter(|name| !name.is_empty())
}

/// Reads the type of an attribute: `T`, `optional(T)` or `optional(T, default)`.
fn attribute_at(expr: &Expr, depth: usize) -> Result<ObjectAttribute, Fault> {
    let (ty, default) = match &written::bare(expr).kind {
        ExprKind::Call(call) if call.full_name() == "optional" => match call.arguments.as_slice() {
            _ if call.expand_final => return Err(misused("optional", expr)),
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            _ => return Err(misused("optional", expr)),
        },
        ExprKind::Variable(name) if name.as_str() == "optional" => return Err(misused("optional", expr)),
        _ => {
            return Ok(ObjectAttribute {
                ty: expr_at(expr, depth + 1)?,
                optional: false,
                default: None,
            });
        }
    };
    let ty = expr_at(ty, depth + 1)?;
    let default = default.map(|expr| default_of(expr, &ty)).transpose()?;
    Ok(ObjectAttribute {
        ty,
        optional: true,
        default,
    })
}

fn misused(name: &str, expr: &Expr) -> Fault {
    let error = DeclaredTypeError::arguments(name).unwrap_or(DeclaredTypeError::Malformed);
    Spanned::new(error, expr.span)
}

fn default_of(expr: &Expr, ty: &DeclaredType) -> Result<AttributeDefault, Fault> {
    let fault = |error| Spanned::new(error, expr.span);
    let written = constant(expr).ok_or_else(|| fault(DeclaredTypeError::DefaultNotConstant))?;
    let converted = ty
        .convert(&written)
        .map_err(|error| fault(DeclaredTypeError::Default(error)))?;
    Ok(AttributeDefault { written, converted })
}

/// Returns the value of an expression that is written out; `None` for one that has to be computed.
fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Null => Some(Value::NULL),
        ExprKind::Bool(value) => Some(Value::Bool(*value)),
        ExprKind::Number(digits) => Number::parse(digits).ok().map(Value::Number),
        ExprKind::Template(template) => Some(Value::from(&*template.literal()?)),
        ExprKind::Paren(inner) => constant(inner),
        ExprKind::Unary { operator, operand } => match (operator.value, &operand.kind) {
            (UnaryOperator::Negate, ExprKind::Number(digits)) => {
                Number::parse(&format!("-{digits}")).ok().map(Value::Number)
            }
            _ => None,
        },
        ExprKind::Tuple(items) => Some(Value::tuple(
            items.iter().map(constant).collect::<Option<Vec<_>>>()?,
        )),
        ExprKind::Object(items) => {
            let entries = items
                .iter()
                .map(|item| Some((written::key_text(item)?.into_owned(), constant(&item.value)?)));
            Some(Value::object(entries.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}
