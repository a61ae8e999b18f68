//! What a test reads back from its stage: events, inventories, owned objects, and what kubectl prints.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;
use testbed::wait_for;

use crate::stage::{PATIENCE, Stage};

impl Stage<'_> {
    /// Returns the type, reason and text of every event about a release, in no order.
    pub(crate) fn events(&self, release: &str) -> Result<Vec<[String; 3]>> {
        let about = format!("involvedObject.kind=KdefRelease,involvedObject.name={release}");
        let list = self.list("events", &["--field-selector", &about])?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let event = |event: &Value| ["type", "reason", "message"].map(|field| text(&event[field]));
        Ok(list.iter().map(event).collect())
    }

    /// Waits until there is an event of this type and reason about a release whose text fits.
    pub(crate) fn event(
        &self,
        release: &str,
        [type_, reason]: [&str; 2],
        fits: impl Fn(&str) -> bool,
    ) -> Result<String> {
        wait_for(
            &format!("a {type_} event {reason} of {release}"),
            PATIENCE,
            || {
                let events = self.events(release)?;
                let found = events
                    .iter()
                    .find(|event| event[0] == type_ && event[1] == reason && fits(&event[2]));
                match found {
                    Some([_, _, text]) => Ok(Some(text.clone())),
                    None => anyhow::bail!("{events:#?}"),
                }
            },
        )
    }

    /// Returns the names of the objects of a kind that carry the release's owner labels.
    pub(crate) fn owned(&self, resource: &str, release: &str) -> Result<BTreeSet<String>> {
        let labels = format!(
            "kdef.gsid.nl/name={release},kdef.gsid.nl/namespace={}",
            self.namespace
        );
        let list = self.list(resource, &["-l", &labels])?;
        Ok(list.iter().map(name_of).collect())
    }

    /// Returns the objects of a kind in the stage's namespace.
    pub(crate) fn list(&self, resource: &str, more: &[&str]) -> Result<Vec<Value>> {
        let mut args = vec!["get", resource, "-n", &self.namespace, "-o", "json"];
        args.extend(more);
        let mut list: Value = serde_json::from_str(&self.cluster().kubectl(&args)?.ok()?)?;
        match list["items"].take() {
            Value::Array(items) => Ok(items),
            other => anyhow::bail!("kubectl answered no list but {other}"),
        }
    }

    /// Returns the row of `kubectl get kdefreleases` about a release by its columns: name, ready, status, revision, age.
    pub(crate) fn row(&self, release: &str) -> Result<Vec<String>> {
        let args = ["get", "kdefreleases", "-n", &self.namespace];
        let table = self.cluster().kubectl(&args)?.ok()?;
        let mut lines = table.lines();
        let header = lines.next().unwrap_or_default();
        let columns = ["NAME", "READY", "STATUS", "REVISION", "AGE"];
        anyhow::ensure!(header.split_whitespace().eq(columns), "{table}");
        let starts = columns.map(|column| header.find(column).unwrap_or_default());
        let row = lines
            .find(|line| line.split_whitespace().next() == Some(release))
            .with_context(|| format!("no row of {release} in:\n{table}"))?;
        let end = |column: usize| starts.get(column + 1).map_or(row.len(), |next| *next);
        let cell = |column: usize| row.get(starts[column]..end(column)).unwrap_or_default().trim();
        Ok((0..columns.len()).map(|column| cell(column).to_owned()).collect())
    }
}

/// Returns the ids in a release's inventory.
pub(crate) fn inventory(release: &Value) -> BTreeSet<String> {
    let entries = release["status"]["inventory"]["entries"].as_array();
    let ids = entries.into_iter().flatten().map(|entry| entry["id"].as_str());
    ids.map(|id| id.unwrap_or_default().to_owned()).collect()
}

/// Returns the types of an object's conditions.
pub(crate) fn types(object: &Value) -> Vec<&str> {
    let conditions = object["status"]["conditions"].as_array();
    conditions
        .into_iter()
        .flatten()
        .filter_map(|condition| condition["type"].as_str())
        .collect()
}

/// Returns the name of an object.
pub(crate) fn name_of(object: &Value) -> String {
    object["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

/// Returns texts as a set.
pub(crate) fn set<T: ToString>(texts: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    texts.into_iter().map(|text| text.to_string()).collect()
}
