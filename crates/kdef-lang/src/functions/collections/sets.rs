//! Lists as sets: without duplicates, in the order in which Terraform iterates a set.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::{Answer, CallContext, Function, Stop, any_list, function, like, list};
use crate::value::{List, Type, Value, convert, unify};

pub(in super::super) const DISTINCT: Function = function("distinct", &[list("list")], distinct)
    .returns(any_list)
    .doc("Removes the elements of a list that stand in it before.")
    .examples(&[(r#"distinct(["a", "b", "a", "c"])"#, r#"["a", "b", "c"]"#)]);

const ORDER: &str = "The result is sorted, and has no duplicates.";

pub(in super::super) const SETINTERSECTION: Function =
    function("setintersection", &[list("first_set")], |call| {
        combine(call, |one, other| one.intersection(other).cloned().collect())
    })
    .variadic(list("other_sets"))
    .returns(any_list)
    .doc("Returns the elements that are in every list.")
    .notes(ORDER)
    .examples(&[(
        r#"setintersection(["a", "b"], ["b", "c"], ["b", "d"])"#,
        r#"["b"]"#,
    )]);

pub(in super::super) const SETSUBTRACT: Function = function("setsubtract", &[list("a"), list("b")], |call| {
    combine(call, |one, other| one.difference(other).cloned().collect())
})
.returns(any_list)
.doc("Returns the elements of a list that are not in another.")
.notes(ORDER)
.examples(&[(r#"setsubtract(["c", "a", "b"], ["a"])"#, r#"["b", "c"]"#)]);

pub(in super::super) const SETUNION: Function = function("setunion", &[list("first_set")], |call| {
    combine(call, |one, other| one.union(other).cloned().collect())
})
.variadic(list("other_sets"))
.returns(any_list)
.doc("Returns the elements that are in any of the lists.")
.notes(ORDER)
.examples(&[(
    r#"setunion(["a", "b"], ["b", "c"], ["d"])"#,
    r#"["a", "b", "c", "d"]"#,
)]);

/// Returns values without duplicates, sorted.
pub(in super::super) fn set_of(items: &[Value]) -> Vec<Value> {
    let set: BTreeSet<Element> = items.iter().cloned().map(Element::new).collect();
    set.into_iter().map(|element| element.value).collect()
}

/// A value in a set. Numbers, texts and bools are ordered by what they are, others by what identifies them.
#[derive(Clone)]
struct Element {
    value: Value,
    identity: String,
}

impl Element {
    fn new(value: Value) -> Self {
        let mut identity = String::new();
        // Writing to a string cannot fail.
        let _ = identify(&value, &mut identity);
        Self { value, identity }
    }

    fn rank(&self) -> u8 {
        match self.value {
            Value::Bool(_) => 0,
            Value::Number(_) => 1,
            Value::String(_) => 2,
            Value::Null(_) => 4,
            _ => 3,
        }
    }
}

impl Ord for Element {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (Value::String(left), Value::String(right)) => left.cmp(right),
            (Value::Number(left), Value::Number(right)) => left.compare(right),
            (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
            _ => self
                .rank()
                .cmp(&other.rank())
                .then_with(|| self.identity.cmp(&other.identity)),
        }
    }
}

impl PartialOrd for Element {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Element {}

/// Writes a text that equal values of one type share, and no others. Its order is that of sets of lists and maps in cty.
fn identify(value: &Value, into: &mut String) -> fmt::Result {
    match value {
        Value::Null(_) => into.write_char('~'),
        Value::Unknown(_) => into.write_char('?'),
        Value::Bool(value) => into.write_char(if *value { 'T' } else { 'F' }),
        Value::Number(number) => write!(into, "{number}"),
        Value::String(text) => write!(into, "{text:?}"),
        Value::Reference(reference) => write!(into, "{reference:?}"),
        Value::List(list) => {
            let (open, close) = match list.element_type() {
                Some(_) => ('[', ']'),
                None => ('<', '>'),
            };
            into.push(open);
            for item in list {
                identify(item, into)?;
                into.push(';');
            }
            into.write_char(close)
        }
        Value::Map(map) => {
            let (open, close) = match map.element_type() {
                Some(_) => ('{', '}'),
                None => ('<', '>'),
            };
            into.push(open);
            for (key, item) in map.sorted() {
                if map.element_type().is_some() {
                    write!(into, "{key:?}:")?;
                }
                identify(item, into)?;
                into.push(';');
            }
            into.write_char(close)
        }
    }
}

fn distinct(call: &CallContext<'_>) -> Answer {
    let list = call.list(0)?;
    let mut seen = BTreeSet::new();
    let new = list
        .iter()
        .filter(|item| seen.insert(Element::new((*item).clone())));
    Ok(like(list, new.cloned().collect()))
}

type Set = BTreeSet<Element>;

/// Brings all arguments to one type, and combines them one after the other.
fn combine(call: &CallContext<'_>, operation: fn(&Set, &Set) -> Set) -> Answer {
    let lists = (0..call.arguments.len()).map(|index| call.list(index));
    let lists = lists.collect::<Result<Vec<&List>, Stop>>()?;
    let types: Vec<Type> = lists
        .iter()
        .filter_map(|list| list.element_type())
        .filter(|ty| **ty != Type::Any)
        .cloned()
        .collect();
    let common = match types.as_slice() {
        [] => Type::Any,
        types => unify(types).ok_or_else(|| call.fail("the elements of all lists must be of one type"))?,
    };
    let mut sets = Vec::new();
    for (index, list) in lists.into_iter().enumerate() {
        let items = list.iter().map(|item| convert(item, &common).map(Element::new));
        let set = items
            .collect::<Result<Set, _>>()
            .map_err(|problem| call.error(index, format!("does not fit the other lists: {problem}")))?;
        sets.push(set);
    }
    call.steps(sets.iter().map(|set| set.len() as u64).sum::<u64>() * sets.len() as u64)?;
    let result = sets.into_iter().reduce(|one, other| operation(&one, &other));
    let items = result
        .unwrap_or_default()
        .into_iter()
        .map(|element| element.value);
    Ok(Value::List(List::of(common, items.collect())))
}
