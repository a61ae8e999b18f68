//! `image(alias)`

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Spanned, nearest};

use super::{CallContext, Function, Parameter, text_argument};
use crate::value::{Type, Value};

pub(super) const IMAGE: Function = Function {
    name: "image",
    doc: "Returns the image that an `images` block gives an alias.",
    parameters: &[Parameter::text("alias")],
    variadic: None,
    returns: || Type::String,
    call: image,
};

fn image(context: &CallContext<'_>, arguments: &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>> {
    let alias = text_argument(context, arguments, 0)?;
    let images = &context.place.images;
    if let Some(image) = images.get(alias.value) {
        return Ok(Value::String(Arc::clone(image)));
    }
    if context.place.images_incomplete {
        return Ok(Value::Unknown(Type::String));
    }
    let message = format!("there is no image `{}`", alias.value);
    let diagnostic = Diagnostic::error(Code::FunctionCall, alias.span, message);
    Err(Box::new(
        match nearest(alias.value, images.keys().map(AsRef::as_ref)) {
            Some(name) => diagnostic.with_suggestion(Some(name)),
            None => diagnostic.with_hint(format!(
                "give it in an `images` block: images {{ {} = \"registry/name:tag\" }}",
                alias.value
            )),
        },
    ))
}
