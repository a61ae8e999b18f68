//! Images, and references to what only the cluster knows.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, nearest};

use super::{Answer, CallContext, Function, Group, Parameter};
use crate::value::{Reference, ReferenceKind, Type, Value};

const fn reference(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Kubernetes, parameters, call)
        .returns(|| Type::Reference)
        .notes(
            "It can be given as the value of an environment variable, compared, and passed on, but not be part of a \
             longer text, since only the cluster knows the value.",
        )
}

pub(super) const CONFIGMAP: Function = reference(
    "configmap",
    &[Parameter::text("name"), Parameter::text("key")],
    configmap,
)
.doc("Refers to a key of a ConfigMap, whose value the container gets when it starts.")
.examples(&[(r#"configmap("app", "mode") == configmap("app", "mode")"#, "true")]);

pub(super) const FIELD_REF: Function = reference("field_ref", &[Parameter::text("path")], field_ref)
    .doc("Refers to a field of the pod, such as `metadata.name`.")
    .examples(&[(
        r#"field_ref("metadata.name") == field_ref("metadata.uid")"#,
        "false",
    )]);

pub(super) const IMAGE: Function =
    Function::new("image", Group::Kubernetes, &[Parameter::text("alias")], image)
        .returns_text()
        .doc("Returns the image that an `images` block gives an alias.")
        .notes("The blocks of the folder and of those above it are asked, the nearest first.")
        .examples(&[(r#"image("web")"#, r#""registry.example.com/web:1""#)]);

pub(super) const SECRET: Function = reference(
    "secret",
    &[Parameter::text("name"), Parameter::text("key")],
    secret,
)
.doc("Refers to a key of a Secret, whose value the container gets when it starts.")
.examples(&[(
    r#"secret("db", "password") == configmap("db", "password")"#,
    "false",
)]);

fn configmap(call: &CallContext<'_>) -> Answer {
    let (name, key) = (Arc::clone(call.text(0)?), Arc::clone(call.text(1)?));
    Ok(refer(call, ReferenceKind::ConfigMap { name, key }))
}

fn field_ref(call: &CallContext<'_>) -> Answer {
    let path = Arc::clone(call.text(0)?);
    Ok(refer(call, ReferenceKind::Field { path }))
}

fn secret(call: &CallContext<'_>) -> Answer {
    let (name, key) = (Arc::clone(call.text(0)?), Arc::clone(call.text(1)?));
    Ok(refer(call, ReferenceKind::Secret { name, key }))
}

fn refer(call: &CallContext<'_>, kind: ReferenceKind) -> Value {
    Value::Reference(Arc::new(Reference::new(kind, call.span)))
}

fn image(call: &CallContext<'_>) -> Answer {
    let alias = call.text(0)?;
    let images = &call.place.images;
    if let Some(image) = images.get(alias) {
        return Ok(Value::String(Arc::clone(image)));
    }
    if call.place.images_incomplete {
        return Ok(Value::Unknown(Type::String));
    }
    let message = format!("there is no image `{alias}`");
    let diagnostic = Diagnostic::error(Code::FunctionCall, call.argument(0)?.span, message);
    Err(match nearest(alias, images.keys().map(AsRef::as_ref)) {
        Some(name) => diagnostic.with_suggestion(Some(name)),
        None => diagnostic.with_hint(format!(
            "give it in an `images` block: images {{ {alias} = \"registry/name:tag\" }}"
        )),
    }
    .into())
}
