//! `file(path)`

use kdef_source::{Code, Diagnostic, Spanned, VirtualPath, WorldError, nearest};

use super::{CallContext, Function, Parameter, text_argument};
use crate::value::{Type, Value};

pub(super) const FILE: Function = Function {
    name: "file",
    doc: "Returns the text of a file; the path is relative to the project's folder.",
    parameters: &[Parameter::text("path")],
    variadic: None,
    returns: || Type::String,
    call: file,
};

fn file(context: &CallContext<'_>, arguments: &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>> {
    let argument = text_argument(context, arguments, 0)?;
    let error = |code: Code, message: String| Diagnostic::error(code, argument.span, message);
    let path = context
        .place
        .folder
        .join(argument.value)
        .map_err(|problem| error(Code::InvalidPath, format!("`{}`: {problem}", argument.value)))?;
    let shown = context.world.display(&path);
    let bytes = context.world.read(&path).map_err(|problem| {
        let diagnostic = error(Code::Unreadable, format!("`{shown}`: {problem}"));
        match problem {
            WorldError::NotFound => missing(context, &path, diagnostic),
            _ => diagnostic,
        }
    })?;
    let limit = context.world.limits().text_bytes;
    if bytes.len() > limit {
        let message = format!("`{shown}` is longer than the limit of {limit} bytes for one text");
        return Err(Box::new(error(Code::LimitReached, message)));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(Box::new(
            error(Code::NotUtf8, format!("`{shown}` is not UTF-8 text"))
                .with_hint("only text can be put into a project"),
        )),
    }
}

/// Adds what to do about a file that is not there. Looking at its neighbours takes steps from the budget.
fn missing(context: &CallContext<'_>, path: &VirtualPath, diagnostic: Diagnostic) -> Diagnostic {
    let entries = path
        .parent()
        .and_then(|folder| context.world.list(&folder).ok())
        .unwrap_or_default();
    if !context.budget.spend_steps(entries.len() as u64, context.span) {
        return diagnostic;
    }
    let names = entries.iter().map(|entry| entry.name.as_str());
    match path.file_name().and_then(|name| nearest(name, names)) {
        Some(name) => diagnostic.with_suggestion(Some(name)),
        None => diagnostic.with_hint("the path is relative to the project's folder"),
    }
}
