//! The entries of `deployments`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned};
use kdef_syntax::ast::{Body, Expr};

use super::root::{Environment, Root, attribute_value};
use super::run::Run;
use super::settings::SetLayer;
use crate::expand::describe;
use crate::value::{Map, Value};
use crate::written::{self, WrittenMap, span_of_index};

/// One entry of `deployments`.
#[derive(Debug)]
pub(crate) struct EntryPlan {
    /// Its name.
    pub(crate) name: String,
    /// The folder as it is written, the name where it is not; `None` where what is written is wrong.
    pub(crate) path: Option<Spanned<Arc<str>>>,
    /// The namespace that it gives.
    pub(crate) namespace: Option<Spanned<Arc<str>>>,
    /// The service account that it gives.
    pub(crate) service_account: Option<Spanned<Arc<str>>>,
    /// The environment that it chooses.
    pub(crate) env: Option<Spanned<Arc<str>>>,
    /// What of these is written and wrong.
    pub(crate) lost: Vec<&'static str>,
    /// What it sets.
    pub(crate) set: Option<SetLayer>,
}

/// Reads the entries of a root, in source order.
pub(crate) fn read(run: &mut Run<'_>, root: &Root, body: &Body) -> Vec<EntryPlan> {
    let (Some(value), Some(expr)) = (
        root.block.value("deployments"),
        attribute_value(body, "deployments"),
    ) else {
        // That it is missing, or wrong, has been said.
        run.files.mark_incomplete();
        return Vec::new();
    };
    let entries = match value {
        Value::Map(map) => map_entries(run, root, map, expr),
        Value::List(list) => list_entries(run, list.items(), expr),
        Value::Unknown(_) => {
            run.files.mark_incomplete();
            return Vec::new();
        }
        other => {
            let message = format!(
                "`deployments`: a map or a list is required, not {}",
                describe(other)
            );
            run.files.report(wrong(expr.span, message));
            return Vec::new();
        }
    };
    let is_empty = match value {
        Value::Map(map) => map.is_empty(),
        Value::List(list) => list.is_empty(),
        _ => false,
    };
    if is_empty {
        run.files.report(
            wrong(expr.span, "`deployments` lists no sub-project")
                .with_hint("write an entry such as `web = { path = \"apps/web\" }`"),
        );
    }
    entries
}

fn wrong(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::InvalidEntry, span, message)
}

fn list_entries(run: &mut Run<'_>, items: &[Value], expr: &Expr) -> Vec<EntryPlan> {
    let mut entries: Vec<EntryPlan> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let span = span_of_index(expr, index);
        match item {
            Value::String(path) if !seen.insert(path) => {
                run.files
                    .report(wrong(span, format!("entry `{path}` is listed twice")));
            }
            Value::String(path) => entries.push(EntryPlan {
                name: path.to_string(),
                path: Some(Spanned::new(Arc::clone(path), span)),
                namespace: None,
                service_account: None,
                env: None,
                lost: Vec::new(),
                set: None,
            }),
            Value::Unknown(_) => run.files.mark_incomplete(),
            other => {
                run.files.mark_incomplete();
                let message = format!("a list of entries holds paths, not {}", describe(other));
                run.files.report(
                    wrong(span, message)
                        .with_hint("to say more of an entry, write a map: `web = { path = \"apps/web\" }`"),
                );
            }
        }
    }
    entries
}

fn map_entries(run: &mut Run<'_>, root: &Root, map: &Map, expr: &Expr) -> Vec<EntryPlan> {
    report_repeated_keys(run, expr);
    let written = WrittenMap::of(expr);
    let mut by_env = BTreeMap::new();
    let mut entries = Vec::new();
    for (name, value) in map {
        let field_expr = written.get(name);
        let span = field_expr.map_or(expr.span, |element| element.span);
        match value {
            Value::Map(fields) => {
                let fields = fields_in_its_environment(run, root, expr, name, fields, &mut by_env);
                entries.push(entry(run, name, &fields, field_expr.unwrap_or(expr)));
            }
            Value::Unknown(_) => run.files.mark_incomplete(),
            other => {
                run.files.mark_incomplete();
                let message = format!("entry `{name}`: a map is required, not {}", describe(other));
                run.files
                    .report(wrong(span, message).with_hint(format!("write `{name} = {{ path = \"...\" }}`")));
            }
        }
    }
    entries
}

/// The language lets the last of equal keys win; here that would drop a sub-project in silence.
fn report_repeated_keys(run: &mut Run<'_>, expr: &Expr) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for item in written::items(expr) {
        let Some(name) = written::key_text(item).map(Cow::into_owned) else {
            continue;
        };
        if let Some(first) = seen.insert(name.clone(), item.key.span()) {
            run.files.report(
                wrong(item.key.span(), format!("entry `{name}` is listed twice"))
                    .with_related(first, "the first time")
                    .with_hint("give one of them another name, and set `path`"),
            );
        }
    }
}

/// Evaluates an entry that chooses an environment again, in that environment, which `kdef.env` then names.
fn fields_in_its_environment(
    run: &mut Run<'_>,
    root: &Root,
    expr: &Expr,
    name: &str,
    fields: &Map,
    by_env: &mut BTreeMap<Arc<str>, Value>,
) -> Map {
    let current = root.mount.env.as_ref().map_or("", |env| &*env.name);
    let own = match fields.get("env") {
        Some(Value::String(own)) if !root.env_is_given && !own.is_empty() && **own != *current => own,
        _ => return fields.clone(),
    };
    let environment = Environment {
        name: Arc::clone(own),
        span: None,
    };
    let all = by_env
        .entry(Arc::clone(own))
        .or_insert_with(|| run.evaluate_constant(expr, Some(&environment)));
    match all.as_map().and_then(|all| all.get(name)) {
        Some(Value::Map(fields)) => fields.clone(),
        _ => fields.clone(),
    }
}

fn entry(run: &mut Run<'_>, name: &str, fields: &Map, expr: &Expr) -> EntryPlan {
    let block = run.decode_entry(name, fields, expr);
    let text = |field: &str| {
        block
            .text(field)
            .map(|text| Spanned::new(Arc::from(text), block.span_of(field)))
    };
    let written = WrittenMap::of(expr);
    // Unlike elsewhere, an empty text does not count as not written: it would lead to the project itself.
    let path = match fields.get("path") {
        Some(Value::String(path)) => Some(Spanned::new(Arc::clone(path), written.span("path"))),
        _ if block.is_lost("path") => None,
        _ => Some(text("path").unwrap_or_else(|| Spanned::new(name.into(), expr.span))),
    };
    let set = block
        .value("set")
        .map(|value| SetLayer::read(run, value, block.span_of("set"), written.get("set")));
    EntryPlan {
        name: name.to_owned(),
        path,
        namespace: text("namespace"),
        service_account: text("service_account"),
        env: text("env"),
        lost: block.lost().collect(),
        set,
    }
}
