//! The `==` of the language.

use super::{Type, Value};

/// Compares two values as `==` does; `None` when that depends on something unknown.
///
/// Nulls are equal to each other. Values of different types are never equal, so that `1 == "1"` is false, and neither
/// is a list of one type equal to a tuple.
pub fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Null(_), Value::Null(_)) => Some(true),
        _ => equal_in_type(left, right),
    }
}

/// Compares two values and their types. Of nulls only the types count.
fn equal_in_type(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() || !same_element(left.element_type(), right.element_type()) {
                return Some(false);
            }
            all_equal(
                left.iter()
                    .zip(right)
                    .map(|(left, right)| equal_in_type(left, right)),
            )
        }
        (Value::Map(left), Value::Map(right)) => {
            if left.len() != right.len() || !same_element(left.element_type(), right.element_type()) {
                return Some(false);
            }
            all_equal(left.iter().map(|(key, left)| match right.get(key) {
                Some(right) => equal_in_type(left, right),
                None => Some(false),
            }))
        }
        (left, right) => Some(left == right),
    }
}

fn same_element(left: Option<&Type>, right: Option<&Type>) -> bool {
    left == right
}

/// A difference decides, whatever is unknown elsewhere.
fn all_equal(pairs: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for pair in pairs {
        match pair {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::{List, convert};
    use super::*;

    #[test]
    fn equality_is_ctys() {
        let texts = convert(&Value::tuple(["a".into()]), &Type::list(Type::String)).unwrap();
        for (left, right, expected) in [
            (Value::from(1), Value::from(1), Some(true)),
            (Value::from(1), Value::from("1"), Some(false)),
            (Value::NULL, Value::Null(Type::String), Some(true)),
            (Value::NULL, Value::from("a"), Some(false)),
            (Value::UNKNOWN, Value::from("a"), None),
            (Value::tuple(["a".into()]), Value::tuple(["a".into()]), Some(true)),
            (Value::tuple(["a".into()]), texts.clone(), Some(false)),
            (texts.clone(), texts, Some(true)),
            (
                Value::tuple([Value::NULL]),
                Value::tuple([Value::Null(Type::String)]),
                Some(false),
            ),
            (
                Value::object([("a", Value::from(1)), ("b", 2.into())]),
                Value::object([("b", Value::from(2)), ("a", 1.into())]),
                Some(true),
            ),
            (
                Value::tuple([Value::UNKNOWN, 1.into()]),
                Value::tuple([1.into(), 2.into()]),
                Some(false),
            ),
            (
                Value::List(List::of(Type::String, Vec::new())),
                Value::List(List::of(Type::Number, Vec::new())),
                Some(false),
            ),
        ] {
            assert_eq!(equal(&left, &right), expected, "{left:?} == {right:?}");
        }
    }
}
