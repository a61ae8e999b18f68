//! Which kinds a cluster serves, remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kube::Client;
use kube::client::{APIGroupDiscovery, APIGroupDiscoveryList};
use kube::core::ApiResource;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long a kind that was not found stays not found before the server is asked again.
const DISTANCE: Duration = Duration::from_secs(10);
/// How often the server is asked for kinds whose definition was just accepted.
const ATTEMPTS: u32 = 5;
/// The pause between these attempts.
const PAUSE: Duration = Duration::from_secs(1);
/// How long one look may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A group and a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupKind {
    pub(crate) group: String,
    pub(crate) kind: String,
}

impl GroupKind {
    pub(crate) fn new(group: &str, kind: &str) -> Self {
        Self {
            group: group.to_owned(),
            kind: kind.to_owned(),
        }
    }
}

/// A kind as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) resource: ApiResource,
    pub(crate) namespaced: bool,
}

/// What is known of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup<'a> {
    /// It is served, in the wanted version if there is one, else in the one that the server prefers.
    Served(&'a Served),
    /// It is not served.
    NotServed,
    /// The server that should know is an aggregated one, which does not answer.
    Unknown,
}

/// The kinds that were served at one moment.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// The versions of each kind, the preferred one first.
    served: BTreeMap<GroupKind, Vec<Served>>,
    /// Groups of which a version was not answered for.
    silent: BTreeSet<String>,
}

impl Kinds {
    /// Builds the table from discovery documents.
    fn of(groups: Vec<APIGroupDiscovery>) -> Self {
        let mut kinds = Self::default();
        for group in groups {
            kinds.add(group);
        }
        kinds
    }

    fn add(&mut self, group: APIGroupDiscovery) {
        let name = group
            .metadata
            .and_then(|metadata| metadata.name)
            .unwrap_or_default();
        for version in group.versions {
            if version.freshness.as_deref() == Some("Stale") {
                self.silent.insert(name.clone());
            }
            let number = version.version.unwrap_or_default();
            let api_version = if name.is_empty() {
                number.clone()
            } else {
                format!("{name}/{number}")
            };
            for resource in version.resources {
                let kind = resource
                    .response_kind
                    .and_then(|kind| kind.kind)
                    .unwrap_or_default();
                let served = Served {
                    namespaced: resource.scope.as_deref() == Some("Namespaced"),
                    resource: ApiResource {
                        group: name.clone(),
                        version: number.clone(),
                        api_version: api_version.clone(),
                        kind: kind.clone(),
                        plural: resource.resource.unwrap_or_default(),
                    },
                };
                // Only what can be applied can be owned; some read-only resources share the kind of a real one.
                if resource.verbs.iter().any(|verb| verb == "patch") {
                    self.served
                        .entry(GroupKind::new(&name, &kind))
                        .or_default()
                        .push(served);
                }
            }
        }
    }

    /// Looks a kind up. A version that is not served is answered with the preferred one.
    pub(crate) fn find(&self, kind: &GroupKind, version: Option<&str>) -> Lookup<'_> {
        let versions = self.served.get(kind).map_or(&[] as &[Served], Vec::as_slice);
        let exact = versions
            .iter()
            .find(|served| version == Some(&served.resource.version));
        match exact.or(versions.first()) {
            Some(served) => Lookup::Served(served),
            None if self.silent.contains(&kind.group) => Lookup::Unknown,
            None => Lookup::NotServed,
        }
    }

    /// Tells whether all of these are served in just these versions.
    pub(crate) fn serve(&self, wanted: &[(GroupKind, String)]) -> bool {
        wanted.iter().all(|(kind, version)| {
            let lookup = self.find(kind, Some(version));
            matches!(lookup, Lookup::Served(served) if served.resource.version == *version)
        })
    }
}

/// Why the kinds of a cluster are not known.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the API server does not say which kinds it serves: {0}")]
pub struct CatalogError(String);

/// The kinds that a cluster serves, shared between all that work on it.
///
/// It is read once, in two requests, and again when somebody asks for a kind that is not in it; for kinds that do not
/// exist that happens every 10 seconds at most, whatever the number of objects. Groups of aggregated API servers that do
/// not answer are left out, and the rest is used.
pub(crate) struct Catalog {
    client: Client,
    kinds: RwLock<Option<Arc<Kinds>>>,
    /// The last question; locked while the server is being asked, so that one answer serves all who wait.
    asked: Mutex<Option<Question>>,
}

/// A question to the server, and whether it went wrong.
struct Question {
    begun: Instant,
    ended: Instant,
    error: Option<CatalogError>,
}

