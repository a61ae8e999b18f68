use super::*;

/// The deepest value that evaluation lets pass; tests run on threads with a stack of 2 MiB.
#[test]
fn deep_values_do_not_overflow_the_stack() {
    let nested = |innermost: Value| {
        (0..MAX_DEPTH / 2).fold(innermost, |inner, _| {
            Value::tuple([Value::object([("a", inner)])])
        })
    };
    let (deep, other) = (nested(1.into()), nested("x".into()));
    assert_eq!(deep.depth(), MAX_DEPTH);
    let list_of_maps = |element: Type| Type::list(Type::map(element));
    let want = (0..MAX_DEPTH / 2).fold(Type::Any, |inner, _| list_of_maps(inner));
    let converted = convert(&deep, &want).unwrap();
    assert_eq!(converted.depth(), MAX_DEPTH);
    assert_eq!(convert(&deep, &deep.ty()), Ok(deep.clone()));
    assert_eq!(unify(&[deep.ty(), other.ty()]), Some(other.ty()));
    assert_eq!(equal(&deep, &other), Some(false));
    assert_eq!(equal(&converted, &converted), Some(true));
    let json = deep.to_json().unwrap();
    assert_eq!(Value::from_json(&json), Ok(deep.clone()));
    assert!(format!("{deep:?}{}", deep.ty()).len() > MAX_DEPTH as usize);
}

#[test]
fn collections_know_what_is_in_them() {
    let text = "x".repeat(160);
    for (value, weight, depth, known) in [
        (Value::NULL, 1, 0, true),
        (Value::from(5), 1, 0, true),
        (Value::from(text.as_str()), 11, 0, true),
        (Value::Number(Number::parse("1e4000").unwrap()), 251, 0, true),
        (Value::tuple([]), 1, 1, true),
        (Value::tuple([1.into(), Value::UNKNOWN]), 3, 1, false),
        (
            Value::object([(text.as_str(), Value::tuple([1.into()]))]),
            13,
            2,
            true,
        ),
    ] {
        let found = (value.weight(), value.depth(), value.is_wholly_known());
        assert_eq!(found, (weight, depth, known), "{value:?}");
    }
}

#[test]
fn maps_keep_their_order_and_iterate_by_key() {
    let map = Value::object([("b", Value::from(1)), ("a", 2.into()), ("b", 3.into())]);
    let keys: Vec<&str> = map.as_map().unwrap().keys().collect();
    assert_eq!(keys, ["b", "a"]);
    assert_eq!(
        map.elements(),
        Some(vec![("a".into(), 2.into()), ("b".into(), 3.into())])
    );
    assert_eq!(
        Value::tuple(["x".into()]).elements(),
        Some(vec![(0.into(), "x".into())])
    );
    assert_eq!(Value::from("x").elements(), None);
}

#[test]
fn text_is_what_a_template_shows() {
    for (value, text) in [
        (Value::from("a"), Some("a")),
        (Value::from(8080), Some("8080")),
        (Value::Number(Number::parse("0.10").unwrap()), Some("0.1")),
        (Value::from(false), Some("false")),
        (Value::NULL, None),
        (Value::tuple([]), None),
    ] {
        assert_eq!(value.text().as_deref(), text, "{value:?}");
    }
}
