//! A release whose object does not fit its type, which only an older schema can have let in.

use kdef_api::{Condition, ConditionStatus, ConditionType, KdefRelease, Reason};
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use kube::core::error_boundary::InvalidObject;
use kube::{Api, Resource};
use serde_json::json;

use crate::context::Context;
use crate::text::bounded;

/// Says in the status what is wrong. The rest of the controller goes on without the release.
pub(super) async fn report(ctx: &Context, invalid: &InvalidObject) {
    let metadata = &invalid.metadata;
    let (Some(namespace), Some(name)) = (&metadata.namespace, &metadata.name) else {
        return;
    };
    let text = format!("the release cannot be read: {}", bounded(&invalid.error, 4096));
    tracing::warn!("{text}");
    let condition = |type_: ConditionType, status| Condition {
        type_: type_.as_str().to_owned(),
        status,
        observed_generation: metadata.generation,
        last_transition_time: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        reason: Reason::InvalidSpec.as_str().to_owned(),
        message: text.clone(),
    };
    let patch = json!({ "status": {
        "observedGeneration": metadata.generation,
        "conditions": [
            condition(ConditionType::Stalled, ConditionStatus::True),
            condition(ConditionType::Ready, ConditionStatus::False),
        ],
    } });
    let resource = ApiResource::erase::<KdefRelease>(&());
    let api: Api<DynamicObject> = Api::namespaced_with(ctx.client.clone(), namespace, &resource);
    let written = api
        .patch_status(name, &PatchParams::default(), &Patch::Merge(&patch))
        .await;
    if let Err(error) = written {
        let kind = KdefRelease::kind(&());
        tracing::warn!(%error, %kind, "the status cannot be written");
    }
}
