//! The kinds of files.

use super::blocks::{
    CERTIFICATE, CLUSTER_ROLE, CLUSTER_ROLE_BINDING, COMPONENT, CONFIGMAP, CRONJOB, DAEMONSET, DEPLOYMENT,
    DISRUPTION_BUDGET, EXTERNAL, HTTP_ROUTE, IMAGES, INGRESS, INGRESS_DEFAULTS, JOB, LOCALS, MANIFEST,
    NAMESPACE, NETWORKPOLICY, PERSISTENT_VOLUME_CLAIM, ROLE, ROLE_BINDING, SEALED_SECRET, SECRET,
    SERVICE_ACCOUNT, STANDALONE_SERVICE, STATEFULSET, USE, VARIABLE,
};
use super::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, FreeForm,
    LabelSchema,
};

/// `root.kdef`
pub static ROOT_FILE: BlockSchema =
    BlockSchema::new("root.kdef", "Lists the sub-projects and what they share.")
        .attributes(&[&[
            AttributeSchema::required(
                "deployments",
                AttributeType::Any,
                "The sub-projects: a map from names to where each is and goes, or a list of folders.",
            ),
            AttributeSchema::optional(
                "namespaces",
                AttributeType::TextList(&DNS_LABEL),
                "The namespaces that objects may be in; each is rendered.",
            )
            .default("any, and none is rendered"),
            AttributeSchema::optional(
                "env",
                AttributeType::Text(&ANY_TEXT),
                "The environment when none is named.",
            ),
            AttributeSchema::optional(
                "set",
                AttributeType::Any,
                "Values for variables of all sub-projects.",
            ),
        ]])
        .blocks(&[&[
            ChildSchema::many(&NAMESPACE),
            ChildSchema::many(&SERVICE_ACCOUNT),
            ChildSchema::single(&INGRESS_DEFAULTS),
            ChildSchema::many(&EXTERNAL),
        ]]);

/// An entry of `deployments` in `root.kdef`, which is a map and not a block.
pub static ENTRY: BlockSchema = BlockSchema::new("entry", "Says where a sub-project is, and where it goes.")
    .attributes(&[&[
        AttributeSchema::optional(
            "path",
            AttributeType::Text(&ANY_TEXT),
            "The folder, relative to that of `root.kdef`.",
        )
        .default("the entry's name"),
        AttributeSchema::optional(
            "namespace",
            AttributeType::Text(&DNS_LABEL),
            "The namespace of what does not name one itself.",
        ),
        AttributeSchema::optional(
            "service_account",
            AttributeType::Text(&DNS_SUBDOMAIN),
            "The ServiceAccount of workloads that do not name one themselves.",
        ),
        AttributeSchema::optional(
            "env",
            AttributeType::Text(&ANY_TEXT),
            "The environment when none is named.",
        )
        .default("that of `root.kdef`"),
        AttributeSchema::optional(
            "set",
            AttributeType::Any,
            "Values for variables of the sub-project.",
        ),
    ]]);

/// `vars.kdef`, and the files that it imports.
pub static VARIABLES_FILE: BlockSchema = BlockSchema::new("a variable file", "Declares variables.")
    .attributes(&[&[AttributeSchema::optional(
        "import",
        AttributeType::Any,
        "The files that are read first: a path or a list of paths, relative to this file.",
    )]])
    .blocks(&[&[
        ChildSchema::many(&VARIABLE),
        ChildSchema::many(&LOCALS),
        ChildSchema::many(&IMAGES),
        ChildSchema::single(&INGRESS_DEFAULTS),
    ]]);

/// Any other `.kdef` file of a project's folder.
pub static DEFINITIONS_FILE: BlockSchema = BlockSchema::new("a definition file", "Defines what is deployed.")
    .blocks(&[
        DEFINITIONS,
        &[
            ChildSchema::many(&IMAGES),
            ChildSchema::many(&COMPONENT),
            ChildSchema::many(&EXTERNAL),
        ],
    ]);

/// `components/*.kdef`
pub static COMPONENTS_FILE: BlockSchema =
    BlockSchema::new("a components file", "Holds components.").blocks(&[&[ChildSchema::many(&COMPONENT)]]);

/// The blocks that make objects, one line for each, and `use`, which stands for those of a component.
pub(super) const DEFINITIONS: &[ChildSchema] = &[
    ChildSchema::many(&CERTIFICATE),
    ChildSchema::many(&CLUSTER_ROLE),
    ChildSchema::many(&CLUSTER_ROLE_BINDING),
    ChildSchema::many(&CONFIGMAP),
    ChildSchema::many(&CRONJOB),
    ChildSchema::many(&DAEMONSET),
    ChildSchema::many(&DEPLOYMENT),
    ChildSchema::many(&DISRUPTION_BUDGET),
    ChildSchema::many(&HTTP_ROUTE),
    ChildSchema::many(&INGRESS),
    ChildSchema::many(&JOB),
    ChildSchema::many(&MANIFEST),
    ChildSchema::many(&NAMESPACE),
    ChildSchema::many(&NETWORKPOLICY),
    ChildSchema::many(&PERSISTENT_VOLUME_CLAIM),
    ChildSchema::many(&ROLE),
    ChildSchema::many(&ROLE_BINDING),
    ChildSchema::many(&SEALED_SECRET),
    ChildSchema::many(&SECRET),
    ChildSchema::many(&SERVICE_ACCOUNT),
    ChildSchema::many(&STANDALONE_SERVICE),
    ChildSchema::many(&STATEFULSET),
    ChildSchema::many(&USE),
];

/// `environments/<env>.kdef`
pub static ENVIRONMENT_FILE: BlockSchema =
    BlockSchema::new("an environment file", "Says what differs in one environment.")
        .blocks(&[&[ChildSchema::many(&USE_VARS), ChildSchema::many(&OVERRIDE)]]);

/// `use_vars { ... }`: values of variables, free-form. They are constants.
pub static USE_VARS: BlockSchema =
    BlockSchema::new("use_vars", "Sets variables in this environment.").free_form(FreeForm::Any);

/// `override "kind" "name" { ... }`: what differs in one block. Its body is that of the block it overrides.
pub static OVERRIDE: BlockSchema = BlockSchema::new("override", "Changes a block in this environment.")
    .labels(&[
        LabelSchema::new("kind", &ANY_TEXT),
        LabelSchema::new("name", &ANY_TEXT),
    ]);

/// All kinds of files.
pub static FILES: [&BlockSchema; 5] = [
    &ROOT_FILE,
    &VARIABLES_FILE,
    &DEFINITIONS_FILE,
    &COMPONENTS_FILE,
    &ENVIRONMENT_FILE,
];
