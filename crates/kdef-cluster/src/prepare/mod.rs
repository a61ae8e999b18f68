//! From rendered manifests to the set that is applied.

mod flatten;
mod namespace;
mod normalise;

use std::collections::BTreeMap;

use kdef_render::{Object, Provenance};
use kdef_source::Span;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::catalog::{GroupKind, Kinds};
use crate::error::{Failure, ObjectError, Retry, Step, used_at};
use crate::live::text_map;
use crate::owner::{NAME_LABEL, NAMESPACE_LABEL};
use crate::policy::Policies;
use crate::{Cluster, Inventory, ObjectId, Owner, order};

/// What is done to every manifest of a release.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The release that the objects will belong to.
    pub owner: Owner,
    /// The namespace for objects that name none: the release's.
    pub namespace: String,
    /// The namespace that every namespaced object is moved to.
    pub target_namespace: Option<String>,
}

/// A kind that a CustomResourceDefinition of the set defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) kind: GroupKind,
    pub(crate) namespaced: bool,
    /// The versions that are to be served.
    pub(crate) versions: Vec<String>,
}

impl Definition {
    /// Returns what it makes the cluster serve.
    pub(crate) fn served(&self) -> Vec<(GroupKind, String)> {
        self.versions
            .iter()
            .map(|version| (self.kind.clone(), version.clone()))
            .collect()
    }
}

/// One object as it is to be applied. It may hold a Secret, so it cannot be printed.
pub(crate) struct Desired {
    pub(crate) id: ObjectId,
    pub(crate) version: String,
    pub(crate) policies: Policies,
    /// What it defines, if it is a CustomResourceDefinition.
    pub(crate) defines: Option<Definition>,
    pub(crate) provenance: Provenance,
    /// The manifest, written once for both the dry run and the apply.
    pub(crate) manifest: Box<RawValue>,
}

impl Desired {
    /// Returns the manifest as a value again, for error messages.
    pub(crate) fn parse(&self) -> Value {
        serde_json::from_str(self.manifest.get()).unwrap_or_default()
    }

    /// Returns the group and kind.
    pub(crate) fn kind(&self) -> GroupKind {
        GroupKind::new(&self.id.group, &self.id.kind)
    }
}

/// The objects of a release, ready to be applied, in the order of application, each there once.
pub struct DesiredSet {
    pub(crate) owner: Owner,
    pub(crate) objects: Vec<Desired>,
}

impl DesiredSet {
    /// Returns the objects as an inventory.
    pub fn inventory(&self) -> Inventory {
        let mut inventory = Inventory::default();
        for desired in &self.objects {
            inventory.insert(desired.id.clone(), &desired.version);
        }
        inventory
    }

    /// Returns the number of objects.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Tells whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

/// Makes rendered manifests ready to be applied.
///
/// `List`s are taken apart. Namespaced kinds get the release's namespace where they name none, or the target namespace;
/// cluster-scoped ones lose theirs. Which is which the cluster says, or a CustomResourceDefinition of the same set. Every
/// object gets the owner labels, and what the server would rewrite anyway is written its way. Objects that two places
/// render, and objects that could not be found again, are errors; all of them are returned at once.
pub async fn prepare(cluster: &Cluster, objects: Vec<Object>, rules: &Rules) -> Result<DesiredSet, Failure> {
    let objects = flatten::flatten(objects).map_err(Failure::Objects)?;
    let mut wanted: Vec<GroupKind> = objects.iter().map(group_kind).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let kinds = cluster.catalog().covering(&wanted).await?;
    assemble(objects, rules, &kinds).map_err(Failure::Objects)
}

fn assemble(mut objects: Vec<Object>, rules: &Rules, kinds: &Kinds) -> Result<DesiredSet, Vec<ObjectError>> {
    let definitions: Vec<Option<Definition>> = objects.iter().map(definition).collect();
    namespace::place(&mut objects, rules, kinds, definitions.iter().flatten());
    let mut errors = Vec::new();
    let mut places: BTreeMap<ObjectId, Span> = BTreeMap::new();
    let mut desired = Vec::with_capacity(objects.len());
    for mut object in objects {
        normalise::normalise(&mut object);
        own(&mut object.value, &rules.owner);
        let id = id_of(&object);
        if let Some(first) = places.insert(id, object.provenance.block()) {
            errors.push(duplicate(&object, first));
        }
        match finish(object) {
            Ok(object) => desired.push(object),
            Err(error) => errors.push(*error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    desired.sort_by(|a, b| order::compare(&a.id, &b.id));
    Ok(DesiredSet {
        owner: rules.owner.clone(),
        objects: desired,
    })
}

/// Writes the manifest down and reads what decisions need from it.
fn finish(object: Object) -> Result<Desired, Box<ObjectError>> {
    let manifest = serde_json::value::to_raw_value(&object.value).map_err(|error| {
        let message = format!("the manifest cannot be written as JSON: {error}");
        Box::new(ObjectError::rendered(&object, "Invalid", "", message))
    })?;
    let metadata = &object.value["metadata"];
    Ok(Desired {
        id: id_of(&object),
        version: object.version().to_owned(),
        policies: Policies::of(
            &text_map(&metadata["annotations"]),
            &text_map(&metadata["labels"]),
        ),
        defines: definition(&object),
        provenance: object.provenance,
        manifest,
    })
}

fn duplicate(object: &Object, first: Span) -> ObjectError {
    ObjectError {
        object: object.to_string(),
        step: Step::Prepare,
        reason: "Duplicate".to_owned(),
        message: "two places render this object; give one of them another name or namespace".to_owned(),
        field: None,
        span: Some(object.provenance.block()),
        used_at: used_at(&object.provenance),
        related: Some(first),
        retry: Retry::Never,
    }
}

/// Sets the owner labels.
fn own(manifest: &mut Value, owner: &Owner) {
    let labels = &mut manifest["metadata"]["labels"];
    if !labels.is_object() {
        *labels = Value::Object(serde_json::Map::new());
    }
    labels[NAME_LABEL] = owner.name().into();
    labels[NAMESPACE_LABEL] = owner.namespace().into();
}

fn group_kind(object: &Object) -> GroupKind {
    GroupKind::new(object.group(), &object.kind)
}

fn id_of(object: &Object) -> ObjectId {
    ObjectId::new(
        object.namespace.as_deref().unwrap_or_default(),
        &object.name,
        object.group(),
        &object.kind,
    )
}

/// Reads what a CustomResourceDefinition defines.
fn definition(object: &Object) -> Option<Definition> {
    if object.group() != "apiextensions.k8s.io" || object.kind != "CustomResourceDefinition" {
        return None;
    }
    let spec = &object.value["spec"];
    let versions = spec["versions"].as_array().into_iter().flatten();
    let served = versions.filter(|version| version["served"] == true);
    Some(Definition {
        kind: GroupKind::new(spec["group"].as_str()?, spec["names"]["kind"].as_str()?),
        namespaced: spec["scope"] == "Namespaced",
        versions: served
            .filter_map(|version| version["name"].as_str().map(str::to_owned))
            .collect(),
    })
}

#[cfg(test)]
pub(crate) mod tests;
