//! `http_route`

use super::http_route_rules::{check_match, check_new_path, check_route, check_rule};
use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN,
    GATEWAY_DURATION, HEADER_NAME, LabelSchema, REQUEST_HOST, ROUTE_HEADERS, URL_PATH,
};

/// `http_route "name" { ... }`: an HTTPRoute of the Gateway API.
pub static HTTP_ROUTE: BlockSchema = BlockSchema::new(
    "http_route",
    "Leads HTTP requests from Gateways to Services, as an HTTPRoute.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[
    NAMESPACED_METADATA,
    &[AttributeSchema::optional(
        "hostnames",
        AttributeType::TextList(&REQUEST_HOST),
        "The host names that it answers to.",
    )
    .default("those of the Gateway")],
    RAW,
])
.blocks(&[&[
    ChildSchema::many(&ROUTE_PARENT).needed(),
    ChildSchema::many(&ROUTE_RULE).needed(),
]])
.check(check_route);

const PORT: AttributeType = AttributeType::Integer { min: 1, max: 65535 };

/// `parent "gateway" { ... }` of a route.
pub static ROUTE_PARENT: BlockSchema =
    BlockSchema::new("parent", "Names a Gateway that the requests come through.")
        .labels(&[LabelSchema::new("gateway", &DNS_SUBDOMAIN)])
        .attributes(&[&[
            AttributeSchema::optional(
                "namespace",
                AttributeType::Text(&DNS_LABEL),
                "The namespace of the Gateway.",
            )
            .default("that of the route"),
            AttributeSchema::optional(
                "section_name",
                AttributeType::Text(&DNS_SUBDOMAIN),
                "The listener of the Gateway.",
            )
            .default("all that fit"),
            AttributeSchema::optional("port", PORT, "The port of the listeners.").default("any"),
        ]]);

/// `rule { ... }` of a route.
pub static ROUTE_RULE: BlockSchema = BlockSchema::new(
    "rule",
    "Says which requests are meant, what is done with them, and where they go.",
)
.blocks(&[&[
    ChildSchema::many(&MATCH),
    ChildSchema::single(&REQUEST_HEADER_MODIFIER),
    ChildSchema::single(&RESPONSE_HEADER_MODIFIER),
    ChildSchema::single(&REQUEST_REDIRECT),
    ChildSchema::single(&URL_REWRITE),
    ChildSchema::many(&ROUTE_BACKEND),
    ChildSchema::single(&ROUTE_TIMEOUTS),
]])
.check(check_rule);

/// `match { ... }` of a rule.
pub static MATCH: BlockSchema = BlockSchema::new(
    "match",
    "Says what a request must be like, in all that is written; of several, one must fit.",
)
.attributes(&[&[
    AttributeSchema::optional("path", AttributeType::Text(&ANY_TEXT), "The path.").default("`/`"),
    AttributeSchema::optional(
        "path_type",
        AttributeType::Words(&["PathPrefix", "Exact", "RegularExpression"]),
        "How the path is compared with that of a request.",
    )
    .default("`PathPrefix`"),
    AttributeSchema::optional(
        "method",
        AttributeType::Words(&[
            "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
        ]),
        "The method.",
    )
    .default("any"),
    AttributeSchema::optional(
        "headers",
        AttributeType::TextMap(&ROUTE_HEADERS),
        "Headers that it must have, with their values.",
    ),
    AttributeSchema::optional(
        "query_params",
        AttributeType::TextMap(&ROUTE_HEADERS),
        "Query parameters that it must have, with their values.",
    ),
]])
.check(check_match);

/// `request_header_modifier { ... }` of a rule.
pub static REQUEST_HEADER_MODIFIER: BlockSchema =
    BlockSchema::new("request_header_modifier", "Changes the headers of requests.").attributes(&[HEADERS]);

/// `response_header_modifier { ... }` of a rule.
pub static RESPONSE_HEADER_MODIFIER: BlockSchema =
    BlockSchema::new("response_header_modifier", "Changes the headers of responses.").attributes(&[HEADERS]);

const HEADERS: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "set",
        AttributeType::TextMap(&ROUTE_HEADERS),
        "Headers that replace those of the same name.",
    ),
    AttributeSchema::optional(
        "add",
        AttributeType::TextMap(&ROUTE_HEADERS),
        "Headers that stand beside those of the same name.",
    ),
    AttributeSchema::optional(
        "remove",
        AttributeType::TextList(&HEADER_NAME),
        "Headers that are taken out.",
    ),
];

/// `request_redirect { ... }` of a rule.
pub static REQUEST_REDIRECT: BlockSchema = BlockSchema::new(
    "request_redirect",
    "Answers with a redirect, in place of a backend.",
)
.attributes(&[
    &[
        AttributeSchema::optional(
            "scheme",
            AttributeType::Words(&["http", "https"]),
            "The scheme that clients are sent to.",
        )
        .default("that of the request"),
        AttributeSchema::optional("port", PORT, "The port that clients are sent to.")
            .default("that of the scheme or the listener"),
        AttributeSchema::optional(
            "status_code",
            AttributeType::Words(&["301", "302", "303", "307", "308"]),
            "The status of the answer.",
        )
        .default("`302`"),
    ],
    NEW_URL,
])
.check(check_new_path);

/// `url_rewrite { ... }` of a rule.
pub static URL_REWRITE: BlockSchema = BlockSchema::new(
    "url_rewrite",
    "Changes the URL of requests on their way to the backend.",
)
.attributes(&[NEW_URL])
.check(check_new_path);

const NEW_URL: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "hostname",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The new host name.",
    ),
    AttributeSchema::optional(
        "replace_full_path",
        AttributeType::Text(&URL_PATH),
        "The new path.",
    ),
    AttributeSchema::optional(
        "replace_prefix_match",
        AttributeType::Text(&URL_PATH),
        "What stands in the path in place of the prefix that the rule matched.",
    ),
];

/// `backend "service" { ... }` of a rule.
pub static ROUTE_BACKEND: BlockSchema = BlockSchema::new("backend", "Names a Service that requests go to.")
    .labels(&[LabelSchema::new("service", &DNS_LABEL)])
    .attributes(&[&[
        AttributeSchema::required("port", PORT, "The port of the Service."),
        AttributeSchema::optional(
            "weight",
            AttributeType::Integer {
                min: 0,
                max: 1_000_000,
            },
            "Its share of the requests, in relation to the other backends.",
        )
        .default("1"),
        AttributeSchema::optional(
            "namespace",
            AttributeType::Text(&DNS_LABEL),
            "The namespace of the Service, which must allow it with a ReferenceGrant.",
        )
        .default("that of the route"),
    ]]);

/// `timeouts { ... }` of a rule.
pub static ROUTE_TIMEOUTS: BlockSchema = BlockSchema::new("timeouts", "Says how long requests may take.")
    .attributes(&[&[
        AttributeSchema::optional(
            "request",
            AttributeType::Text(&GATEWAY_DURATION),
            "How long the answer may take, such as `10s`; `0s` is for ever.",
        ),
        AttributeSchema::optional(
            "backend_request",
            AttributeType::Text(&GATEWAY_DURATION),
            "How long one request to a backend may take.",
        ),
    ]]);
