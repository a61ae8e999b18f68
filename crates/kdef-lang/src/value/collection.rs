//! Lists and maps.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{Type, Value};

/// What is known of a collection without looking into it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Summary {
    known: bool,
    weight: u64,
    depth: u32,
}

impl Summary {
    fn of<'a>(items: impl Iterator<Item = &'a Value>) -> Self {
        let empty = Self {
            known: true,
            weight: 1,
            depth: 1,
        };
        items.fold(empty, |sum, item| Self {
            known: sum.known && item.is_wholly_known(),
            weight: sum.weight.saturating_add(item.weight()),
            depth: sum.depth.max(item.depth().saturating_add(1)),
        })
    }
}

/// A list. A tuple, in cty's terms, when its elements keep their own types.
#[derive(Clone)]
pub struct List(Arc<ListData>);

struct ListData {
    element: Option<Type>,
    items: Vec<Value>,
    summary: Summary,
}

impl List {
    /// Makes a list whose elements keep their own types.
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::new(None, items)
    }

    /// Makes a list of elements that all have the given type, as a conversion leaves them.
    pub(crate) fn of(element: Type, items: Vec<Value>) -> Self {
        Self::new(Some(element), items)
    }

    fn new(element: Option<Type>, items: Vec<Value>) -> Self {
        let summary = Summary::of(items.iter());
        Self(Arc::new(ListData {
            element,
            items,
            summary,
        }))
    }

    /// Returns the elements.
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// Returns the elements in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.items.iter()
    }

    /// Returns the number of elements.
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Tells whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// Returns the type that all elements share, `None` where each has its own.
    pub fn element_type(&self) -> Option<&Type> {
        self.0.element.as_ref()
    }

    pub(super) fn ty(&self) -> Type {
        match &self.0.element {
            Some(element) => Type::list(element.clone()),
            None => Type::tuple(self.iter().map(Value::ty).collect()),
        }
    }

    pub(super) fn is_wholly_known(&self) -> bool {
        self.0.summary.known
    }

    pub(super) fn weight(&self) -> u64 {
        self.0.summary.weight
    }

    pub(super) fn depth(&self) -> u32 {
        self.0.summary.depth
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.element == other.0.element && self.0.items == other.0.items)
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(element) = &self.0.element {
            write!(f, "list({element})")?;
        }
        f.debug_list().entries(self).finish()
    }
}

/// A map from names to values, in the order in which it was written. An object, in cty's terms, when its elements keep
/// their own types.
///
/// The language iterates maps in the order of their keys: [`Map::sorted`].
#[derive(Clone)]
pub struct Map(Arc<MapData>);

struct MapData {
    element: Option<Type>,
    entries: IndexMap<Arc<str>, Value>,
    summary: Summary,
}

impl Map {
    /// Makes a map whose elements keep their own types.
    pub fn object(entries: IndexMap<Arc<str>, Value>) -> Self {
        Self::new(None, entries)
    }

    /// Makes a map of elements that all have the given type, as a conversion leaves them.
    pub(crate) fn of(element: Type, entries: IndexMap<Arc<str>, Value>) -> Self {
        Self::new(Some(element), entries)
    }

    fn new(element: Option<Type>, entries: IndexMap<Arc<str>, Value>) -> Self {
        let mut summary = Summary::of(entries.values());
        let keys: u64 = entries.keys().map(|key| key.len() as u64 / 16).sum();
        summary.weight = summary.weight.saturating_add(keys);
        Self(Arc::new(MapData {
            element,
            entries,
            summary,
        }))
    }

    /// Returns the element of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.entries.get(key)
    }

    /// Returns keys and elements in the order in which they were written.
    pub fn iter(&self) -> indexmap::map::Iter<'_, Arc<str>, Value> {
        self.0.entries.iter()
    }

    /// Returns the keys in the order in which they were written.
    pub fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.entries.keys().map(AsRef::as_ref)
    }

    /// Returns keys and elements in the byte order of the keys, which is how the language iterates.
    pub fn sorted(&self) -> Vec<(&Arc<str>, &Value)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }

    /// Returns the number of elements.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Tells whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Returns the type that all elements share, `None` where each has its own.
    pub fn element_type(&self) -> Option<&Type> {
        self.0.element.as_ref()
    }

    pub(super) fn ty(&self) -> Type {
        match &self.0.element {
            Some(element) => Type::map(element.clone()),
            None => Type::object(self.iter().map(|(key, value)| (Arc::clone(key), value.ty()))),
        }
    }

    pub(super) fn is_wholly_known(&self) -> bool {
        self.0.summary.known
    }

    pub(super) fn weight(&self) -> u64 {
        self.0.summary.weight
    }

    pub(super) fn depth(&self) -> u32 {
        self.0.summary.depth
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.element == other.0.element && self.0.entries == other.0.entries)
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Arc<str>, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(element) = &self.0.element {
            write!(f, "map({element})")?;
        }
        f.debug_map().entries(self).finish()
    }
}
