//! Kubernetes events about releases.
//!
//! They are of the core/v1 kind, as Flux's are, since notes of `events.k8s.io` end at 1 kB and an event of ours holds
//! every error of a project. An event that cannot be written never fails a pass.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, EventSource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kdef_api::{KdefRelease, Reason};
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client, Resource, ResourceExt};

use crate::text::bounded;

/// The longest text of an event, in bytes.
const TEXT_BYTES: usize = 32 << 10;
/// For how long a warning is not repeated.
const QUIET: Duration = Duration::from_hours(1);
/// How many warnings are remembered at most; beyond it the oldest may be repeated early.
const REMEMBERED: usize = 10_000;
/// How long writing an event may take.
const WITHIN: Duration = Duration::from_secs(5);

/// The component that events come from.
const COMPONENT: &str = "kdef-controller";

/// Writes events.
pub(crate) struct Events {
    client: Client,
    instance: String,
    said: Mutex<Said>,
}

impl Events {
    /// Makes a writer; `instance` tells this process from others.
    pub(crate) fn new(client: Client, instance: String) -> Self {
        Self {
            client,
            instance,
            said: Mutex::default(),
        }
    }

    /// Tells of something that went well.
    pub(crate) async fn normal(
        &self,
        release: &KdefRelease,
        reason: Reason,
        text: &str,
        revision: Option<&str>,
    ) {
        self.write(release, "Normal", reason, text, revision).await;
    }

    /// Tells of a problem, unless the same was told of the release within the hour.
    pub(crate) async fn warning(
        &self,
        release: &KdefRelease,
        reason: Reason,
        text: &str,
        revision: Option<&str>,
    ) {
        let is_new = {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            said.is_new(&(release.uid(), reason.as_str(), text), Instant::now())
        };
        if is_new {
            self.write(release, "Warning", reason, text, revision).await;
        }
    }

    async fn write(
        &self,
        release: &KdefRelease,
        type_: &str,
        reason: Reason,
        text: &str,
        revision: Option<&str>,
    ) {
        let namespace = release.namespace().unwrap_or_default();
        let event = self.event(release, type_, reason, text, revision);
        let api: Api<Event> = Api::namespaced(self.client.clone(), &namespace);
        let parameters = PostParams::default();
        match tokio::time::timeout(WITHIN, api.create(&parameters, &event)).await {
            Ok(Ok(_)) => {}
            // A namespace that is being deleted takes no more events.
            Ok(Err(error)) => tracing::debug!(%error, "an event could not be written"),
            Err(_) => tracing::debug!("an event could not be written in time"),
        }
    }

    fn event(
        &self,
        release: &KdefRelease,
        type_: &str,
        reason: Reason,
        text: &str,
        revision: Option<&str>,
    ) -> Event {
        let now = Timestamp::now();
        let annotations = revision.map(|revision| {
            let key = format!("{}/revision", kdef_api::GROUP);
            BTreeMap::from([(key, revision.to_owned())])
        });
        Event {
            metadata: ObjectMeta {
                name: Some(event_name(&release.name_any(), now)),
                namespace: release.namespace(),
                annotations,
                ..ObjectMeta::default()
            },
            type_: Some(type_.to_owned()),
            reason: Some(reason.as_str().to_owned()),
            message: Some(bounded(text, TEXT_BYTES)),
            involved_object: release.object_ref(&()),
            source: Some(EventSource {
                component: Some(COMPONENT.to_owned()),
                ..EventSource::default()
            }),
            reporting_component: Some(COMPONENT.to_owned()),
            reporting_instance: Some(self.instance.clone()),
            first_timestamp: Some(Time(now)),
            last_timestamp: Some(Time(now)),
            count: Some(1),
            ..Event::default()
        }
    }
}

/// Names an event after its release and the time, as every Kubernetes component does. Names end at 253 characters.
fn event_name(release: &str, now: Timestamp) -> String {
    let kept = release.floor_char_boundary(220);
    format!(
        "{}.{:x}",
        release[..kept].trim_end_matches(['.', '-']),
        now.as_nanosecond()
    )
}

/// When which warning was last told.
#[derive(Debug, Default)]
struct Said(BTreeMap<u64, Instant>);

impl Said {
    fn is_new(&mut self, what: &impl Hash, now: Instant) -> bool {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        let key = hasher.finish();
        let quiet = |said: &Instant| now.saturating_duration_since(*said) < QUIET;
        if self.0.get(&key).is_some_and(quiet) {
            return false;
        }
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, said| quiet(said));
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_first();
        }
        self.0.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_warning_is_told_once_an_hour() {
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        let mut said = Said::default();
        assert!(said.is_new(&("a", "text"), start));
        assert!(!said.is_new(&("a", "text"), later(3599)));
        assert!(said.is_new(&("a", "other text"), later(1)));
        assert!(said.is_new(&("b", "text"), later(1)));
        assert!(said.is_new(&("a", "text"), later(3600)));
    }

    #[test]
    fn the_memory_for_warnings_is_bounded() {
        let mut said = Said::default();
        for number in 0..REMEMBERED + 10 {
            assert!(said.is_new(&number, Instant::now()));
        }
        assert_eq!(said.0.len(), REMEMBERED);
    }

    #[test]
    fn names_of_events_are_legal_whatever_the_release_is_called() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(event_name("shop", now), "shop.0");
        let long = format!("{}.-x", "a".repeat(218));
        assert_eq!(event_name(&long, now), format!("{}.0", "a".repeat(218)));
    }
}
