//! What expressions can name.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use kdef_source::VirtualPath;

use crate::value::Value;

/// The images of a project: aliases and the image references that they stand for.
pub type Images = BTreeMap<Arc<str>, Arc<str>>;

/// What functions see of the place that they are called from.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The folder that `file()` starts from: that of the project.
    pub folder: VirtualPath,
    /// What `image()` looks its alias up in.
    pub images: Images,
    /// Whether there may be more images, in what could not be read; an alias that is not found is unknown then.
    pub images_incomplete: bool,
}

/// The names that an expression can use, and whether it can call functions.
///
/// Cheap to clone and to extend: a scope shares all names with the one that it was made from.
#[derive(Debug, Clone)]
pub struct Scope {
    innermost: Option<Arc<Name>>,
    place: Option<Arc<Place>>,
}

#[derive(Debug)]
struct Name {
    text: Arc<str>,
    binding: Binding,
    outer: Option<Arc<Name>>,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) enum Binding {
    /// A value.
    Value(Value),
    /// A map whose elements are things of one kind, such as the variables.
    Members {
        /// What messages call one of them.
        noun: &'static str,
        /// The map.
        values: Value,
    },
    /// The environment variables, looked up one by one.
    Environment,
    /// Nothing: the name means something elsewhere, and not here.
    Hidden(Hidden),
    /// Things of one kind that are being computed one after the other.
    Slots(Arc<Slots>),
}

impl Binding {
    /// Tells whether it stands for things that have names.
    pub(super) fn has_members(&self) -> bool {
        matches!(self, Self::Members { .. } | Self::Slots(_) | Self::Environment)
    }
}

/// Why a name cannot be used in some place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hidden {
    /// What follows the name in the message.
    pub(crate) reason: &'static str,
    /// What to do instead.
    pub(crate) hint: &'static str,
}

/// Values that are computed one after the other, each of which sees those before it.
#[derive(Debug)]
pub(crate) struct Slots {
    noun: &'static str,
    values: BTreeMap<Arc<str>, OnceLock<Value>>,
    complete: bool,
}

impl Slots {
    /// Makes empty slots. `noun` is what messages call one; when they are not `complete` there may be others.
    pub(crate) fn new(noun: &'static str, names: impl Iterator<Item = Arc<str>>, complete: bool) -> Self {
        Self {
            noun,
            values: names.map(|name| (name, OnceLock::new())).collect(),
            complete,
        }
    }

    /// Fills a slot, once.
    pub(crate) fn set(&self, name: &str, value: Value) {
        if let Some(slot) = self.values.get(name) {
            slot.get_or_init(|| value);
        }
    }

    /// Returns a map of all values, in which those that are not there yet are unknown.
    pub(crate) fn to_value(&self) -> Value {
        let value = |slot: &OnceLock<Value>| slot.get().cloned().unwrap_or(Value::UNKNOWN);
        Value::object(
            self.values
                .iter()
                .map(|(name, slot)| (Arc::clone(name), value(slot))),
        )
    }

    pub(super) fn noun(&self) -> &'static str {
        self.noun
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(AsRef::as_ref)
    }

    /// Returns a value, which is unknown while it is not there yet; `None` when there is no such slot.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        match self.values.get(name) {
            Some(slot) => Some(slot.get().cloned().unwrap_or(Value::UNKNOWN)),
            None if self.complete => None,
            None => Some(Value::UNKNOWN),
        }
    }
}

impl Scope {
    /// Makes the scope of constants: no names, and no functions.
    ///
    /// Names may be added to it, such as `kdef` in `root.kdef`; using any other is reported as not allowed there.
    pub fn constants() -> Self {
        Self {
            innermost: None,
            place: None,
        }
    }

    /// Makes a scope without names in which functions can be called.
    pub fn new(place: Arc<Place>) -> Self {
        Self {
            innermost: None,
            place: Some(place),
        }
    }

    /// Returns a scope with one more name, which hides an outer one of the same name.
    #[must_use]
    pub fn with(&self, name: impl Into<Arc<str>>, value: Value) -> Self {
        self.bind(name.into(), Binding::Value(value))
    }

    /// Returns a scope with a name whose elements are things of one kind: `noun` is what messages call one, as in
    /// "there is no variable `x`".
    #[must_use]
    pub fn with_members(&self, name: impl Into<Arc<str>>, noun: &'static str, values: Value) -> Self {
        self.bind(name.into(), Binding::Members { noun, values })
    }

    /// Returns a scope with `env`, whose attributes are the environment variables that [`World::env`] gives.
    ///
    /// [`World::env`]: kdef_source::World::env
    #[must_use]
    pub fn with_environment(&self) -> Self {
        self.bind("env".into(), Binding::Environment)
    }

    /// Returns a scope in which a name cannot be used.
    #[must_use]
    pub(crate) fn without(&self, name: &str, hidden: Hidden) -> Self {
        self.bind(name.into(), Binding::Hidden(hidden))
    }

    /// Returns a scope with a name whose elements are still being computed.
    #[must_use]
    pub(crate) fn with_slots(&self, name: &str, slots: Arc<Slots>) -> Self {
        self.bind(name.into(), Binding::Slots(slots))
    }

    fn bind(&self, text: Arc<str>, binding: Binding) -> Self {
        let outer = self.innermost.clone();
        Self {
            innermost: Some(Arc::new(Name { text, binding, outer })),
            place: self.place.clone(),
        }
    }

    /// Returns what a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Binding> {
        self.iter()
            .find(|entry| *entry.text == *name)
            .map(|entry| &entry.binding)
    }

    /// Returns all names, the innermost first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let usable = |entry: &&Name| !matches!(entry.binding, Binding::Hidden(_));
        self.iter().filter(usable).map(|entry| &*entry.text)
    }

    /// Returns the name that has a member of the given name, such as `var` for that of a variable.
    pub(super) fn owner_of(&self, member: &str) -> Option<&str> {
        self.iter()
            .find(|entry| match &entry.binding {
                Binding::Members { values, .. } => {
                    values.as_map().is_some_and(|map| map.get(member).is_some())
                }
                Binding::Slots(slots) => slots.values.contains_key(member),
                _ => false,
            })
            .map(|entry| &*entry.text)
    }

    /// Returns the place that functions are called from, `None` where none can be called.
    pub(super) fn place(&self) -> Option<&Arc<Place>> {
        self.place.as_ref()
    }

    fn iter(&self) -> impl Iterator<Item = &Name> + Clone {
        std::iter::successors(self.innermost.as_deref(), |entry| entry.outer.as_deref())
    }
}
