//! The one type that several types convert to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Type;
use super::convert::converts;

/// Different types that are compared with each other; more than that have none in common.
const MAX_TYPES: usize = 256;

/// Returns the most special type that all the given types convert to, by the rules of cty's `convert.UnifyUnsafe`;
/// `None` when there is none.
///
/// Numbers and bools go with strings as strings; objects of the same names go attribute by attribute, others become
/// maps; tuples of the same length go element by element, others become lists.
pub fn unify(types: &[Type]) -> Option<Type> {
    let mut distinct: Vec<&Type> = Vec::new();
    for ty in types {
        if !distinct.contains(&ty) {
            if distinct.len() == MAX_TYPES {
                return None;
            }
            distinct.push(ty);
        }
    }
    unify_distinct(&distinct)
}

/// How many of the types are of which kind.
#[derive(Default)]
struct Kinds {
    any: usize,
    lists: usize,
    tuples: usize,
    maps: usize,
    objects: usize,
}

impl Kinds {
    fn count(types: &[&Type]) -> Self {
        let mut kinds = Self::default();
        for ty in types {
            match ty {
                Type::Any => kinds.any += 1,
                Type::List(_) => kinds.lists += 1,
                Type::Tuple(_) => kinds.tuples += 1,
                Type::Map(_) => kinds.maps += 1,
                Type::Object(_) => kinds.objects += 1,
                _ => {}
            }
        }
        kinds
    }
}

fn unify_distinct(types: &[&Type]) -> Option<Type> {
    match types {
        [] => return None,
        [only] => return Some((*only).clone()),
        _ => {}
    }
    let kinds = Kinds::count(types);
    let total = types.len();
    let of_one_kind = [kinds.maps, kinds.lists, kinds.objects, kinds.tuples]
        .iter()
        .any(|count| *count > 0 && count + kinds.any == total);
    if of_one_kind && kinds.any > 0 {
        return Some(Type::Any);
    }
    if kinds.maps == total || kinds.lists == total {
        return unify_elements(types);
    }
    if kinds.objects == total {
        return unify_objects(types);
    }
    if kinds.tuples == total {
        return unify_tuples(types);
    }
    let like_maps = kinds.maps > 0 && kinds.maps + kinds.objects + kinds.any == total;
    let like_lists = kinds.lists > 0 && kinds.lists + kinds.tuples + kinds.any == total;
    if (like_maps || like_lists)
        && let Some(ty) = unify_as_collections(types)
    {
        return Some(ty);
    }
    if kinds.objects > 0 && kinds.tuples > 0 {
        return None;
    }
    preferred(types)
}

/// Unifies lists with lists, or maps with maps, by their elements.
fn unify_elements(types: &[&Type]) -> Option<Type> {
    let elements: Vec<Type> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::List(element) | Type::Map(element) => Some(Type::clone(element)),
            _ => None,
        })
        .collect();
    let element = unify(&elements)?;
    let unified = match types.first()? {
        Type::Map(_) => Type::map(element),
        _ => Type::list(element),
    };
    all_convert(types, unified)
}

fn unify_objects(types: &[&Type]) -> Option<Type> {
    let objects: Vec<&BTreeMap<Arc<str>, Type>> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Object(attributes) => Some(&**attributes),
            _ => None,
        })
        .collect();
    let first = objects.first()?;
    if !objects.iter().all(|object| object.keys().eq(first.keys())) {
        return unify_into_map(types);
    }
    let attributes = first.keys().map(|name| {
        let across: Vec<Type> = objects
            .iter()
            .filter_map(|object| object.get(name).cloned())
            .collect();
        Some((Arc::clone(name), unify(&across)?))
    });
    let unified = Type::object(attributes.collect::<Option<Vec<_>>>()?);
    all_convert(types, unified).or_else(|| unify_into_map(types))
}

fn unify_tuples(types: &[&Type]) -> Option<Type> {
    let tuples: Vec<&Vec<Type>> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Tuple(elements) => Some(&**elements),
            _ => None,
        })
        .collect();
    let length = tuples.first()?.len();
    if !tuples.iter().all(|tuple| tuple.len() == length) {
        return unify_into_list(types);
    }
    let elements = (0..length).map(|index| {
        let across: Vec<Type> = tuples
            .iter()
            .filter_map(|tuple| tuple.get(index).cloned())
            .collect();
        unify(&across)
    });
    let unified = Type::tuple(elements.collect::<Option<Vec<_>>>()?);
    all_convert(types, unified).or_else(|| unify_into_list(types))
}

/// Unifies objects into a map of the type that all their attributes have in common.
fn unify_into_map(types: &[&Type]) -> Option<Type> {
    let attributes: Vec<Type> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Object(attributes) => Some(attributes.values().cloned()),
            _ => None,
        })
        .flatten()
        .collect();
    all_convert(types, Type::map(unify(&attributes)?))
}

