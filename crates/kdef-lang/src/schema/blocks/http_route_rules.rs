//! What the definition of HTTPRoute asks of a route as a whole.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;
use crate::schema::{gateway_milliseconds, path_fault};

/// The most items of each list.
const BOUNDS: [(&str, usize); 2] = [("parent", 32), ("rule", 16)];
const MAX_HOSTNAMES: usize = 16;
const MAX_MATCHES: usize = 64;
const MAX_MATCHES_OF_ALL: usize = 128;
const MAX_BACKENDS: usize = 16;

pub(super) fn check_route(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    for (kind, most) in BOUNDS {
        check_count(block, kind, most, diagnostics);
    }
    let hostnames = block.list("hostnames").map_or(0, <[_]>::len);
    if hostnames > MAX_HOSTNAMES {
        diagnostics.push(too_many(
            block.span_of("hostnames"),
            hostnames,
            "hostnames",
            MAX_HOSTNAMES,
        ));
    }
    let matches = block
        .children("rule")
        .map(|rule| rule.children("match").count().max(1));
    let matches: usize = matches.sum();
    if matches > MAX_MATCHES_OF_ALL {
        diagnostics.push(too_many(
            block.span(),
            matches,
            "matches in all its rules",
            MAX_MATCHES_OF_ALL,
        ));
    }
    check_parents(block, diagnostics);
}

fn check_count(block: &Block, kind: &str, most: usize, diagnostics: &mut Vec<Diagnostic>) {
    let count = block.children(kind).count();
    if count > most {
        diagnostics.push(too_many(block.span(), count, &format!("`{kind}` blocks"), most));
    }
}

fn too_many(span: Span, count: usize, what: &str, most: usize) -> Diagnostic {
    let message = format!("there are {count} {what}; at most {most} are allowed");
    Diagnostic::error(Code::OutOfRange, span, message).with_hint("split it into several routes")
}

/// A Gateway may be named once, or once for each of its sections.
fn check_parents(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for parent in block.children("parent").filter(|parent| parent.is_sound()) {
        let key = (
            parent.label(0),
            parent.text("namespace"),
            parent.text("section_name"),
            parent.integer("port"),
        );
        if let Some(first) = seen.get(&key) {
            let message = format!(
                "there is a `parent` for this part of `{}` already",
                parent.label(0)
            );
            diagnostics.push(
                Diagnostic::error(Code::DuplicateBlock, parent.label_span(0), message)
                    .with_related(*first, "the first one"),
            );
        }
        seen.entry(key).or_insert(parent.label_span(0));
    }
}

pub(super) fn check_rule(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_count(block, "match", MAX_MATCHES, diagnostics);
    check_count(block, "backend", MAX_BACKENDS, diagnostics);
    if let Some(redirect) = block.child("request_redirect") {
        let others = block
            .child("url_rewrite")
            .into_iter()
            .chain(block.children("backend"));
        for other in others {
            let message = format!("`{}` cannot stand beside `request_redirect`", other.kind());
            diagnostics.push(
                Diagnostic::error(Code::Contradiction, other.span(), message)
                    .with_related(redirect.span(), "the redirect"),
            );
        }
    } else if block.children("backend").next().is_none() && !block.is_lost("backend") {
        let message = "requests for this rule go nowhere, and are answered with an error";
        diagnostics.push(
            Diagnostic::warning(Code::NoEffect, block.span(), message)
                .with_hint("add a `backend` or a `request_redirect`"),
        );
    }
    check_prefixes(block, diagnostics);
    check_timeouts(block, diagnostics);
}

/// A prefix can be replaced where it is known which one it is.
fn check_prefixes(rule: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let by_prefix = |part: &Block| {
        part.text("path_type").is_none_or(|kind| kind == "PathPrefix") && !part.is_lost("path_type")
    };
    let matches: Vec<&Block> = rule.children("match").collect();
    let is_plain = match matches.as_slice() {
        [] => true,
        [only] => by_prefix(only),
        _ => false,
    };
    let parts = ["request_redirect", "url_rewrite"].map(|kind| rule.child(kind));
    for part in parts.into_iter().flatten() {
        if part.is_set("replace_prefix_match") && !is_plain {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    part.span_of("replace_prefix_match"),
                    "`replace_prefix_match` needs a rule with one `match`, of the type `PathPrefix`",
                )
                .with_hint("write a rule for each prefix"),
            );
        }
    }
}

fn check_timeouts(rule: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(block) = rule.child("timeouts") else {
        return;
    };
    let time = |name| block.text(name).and_then(gateway_milliseconds);
    if let (Some(whole), Some(part)) = (time("request"), time("backend_request"))
        && whole != 0
        && part > whole
    {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("backend_request"),
                "`backend_request` is longer than `request`",
            )
            .with_related(block.span_of("request"), "`request`"),
        );
    }
}

pub(super) fn check_match(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let kind = block.text("path_type").unwrap_or("PathPrefix");
    let Some(path) = block.text("path").filter(|_| kind != "RegularExpression") else {
        return;
    };
    let strange = |c: &char| !c.is_ascii_alphanumeric() && !"-/._~!$&'()*+,;=:@%".contains(*c);
    let fault = if path.starts_with('/') {
        let strange = path.chars().find(strange);
        path_fault(path).or_else(|| strange.map(|c| format!("may not hold `{c}`")))
    } else {
        Some("must begin with `/`".to_owned())
    };
    if let Some(fault) = fault {
        let message = format!("a path of type `{kind}` {fault}");
        diagnostics.push(Diagnostic::error(
            Code::InvalidName,
            block.span_of("path"),
            message,
        ));
    }
}

/// A path is replaced as a whole or in its prefix.
pub(super) fn check_new_path(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("replace_full_path") && block.is_set("replace_prefix_match") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("replace_prefix_match"),
                "`replace_full_path` and `replace_prefix_match` cannot stand together",
            )
            .with_related(block.span_of("replace_full_path"), "the other one"),
        );
    }
}
