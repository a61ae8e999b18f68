//! Merging of an override into the block that it changes.

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::Spanned;

use crate::Block;
use crate::block::{Content, Entry, Places};
use crate::schema::Repeat;
use crate::value::{Map, Value};

/// Merges what an override restates into a block.
///
/// Attributes that are restated win and the others stay; maps merge by key and lists are replaced. Blocks that stand once
/// merge, blocks with labels merge with those of the same labels, free-form blocks merge by entry, blocks that are told
/// apart by their `name` merge with the one of that name (without a name with the first), and other blocks without labels
/// that may repeat are replaced, all of their kind.
pub(crate) fn merge(target: &mut Block, mut part: Block) {
    let changes: Vec<_> = part
        .set_attributes()
        .map(|(schema, content, span)| (schema, content.clone(), span))
        .collect();
    for (schema, content, span) in changes {
        let content = match content {
            Content::Map(map) => {
                let mut merged = target.take_map(schema.name);
                merged.extend(map);
                Content::Map(merged)
            }
            other => other,
        };
        target.set(schema, content, span);
    }
    part.lost().for_each(|name| target.lose(name));
    let mut known = target.take_entries();
    for (name, entry) in part.take_entries() {
        let entry = match known.remove(&name) {
            Some(known) => merge_entry(&known, entry),
            None => entry,
        };
        known.insert(name, entry);
    }
    for (name, entry) in known {
        target.set_entry(name, entry);
    }
    merge_blocks(target, std::mem::take(part.blocks_mut()));
}

fn merge_blocks(target: &mut Block, parts: Vec<Block>) {
    let is_replaced = |part: &Block, target: &Block| {
        let rule = target.schema().child(part.kind());
        part.schema().labels.is_empty() && rule.is_some_and(|rule| rule.repeat == Repeat::Many)
    };
    let mut cleared: Vec<&'static str> = Vec::new();
    for part in parts {
        if is_replaced(&part, target) {
            if !cleared.contains(&part.kind()) {
                cleared.push(part.kind());
                target.blocks_mut().retain(|block| block.kind() != part.kind());
            }
            target.push_block(part);
            continue;
        }
        let rule = target.schema().child(part.kind());
        let by_name = rule.is_some_and(|rule| rule.repeat == Repeat::Named);
        let is_same = |block: &&mut Block| {
            block.kind() == part.kind()
                && if by_name {
                    part.name().is_empty() || block.name() == part.name()
                } else {
                    labels(block).eq(labels(&part))
                }
        };
        match target.blocks_mut().iter_mut().find(is_same) {
            Some(block) => merge(block, part),
            None => target.push_block(part),
        }
    }
}

fn merge_entry(known: &Entry, part: Entry) -> Entry {
    let (value, places) = match (&known.value.value, &part.value.value) {
        (Value::Map(map), Value::Map(restated)) => {
            let mut places = known.places.clone();
            (merge_maps(map, restated, &mut places, part.places), places)
        }
        (_, restated) => (restated.clone(), part.places),
    };
    Entry {
        name_span: part.name_span,
        value: Spanned::new(value, part.value.span),
        places,
    }
}

/// Merges maps by key, at every depth. Other values are replaced, but by null, which counts as not written.
fn merge_maps(known: &Map, restated: &Map, places: &mut Places, mut restated_places: Places) -> Value {
    let mut merged: IndexMap<Arc<str>, Value> = known
        .iter()
        .map(|(key, value)| (Arc::clone(key), value.clone()))
        .collect();
    for (key, value) in restated.iter().filter(|(_, value)| !value.is_null()) {
        let known_place = places.0.remove(key);
        let restated_place = restated_places.0.remove(key);
        let (value, place) = match (merged.get(key), value) {
            (Some(Value::Map(known)), Value::Map(restated)) => {
                let mut place = known_place.or_else(|| restated_place.clone());
                let inside = restated_place.map(|place| place.inside).unwrap_or_default();
                let mut nowhere = Places::default();
                let known_inside = place.as_mut().map_or(&mut nowhere, |place| &mut place.inside);
                (merge_maps(known, restated, known_inside, inside), place)
            }
            _ => (value.clone(), restated_place),
        };
        merged.insert(Arc::clone(key), value);
        places.0.extend(place.map(|place| (Arc::clone(key), place)));
    }
    Value::Map(Map::object(merged))
}

fn labels(block: &Block) -> impl Iterator<Item = &Arc<str>> {
    block.labels().iter().map(|label| &label.value)
}
