//! `secret(name, key)`, `configmap(name, key)`, `field_ref(path)`

use std::sync::Arc;

use kdef_source::{Diagnostic, Spanned};

use super::{CallContext, Function, Parameter, text_argument};
use crate::value::{Reference, ReferenceKind, Type, Value};

pub(super) const SECRET: Function = Function {
    name: "secret",
    doc: "Refers to a key of a Secret, whose value the container gets when it starts.",
    parameters: &[Parameter::text("name"), Parameter::text("key")],
    variadic: None,
    returns: || Type::Reference,
    call: secret,
};

pub(super) const CONFIGMAP: Function = Function {
    name: "configmap",
    doc: "Refers to a key of a ConfigMap, whose value the container gets when it starts.",
    parameters: &[Parameter::text("name"), Parameter::text("key")],
    variadic: None,
    returns: || Type::Reference,
    call: configmap,
};

pub(super) const FIELD_REF: Function = Function {
    name: "field_ref",
    doc: "Refers to a field of the pod, such as `metadata.name`.",
    parameters: &[Parameter::text("path")],
    variadic: None,
    returns: || Type::Reference,
    call: field_ref,
};

fn secret(context: &CallContext<'_>, arguments: &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>> {
    let name = text(context, arguments, 0)?;
    let key = text(context, arguments, 1)?;
    Ok(reference(context, ReferenceKind::Secret { name, key }))
}

fn configmap(context: &CallContext<'_>, arguments: &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>> {
    let name = text(context, arguments, 0)?;
    let key = text(context, arguments, 1)?;
    Ok(reference(context, ReferenceKind::ConfigMap { name, key }))
}

fn field_ref(context: &CallContext<'_>, arguments: &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>> {
    let path = text(context, arguments, 0)?;
    Ok(reference(context, ReferenceKind::Field { path }))
}

fn text(
    context: &CallContext<'_>,
    arguments: &[Spanned<Value>],
    index: usize,
) -> Result<Arc<str>, Box<Diagnostic>> {
    Ok(Arc::clone(text_argument(context, arguments, index)?.value))
}

fn reference(context: &CallContext<'_>, kind: ReferenceKind) -> Value {
    Value::Reference(Arc::new(Reference::new(kind, context.span)))
}