impl Catalog {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            kinds: RwLock::new(None),
            asked: Mutex::new(None),
        }
    }

    /// Returns the client that the server is asked with.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the kinds, after asking the server if one of the wanted is not among those that are known.
    pub(crate) async fn covering(&self, wanted: &[GroupKind]) -> Result<Arc<Kinds>, CatalogError> {
        let known = self.known();
        let lacks = |kinds: &Kinds| {
            wanted
                .iter()
                .any(|kind| !matches!(kinds.find(kind, None), Lookup::Served(_)))
        };
        match known {
            Some(kinds) if !lacks(&kinds) => Ok(kinds),
            _ => self.refresh(DISTANCE).await,
        }
    }

    /// Asks the server until it serves kinds whose definitions it has just accepted, for a few seconds at most.
    pub(crate) async fn await_kinds(
        &self,
        wanted: &[(GroupKind, String)],
    ) -> Result<Arc<Kinds>, CatalogError> {
        let mut kinds = self.refresh(Duration::ZERO).await?;
        for _ in 1..ATTEMPTS {
            if kinds.serve(wanted) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            kinds = self.refresh(Duration::ZERO).await?;
        }
        Ok(kinds)
    }

    /// Forgets everything, since an answer showed that it is out of date.
    pub(crate) fn invalidate(&self) {
        *self.kinds.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self) -> Option<Arc<Kinds>> {
        self.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the server, unless somebody did within the distance and the answer is still there.
    async fn refresh(&self, distance: Duration) -> Result<Arc<Kinds>, CatalogError> {
        let before = Instant::now();
        let mut asked = self.asked.lock().await;
        // Whoever held the lock may have asked on our behalf too.
        match &*asked {
            Some(Question {
                ended,
                error: Some(error),
                ..
            }) if *ended >= before => return Err(error.clone()),
            Some(Question {
                begun, error: None, ..
            }) if *begun >= before || begun.elapsed() < distance => {
                if let Some(kinds) = self.known() {
                    return Ok(kinds);
                }
            }
            _ => {}
        }
        let begun = Instant::now();
        let answer = self.ask().await.map(Arc::new);
        *asked = Some(Question {
            begun,
            ended: Instant::now(),
            error: answer.as_ref().err().cloned(),
        });
        let kinds = answer?;
        *self.kinds.write().unwrap_or_else(PoisonError::into_inner) = Some(kinds.clone());
        Ok(kinds)
    }

    async fn ask(&self) -> Result<Kinds, CatalogError> {
        let both = async {
            futures::try_join!(
                self.client.list_core_api_versions_aggregated(),
                self.client.list_api_groups_aggregated()
            )
        };
        let (core, named): (APIGroupDiscoveryList, APIGroupDiscoveryList) = timeout(TIME_LIMIT, both)
            .await
            .map_err(|_| CatalogError(format!("no answer within {} s", TIME_LIMIT.as_secs())))?
            .map_err(|error| CatalogError(error.to_string()))?;
        Ok(Kinds::of(core.items.into_iter().chain(named.items).collect()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    /// A cluster with the kinds that tests use: some of the core, apps and RBAC, and a group whose server is down.
    pub(crate) fn kinds() -> Kinds {
        let resource = |plural: &str, kind: &str, scope: &str| json!({"resource": plural, "responseKind": {"kind": kind}, "scope": scope, "verbs": ["get", "patch"]});
        let group = |name: &str, versions: serde_json::Value| json!({"metadata": {"name": name}, "versions": versions});
        let document = json!({"metadata": {}, "items": [
            group("", json!([{"version": "v1", "resources": [
                resource("configmaps", "ConfigMap", "Namespaced"),
                resource("namespaces", "Namespace", "Cluster"),
                resource("secrets", "Secret", "Namespaced"),
                resource("serviceaccounts", "ServiceAccount", "Namespaced"),
                resource("services", "Service", "Namespaced"),
            ]}])),
            group("apps", json!([{"version": "v1", "resources": [
                resource("deployments", "Deployment", "Namespaced"),
            ]}])),
            group("apiextensions.k8s.io", json!([{"version": "v1", "resources": [
                resource("customresourcedefinitions", "CustomResourceDefinition", "Cluster"),
            ]}])),
            group("rbac.authorization.k8s.io", json!([{"version": "v1", "resources": [
                resource("clusterroles", "ClusterRole", "Cluster"),
                resource("clusterrolebindings", "ClusterRoleBinding", "Cluster"),
                resource("rolebindings", "RoleBinding", "Namespaced"),
            ]}])),
            group("autoscaling", json!([
                {"version": "v2", "resources": [resource("horizontalpodautoscalers", "HorizontalPodAutoscaler", "Namespaced"),
                    {"resource": "scales", "responseKind": {"kind": "Scale"}, "scope": "Namespaced", "verbs": ["get"]}]},
                {"version": "v1", "resources": [resource("horizontalpodautoscalers", "HorizontalPodAutoscaler", "Namespaced")]},
            ])),
            group("metrics.example.com", json!([{"version": "v1beta1", "freshness": "Stale"}])),
        ]});
        let list: APIGroupDiscoveryList = serde_json::from_value(document).expect("a discovery document");
        Kinds::of(list.items)
    }

    #[test]
    fn kinds_are_found_by_group_kind_and_version() {
        let kinds = kinds();
        let find = |group: &str, kind: &str, version: Option<&str>| match kinds
            .find(&GroupKind::new(group, kind), version)
        {
            Lookup::Served(served) => format!(
                "{} {} {}",
                served.resource.api_version, served.resource.plural, served.namespaced
            ),
            other => format!("{other:?}"),
        };
        for (group, kind, version, expected) in [
            ("", "ConfigMap", Some("v1"), "v1 configmaps true"),
            ("", "Namespace", None, "v1 namespaces false"),
            ("apps", "Deployment", Some("v1beta2"), "apps/v1 deployments true"),
            (
                "autoscaling",
                "HorizontalPodAutoscaler",
                None,
                "autoscaling/v2 horizontalpodautoscalers true",
            ),
            (
                "autoscaling",
                "HorizontalPodAutoscaler",
                Some("v1"),
                "autoscaling/v1 horizontalpodautoscalers true",
            ),
            ("autoscaling", "Scale", None, "NotServed"),
            ("", "Deployment", None, "NotServed"),
            ("example.com", "Thing", Some("v1"), "NotServed"),
            ("metrics.example.com", "PodMetrics", None, "Unknown"),
        ] {
            assert_eq!(find(group, kind, version), expected, "{group} {kind} {version:?}");
        }
    }
}
