//! Values as text, and text as other text.

pub(super) mod base64;
pub(super) mod csv;
pub(super) mod json;
pub(super) mod url;
pub(super) mod yaml_read;
pub(super) mod yaml_write;

pub(super) use json::json_text;

use super::{Answer, CallContext, Function, Group, Parameter, Stop};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Encodings, parameters, call).returns_text()
}

const STR: Parameter = Parameter::text("str");
