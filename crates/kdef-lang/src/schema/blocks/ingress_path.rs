//! `path` and `default_backend` of an ingress.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;
use crate::ingress::{PathType, is_gateway_route, path_type};
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, LabelSchema, PORT_OR_NAME, URL_PATH, path_fault,
};

/// `path "path" { ... }` of an ingress.
pub static INGRESS_PATH: BlockSchema = BlockSchema::new(
    "path",
    "Says where requests for a path go, on each host; without one, all go to one Service.",
)
.labels(&[LabelSchema::new("path", &URL_PATH)])
.attributes(&[
    &[AttributeSchema::optional(
        "type",
        AttributeType::Words(&["Prefix", "Exact", "ImplementationSpecific"]),
        "How the path is compared with that of a request.",
    )
    .default("`Prefix`")],
    BACKEND,
]);

/// `default_backend { ... }` of an ingress.
pub static DEFAULT_BACKEND: BlockSchema = BlockSchema::new(
    "default_backend",
    "Says where requests go that match no host and path.",
)
.attributes(&[BACKEND]);

const BACKEND: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "service_name",
        AttributeType::Text(&DNS_LABEL),
        "The Service that the requests go to.",
    )
    .default("that of the ingress"),
    AttributeSchema::optional(
        "port",
        AttributeType::Text(&PORT_OR_NAME),
        "The port of the Service, by number or name.",
    )
    .default("that of the ingress"),
];

/// Checks each path of an ingress, and that they differ.
pub(super) fn check_paths(ingress: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let by_gateway = is_gateway_route(ingress);
    let mut seen: BTreeMap<(&str, PathType), Span> = BTreeMap::new();
    for block in ingress.children("path") {
        let path = block.label(0);
        if path.is_empty() || block.is_lost("type") {
            continue;
        }
        let kind = path_type(block);
        check_type(block, kind, by_gateway, diagnostics);
        if let Some(first) = seen.get(&(path, kind)) {
            diagnostics.push(
                Diagnostic::error(
                    Code::DuplicateBlock,
                    block.label_span(0),
                    format!("there is a `path` for `{path}` of this type already"),
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry((path, kind)).or_insert(block.label_span(0));
    }
}

fn check_type(block: &Block, kind: PathType, by_gateway: bool, diagnostics: &mut Vec<Diagnostic>) {
    if kind == PathType::ImplementationSpecific {
        if by_gateway {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    block.span_of("type"),
                    "an HTTPRoute has no paths of type `ImplementationSpecific`, and `mode` is `gateway`",
                )
                .with_hint("use `Prefix` or `Exact`, or write an `http_route`"),
            );
        }
        return;
    }
    let fault = path_fault(block.label(0));
    let fault = fault.or_else(|| {
        let strange = |c: char| !c.is_ascii_alphanumeric() && !"-/._~!$&'()*+,;=:@%".contains(c);
        let strange = block.label(0).chars().find(|c| by_gateway && strange(*c))?;
        Some(format!("may not hold `{strange}`"))
    });
    if let Some(fault) = fault {
        let message = format!("a path of type `{}` {fault}", kind.as_str());
        diagnostics.push(Diagnostic::error(Code::InvalidName, block.label_span(0), message));
    }
}
