//! The ways in which probes and hooks reach a container.

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, HTTP_HEADERS, PORT_OR_NAME, WRITTEN_TEXT,
};

/// The handlers by which probes and hooks do what they do, in the order in which messages list them.
const HANDLERS: [&str; 5] = ["exec", "http_get", "tcp_socket_port", "grpc", "sleep"];

/// The attribute for a command.
pub(super) const EXEC: AttributeSchema = AttributeSchema::optional(
    "exec",
    AttributeType::TextList(&ANY_TEXT),
    "The program that is run in the container, and its arguments.",
);

/// `http_get { ... }` of a probe or a hook.
pub static HTTP_GET: BlockSchema = BlockSchema::new("http_get", "Sends an HTTP request to the container.")
    .attributes(&[&[
        AttributeSchema::required(
            "path",
            AttributeType::Text(&WRITTEN_TEXT),
            "The path of the request.",
        ),
        AttributeSchema::required(
            "port",
            AttributeType::Text(&PORT_OR_NAME),
            "The port, by its number or its name.",
        ),
        AttributeSchema::optional(
            "scheme",
            AttributeType::Words(&["HTTP", "HTTPS"]),
            "How the container is spoken to; a certificate is not verified.",
        )
        .default("`HTTP`"),
        AttributeSchema::optional(
            "host",
            AttributeType::Text(&ANY_TEXT),
            "The host that the request goes to.",
        )
        .default("the pod's address"),
        AttributeSchema::optional(
            "headers",
            AttributeType::TextMap(&HTTP_HEADERS),
            "The headers of the request.",
        ),
    ]]);

/// `grpc { ... }` of a probe.
pub static GRPC: BlockSchema =
    BlockSchema::new("grpc", "Asks the container by gRPC's health checking protocol.").attributes(&[&[
        AttributeSchema::required(
            "port",
            AttributeType::Integer { min: 1, max: 65535 },
            "The number of the port.",
        ),
        AttributeSchema::optional(
            "service",
            AttributeType::Text(&ANY_TEXT),
            "The service that is asked for.",
        )
        .default("the server as a whole"),
    ]]);

/// Checks that a probe or a hook says in exactly one way what is done.
pub(super) fn check_one_handler(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let schema = block.schema();
    let known = |name: &&str| schema.attribute(name).is_some() || schema.child(name).is_some();
    let known: Vec<&str> = HANDLERS.into_iter().filter(known).collect();
    let given: Vec<(&str, Span)> = known
        .iter()
        .filter_map(|name| Some((*name, handler(block, name)?)))
        .collect();
    match given.as_slice() {
        [] if known.iter().any(|name| block.is_lost(name)) => {}
        [] => diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span(),
                format!("`{}` does not say what is done", block.kind()),
            )
            .with_hint(format!("set one of `{}`", known.join("`, `"))),
        ),
        [_] => {}
        [(_, first), (second, span), ..] => diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                *span,
                format!("`{}` has `{second}` beside another handler", block.kind()),
            )
            .with_related(*first, "the first handler")
            .with_hint(format!("keep one of `{}`", known.join("`, `"))),
        ),
    }
}

/// Returns the place of a handler that is given; an empty command is none.
fn handler(block: &Block, name: &str) -> Option<Span> {
    if block.schema().child(name).is_some() {
        return block.child(name).map(Block::span);
    }
    let is_empty = name == "exec" && block.list(name).is_some_and(<[_]>::is_empty);
    (block.is_set(name) && !is_empty).then(|| block.span_of(name))
}

/// Returns the ports that a probe or a hook speaks to, each as text with its place.
pub(super) fn ports_of(block: &Block) -> impl Iterator<Item = (&str, Span)> {
    let http = block.child("http_get").and_then(|http| port_of(http, "port"));
    let connect = block
        .schema()
        .attribute("tcp_socket_port")
        .and_then(|attribute| port_of(block, attribute.name));
    http.into_iter().chain(connect)
}

fn port_of<'a>(block: &'a Block, name: &str) -> Option<(&'a str, Span)> {
    Some((block.text(name)?, block.span_of(name)))
}
