//! Files of the project, and paths.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kdef_source::{Code, Diagnostic, VirtualPath, WorldError, nearest};

use super::{Answer, CallContext, Function, Group, Parameter, Stop};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Files, parameters, call).returns_text()
}

const PATH: Parameter = Parameter::text("path");

const CONFINED: &str = "The path is relative to the project's folder, and cannot lead out of the project.";

pub(super) const BASENAME: Function = function("basename", &[PATH], basename)
    .doc("Returns the last part of a path.")
    .notes("It looks at the text alone, not at any file.")
    .examples(&[(r#"basename("config/app.yaml")"#, r#""app.yaml""#)]);

pub(super) const DIRNAME: Function = function("dirname", &[PATH], dirname)
    .doc("Returns a path without its last part.")
    .notes("It looks at the text alone, not at any file.")
    .examples(&[(r#"dirname("config/app.yaml")"#, r#""config""#)]);

pub(super) const FILE: Function = function("file", &[PATH], file)
    .doc("Returns the text of a file.")
    .notes(CONFINED)
    .examples(&[(r#"file("greeting.txt")"#, r#""Hello, World!\n""#)]);

pub(super) const FILEBASE64: Function = function("filebase64", &[PATH], filebase64)
    .doc("Returns the bytes of a file in base64.")
    .notes("Unlike `file` it reads what is no text too. The path is relative to the project's folder, and cannot lead out of the project.")
    .examples(&[(r#"filebase64("greeting.txt")"#, r#""SGVsbG8sIFdvcmxkIQo=""#)]);

pub(super) const FILEEXISTS: Function = function("fileexists", &[PATH], fileexists)
    .returns_bool()
    .doc("Tells whether there is a file.")
    .notes(CONFINED)
    .examples(&[
        (r#"fileexists("greeting.txt")"#, "true"),
        (r#"fileexists("nowhere.txt")"#, "false"),
    ]);

pub(super) const TEMPLATEFILE: Function = Function::new(
    "templatefile",
    Group::Files,
    &[PATH, Parameter::any("vars")],
    |_| Ok(crate::value::Value::UNKNOWN),
)
.renders()
.doc("Returns the text of a file in which `${ }` and `%{ }` are computed.")
.notes(
    "Names in the template are the keys of the map, and nothing else. It can call all functions but `templatefile`. The \
     path is relative to the project's folder, and cannot lead out of the project.",
)
.examples(&[(
    r#"templatefile("greeting.tftpl", { name = "Ander" })"#,
    r#""Hello, Ander!\n""#,
)]);

fn basename(call: &CallContext<'_>) -> Answer {
    let path = call.text(0)?;
    let trimmed = path.trim_end_matches('/');
    Ok(match (path.is_empty(), trimmed.rsplit('/').next()) {
        (true, _) => ".".into(),
        (false, None | Some("")) => "/".into(),
        (false, Some(last)) => last.into(),
    })
}

fn dirname(call: &CallContext<'_>) -> Answer {
    let path = call.text(0)?;
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    Ok(clean(folder).into())
}

/// Resolves `.`, `..` and double slashes in the text of a path.
fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn file(call: &CallContext<'_>) -> Answer {
    let (path, bytes) = read(call)?;
    Ok(text_of(call, &path, &bytes)?.into())
}

fn filebase64(call: &CallContext<'_>) -> Answer {
    let (_, bytes) = read(call)?;
    call.room(bytes.len().div_ceil(3) * 4)?;
    Ok(BASE64_STANDARD.encode(bytes).into())
}

fn fileexists(call: &CallContext<'_>) -> Answer {
    let path = resolve(call)?;
    match call.world.read(&path) {
        Ok(_) | Err(WorldError::TooLarge { .. }) => Ok(true.into()),
        Err(WorldError::NotFound | WorldError::NotAFolder) => Ok(false.into()),
        Err(problem) => Err(unreadable(call, &path, &problem).into()),
    }
}

/// Returns the path that the first argument names.
fn resolve(call: &CallContext<'_>) -> Result<VirtualPath, Stop> {
    let path = call.text(0)?;
    call.place.folder.join(path).map_err(|problem| {
        let message = format!("`{path}`: {problem}");
        argument_error(call, Code::InvalidPath, message).into()
    })
}

/// Reads the file that the first argument names.
pub(crate) fn read(call: &CallContext<'_>) -> Result<(VirtualPath, Arc<[u8]>), Stop> {
    let path = resolve(call)?;
    match call.world.read(&path) {
        Ok(bytes) => {
            // Whoever reads a file looks at all of it.
            call.steps(bytes.len() as u64 / 64)?;
            Ok((path, bytes))
        }
        Err(problem) => {
            let diagnostic = unreadable(call, &path, &problem);
            Err(match problem {
                WorldError::NotFound => missing(call, &path, diagnostic),
                _ => diagnostic,
            }
            .into())
        }
    }
}

/// Returns the bytes of a file as text.
pub(crate) fn text_of<'b>(
    call: &CallContext<'_>,
    path: &VirtualPath,
    bytes: &'b [u8],
) -> Result<&'b str, Stop> {
    let shown = call.world.display(path);
    let limit = call.world.limits().text_bytes;
    if bytes.len() > limit {
        let message = format!("`{shown}` is longer than the limit of {limit} bytes for one text");
        return Err(argument_error(call, Code::LimitReached, message).into());
    }
    std::str::from_utf8(bytes).map_err(|_| {
        argument_error(call, Code::NotUtf8, format!("`{shown}` is not UTF-8 text"))
            .with_hint("`filebase64` gives the bytes of any file in base64")
            .into()
    })
}

fn unreadable(call: &CallContext<'_>, path: &VirtualPath, problem: &WorldError) -> Diagnostic {
    let shown = call.world.display(path);
    let code = match problem {
        WorldError::TooLarge { .. } => Code::LimitReached,
        _ => Code::Unreadable,
    };
    argument_error(call, code, format!("`{shown}` cannot be read: {problem}"))
}

fn argument_error(call: &CallContext<'_>, code: Code, message: String) -> Diagnostic {
    let span = call.arguments.first().map_or(call.span, |argument| argument.span);
    Diagnostic::error(code, span, message)
}

/// Adds what to do about a file that is not there. Looking at its neighbours takes steps from the budget.
fn missing(call: &CallContext<'_>, path: &VirtualPath, diagnostic: Diagnostic) -> Diagnostic {
    let entries = path
        .parent()
        .and_then(|folder| call.world.list(&folder).ok())
        .unwrap_or_default();
    if call.steps(entries.len() as u64).is_err() {
        return diagnostic;
    }
    let names = entries.iter().map(|entry| entry.name.as_str());
    match path.file_name().and_then(|name| nearest(name, names)) {
        Some(name) => diagnostic.with_suggestion(Some(name)),
        None => diagnostic.with_hint("the path is relative to the project's folder"),
    }
}