/// Unifies tuples into a list of the type that all their elements have in common.
fn unify_into_list(types: &[&Type]) -> Option<Type> {
    let elements: Vec<Type> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Tuple(elements) => Some(elements.iter().cloned()),
            _ => None,
        })
        .flatten()
        .collect();
    all_convert(types, Type::list(unify(&elements)?))
}

/// Unifies objects with maps as maps, or tuples with lists as lists.
fn unify_as_collections(types: &[&Type]) -> Option<Type> {
    let (structural, mut rest): (Vec<&Type>, Vec<&Type>) = types
        .iter()
        .copied()
        .partition(|ty| matches!(ty, Type::Object(_) | Type::Tuple(_)));
    let collection = match structural.first()? {
        Type::Object(_) => unify_into_map(&structural)?,
        _ => unify_into_list(&structural)?,
    };
    rest.push(&collection);
    let rest: Vec<Type> = rest.into_iter().cloned().collect();
    unify(&rest).filter(|ty| matches!(ty, Type::Map(_) | Type::List(_)))
}

fn all_convert(types: &[&Type], unified: Type) -> Option<Type> {
    types.iter().all(|ty| converts(ty, &unified)).then_some(unified)
}

/// Returns the first type, the more general ones first, that all others convert to.
fn preferred(types: &[&Type]) -> Option<Type> {
    let mut waiting: Vec<usize> = (0..types.len()).collect();
    while !waiting.is_empty() {
        // The next is one that no other waiting type is more general than.
        let next = waiting.iter().position(|candidate| {
            !waiting
                .iter()
                .any(|other| more_general(types[*other], types[*candidate]))
        })?;
        let ty = types[waiting.remove(next)];
        if types.iter().all(|other| converts(other, ty)) {
            return Some(ty.clone());
        }
    }
    None
}

/// Tells whether everything of type `right` can be written as `left`, as far as kinds alone say.
fn more_general(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Any, _) => false,
        (_, Type::Any) | (Type::List(_), Type::Tuple(_)) | (Type::Map(_), Type::Object(_)) => true,
        (Type::String, right) => right.is_primitive() && *right != Type::String,
        (Type::List(left), Type::List(right)) | (Type::Map(left), Type::Map(right)) => {
            more_general(left, right)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(attributes: &[(&str, Type)]) -> Type {
        Type::object(attributes.iter().map(|(name, ty)| ((*name).into(), ty.clone())))
    }

    #[test]
    fn types_unify_as_in_cty() {
        let (any, text, number, truth) = (Type::Any, Type::String, Type::Number, Type::Bool);
        let tuple = |elements: &[&Type]| Type::tuple(elements.iter().map(|ty| (*ty).clone()).collect());
        let cases = [
            (vec![number.clone(), text.clone()], Some("string")),
            (vec![truth.clone(), text.clone(), number.clone()], Some("string")),
            (vec![truth.clone(), number.clone()], None),
            (vec![any.clone(), number.clone()], Some("number")),
            (vec![Type::Reference, text.clone()], None),
            (vec![tuple(&[]), text.clone()], None),
            (vec![tuple(&[&number]), tuple(&[&text])], Some("tuple([string])")),
            (
                vec![tuple(&[&number, &text]), tuple(&[&truth])],
                Some("list(string)"),
            ),
            (vec![tuple(&[]), tuple(&[&number])], Some("list(number)")),
            (vec![tuple(&[&any]), tuple(&[&number])], Some("tuple([number])")),
            (
                vec![tuple(&[&number]), Type::list(text.clone())],
                Some("list(string)"),
            ),
            (vec![tuple(&[&number]), any.clone()], Some("any")),
            (
                vec![Type::list(number.clone()), Type::list(text.clone())],
                Some("list(string)"),
            ),
            (vec![object(&[]), tuple(&[])], None),
            (
                vec![object(&[("a", number.clone())]), object(&[("a", text.clone())])],
                Some("object({a = string})"),
            ),
            (
                vec![object(&[("a", number.clone())]), object(&[("b", text.clone())])],
                Some("map(string)"),
            ),
            (
                vec![object(&[("a", number.clone())]), object(&[("a", tuple(&[]))])],
                None,
            ),
            (
                vec![object(&[("a", number.clone())]), Type::map(truth.clone())],
                None,
            ),
            (
                vec![object(&[("a", number.clone())]), Type::map(text.clone())],
                Some("map(string)"),
            ),
        ];
        for (types, expected) in cases {
            let unified = unify(&types).map(|ty| ty.to_string());
            assert_eq!(unified.as_deref(), expected, "{types:?}");
        }
        assert_eq!(unify(&[]), None);
    }
}
