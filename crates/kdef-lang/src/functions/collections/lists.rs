//! Lists: parts of them, their order, and new ones.

use std::cmp::Ordering;

use super::{Answer, CallContext, Function, Parameter, Stop, any_list, element_type, function, like, list};
use crate::value::{List, Number, Type, Value, convert, unify};

/// Elements that `range` makes at most, as in Terraform.
const MAX_RANGE: usize = 1024;

/// Elements that `setproduct` makes at most.
const MAX_PRODUCT: usize = 100_000;

pub(in super::super) const CHUNKLIST: Function =
    function("chunklist", &[list("list"), Parameter::number("size")], chunklist)
        .returns(|| Type::list(any_list()))
        .doc("Splits a list into lists of a length.")
        .notes("The last one may be shorter. A size of 0 leaves all elements in one list.")
        .examples(&[(
            r#"chunklist(["a", "b", "c", "d", "e"], 2)"#,
            r#"[["a", "b"], ["c", "d"], ["e"]]"#,
        )]);

pub(in super::super) const COMPACT: Function = function("compact", &[Parameter::texts("list")], |call| {
    let list = call.list(0)?;
    let kept = list
        .iter()
        .filter(|item| item.as_str().is_some_and(|text| !text.is_empty()));
    Ok(like(list, kept.cloned().collect()))
})
.returns_texts()
.doc("Removes null and empty texts from a list.")
.examples(&[(r#"compact(["a", "", "b", null])"#, r#"["a", "b"]"#)]);

pub(in super::super) const CONCAT: Function = function("concat", &[Parameter::any("list")], concat)
    .variadic(Parameter::any("lists"))
    .returns(any_list)
    .doc("Joins lists into one.")
    .examples(&[(r#"concat(["a", ""], ["b", "c"])"#, r#"["a", "", "b", "c"]"#)]);

pub(in super::super) const ELEMENT: Function = function(
    "element",
    &[Parameter::any("list"), Parameter::number("index")],
    element,
)
.doc("Returns the element of a list at an index that begins anew at the end of the list.")
.notes("A negative index counts from the end. Use `list[index]` where an index beyond the end is a mistake.")
.examples(&[
    (r#"element(["a", "b", "c"], 1)"#, r#""b""#),
    (r#"element(["a", "b", "c"], 3)"#, r#""a""#),
    (r#"element(["a", "b", "c"], -1)"#, r#""c""#),
]);

pub(in super::super) const FLATTEN: Function = function("flatten", &[Parameter::any("list")], flatten)
    .returns(any_list)
    .doc("Puts the elements of lists within a list in the place of those lists, however deep.")
    .examples(&[(
        r#"flatten([["a", "b"], [], [["c"], "d"]])"#,
        r#"["a", "b", "c", "d"]"#,
    )]);

pub(in super::super) const ONE: Function = function("one", &[Parameter::any("list")], one)
    .doc("Returns the only element of a list, or null when the list is empty.")
    .notes("A list of several elements is an error.")
    .examples(&[(r#"one(["a"])"#, r#""a""#), ("one([])", "null")]);

pub(in super::super) const RANGE: Function = function("range", &[Parameter::number("number")], range)
    .variadic(Parameter::number("numbers"))
    .returns(|| Type::list(Type::Number))
    .doc("Returns a list of numbers with a step between them.")
    .notes(
        "It is called with an end, with start and end, or with start, end and step. The start is 0 where it is not \
         given, the step 1, or -1 where the end is before the start. The end is not part of the list, which has at most \
         1024 elements.",
    )
    .examples(&[
        ("range(3)", "[0, 1, 2]"),
        ("range(1, 4)", "[1, 2, 3]"),
        ("range(1, 8, 2)", "[1, 3, 5, 7]"),
    ]);

pub(in super::super) const REVERSE: Function = function("reverse", &[Parameter::any("list")], |call| {
    let list = call.list(0)?;
    Ok(like(list, list.iter().rev().cloned().collect()))
})
.returns(any_list)
.doc("Returns a list in the opposite order.")
.notes("For texts there is `strrev`.")
.examples(&[("reverse([1, 2, 3])", "[3, 2, 1]")]);

pub(in super::super) const SETPRODUCT: Function = function(
    "setproduct",
    &[Parameter::any("set"), Parameter::any("other_set")],
    setproduct,
)
.variadic(Parameter::any("other_sets"))
.returns(|| Type::list(any_list()))
.doc("Returns every combination of one element of each list.")
.notes("Combinations have the order of the lists; there are at most 100000.")
.examples(&[(
    r#"setproduct(["dev", "prod"], ["a", "b"])"#,
    r#"[["dev", "a"], ["dev", "b"], ["prod", "a"], ["prod", "b"]]"#,
)]);

pub(in super::super) const SLICE: Function = function(
    "slice",
    &[
        Parameter::any("list"),
        Parameter::number("start_index"),
        Parameter::number("end_index"),
    ],
    slice,
)
.returns(any_list)
.doc("Returns the elements of a list from one index up to, but without, another.")
.examples(&[(r#"slice(["a", "b", "c", "d"], 1, 3)"#, r#"["b", "c"]"#)]);

pub(in super::super) const SORT: Function = function("sort", &[Parameter::texts("list")], sort)
    .returns_texts()
    .doc("Sorts a list of texts by the code points of their characters.")
    .examples(&[(r#"sort(["e", "d", "a", "x"])"#, r#"["a", "d", "e", "x"]"#)]);

pub(in super::super) const SUM: Function = function("sum", &[Parameter::any("list")], sum)
    .returns_number()
    .doc("Adds the numbers of a list.")
    .examples(&[("sum([10, 13, 6, 4.5])", "33.5")]);

fn chunklist(call: &CallContext<'_>) -> Answer {
    let (list, size) = (call.list(0)?, call.count(1)?);
    let ty = list
        .element_type()
        .map_or_else(any_list, |it| Type::list(it.clone()));
    let size = if size == 0 { list.len().max(1) } else { size };
    let chunks = list.items().chunks(size).map(|chunk| like(list, chunk.to_vec()));
    Ok(Value::List(List::of(ty, chunks.collect())))
}

fn concat(call: &CallContext<'_>) -> Answer {
    let lists = (0..call.arguments.len()).map(|index| call.list(index));
    let lists = lists.collect::<Result<Vec<&List>, Stop>>()?;
    let types: Option<Vec<Type>> = lists.iter().map(|list| list.element_type().cloned()).collect();
    let items = lists.iter().flat_map(|list| list.iter()).cloned();
    let Some(common) = types.and_then(|types| unify(&types)) else {
        return Ok(Value::tuple(items));
    };
    let items = items
        .map(|item| convert(&item, &common))
        .collect::<Result<Vec<_>, _>>();
    match items {
        Ok(items) => Ok(Value::List(List::of(common, items))),
        Err(problem) => Err(call.fail(format!("the elements do not fit each other: {problem}"))),
    }
}

fn element(call: &CallContext<'_>) -> Answer {
    let (list, index) = (call.list(0)?, call.integer(1)?);
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let index = index.checked_rem_euclid(length);
    let item = index.and_then(|index| list.items().get(usize::try_from(index).ok()?));
    match item {
        Some(item) => Ok(item.clone()),
        None => Err(call.error(0, "must not be empty")),
    }
}

fn flatten(call: &CallContext<'_>) -> Answer {
    let mut items = Vec::new();
    flatten_into(call.list(0)?, &mut items);
    Ok(Value::tuple(items))
}

/// Values are never deeper than a recursion may go.
fn flatten_into(list: &List, into: &mut Vec<Value>) {
    for item in list {
        match item {
            Value::List(inner) => flatten_into(inner, into),
            other => into.push(other.clone()),
        }
    }
}

fn one(call: &CallContext<'_>) -> Answer {
    let list = call.list(0)?;
    match list.items() {
        [] => Ok(Value::Null(list.element_type().cloned().unwrap_or(Type::Any))),
        [only] => Ok(only.clone()),
        several => Err(call.error(0, format!("must have no or one element, not {}", several.len()))),
    }
}

fn range(call: &CallContext<'_>) -> Answer {
    let (start, end, step) = match call.arguments.len() {
        1 => (Number::ZERO, call.number(0)?.clone(), None),
        2 => (call.number(0)?.clone(), call.number(1)?.clone(), None),
        3 => (
            call.number(0)?.clone(),
            call.number(1)?.clone(),
            Some(call.number(2)?.clone()),
        ),
        _ => {
            return Err(call.error(
                3,
                "is too much: `range` takes an end, start and end, or start, end and step",
            ));
        }
    };
    let down = Number::from(-1);
    let step = step.unwrap_or_else(|| if end < start { down } else { 1.into() });
    let beyond = match step.compare(&Number::ZERO) {
        Ordering::Equal => return Err(call.error(2, "must not be 0, as a step")),
        Ordering::Greater if end < start => {
            return Err(call.error(1, "must not be less than the start where the step is positive"));
        }
        Ordering::Less if end > start => {
            return Err(call.error(1, "must not be greater than the start where the step is negative"));
        }
        direction => direction,
    };
    let mut items = Vec::new();
    let mut number = start;
    while number.compare(&end) == beyond.reverse() {
        if items.len() == MAX_RANGE {
            return Err(call.fail(format!(
                "the list would have more than the limit of {MAX_RANGE} elements"
            )));
        }
        let next = number
            .add(&step)
            .map_err(|error| call.fail(format!("a number {error}")))?;
        items.push(Value::Number(std::mem::replace(&mut number, next)));
    }
    Ok(Value::List(List::of(Type::Number, items)))
}

fn setproduct(call: &CallContext<'_>) -> Answer {
    let lists = (0..call.arguments.len()).map(|index| {
        let list = call.list(index)?;
        let common = element_type(list).ok_or_else(|| call.error(index, "must have elements of one type"))?;
        match convert(&Value::List(list.clone()), &Type::list(common.clone())) {
            Ok(Value::List(list)) => Ok((common, list)),
            _ => Err(call.error(index, "must have elements of one type")),
        }
    });
    let (types, lists): (Vec<Type>, Vec<List>) = lists.collect::<Result<Vec<_>, Stop>>()?.into_iter().unzip();
    let total = lists
        .iter()
        .try_fold(1_usize, |total, list| total.checked_mul(list.len()));
    let Some(total) = total.filter(|total| *total <= MAX_PRODUCT) else {
        return Err(call.fail(format!(
            "there are more than the limit of {MAX_PRODUCT} combinations"
        )));
    };
    call.steps(total as u64 * (lists.len() as u64 + 1))?;
    let combination = |mut index: usize| {
        let mut items: Vec<Value> = Vec::with_capacity(lists.len());
        for list in lists.iter().rev() {
            items.extend(list.items().get(index % list.len()).cloned());
            index /= list.len();
        }
        items.reverse();
        Value::tuple(items)
    };
    let items = (0..total).map(combination).collect();
    Ok(Value::List(List::of(Type::tuple(types), items)))
}

fn slice(call: &CallContext<'_>) -> Answer {
    let (list, start, end) = (call.list(0)?, call.count(1)?, call.count(2)?);
    if end > list.len() {
        let problem = format!("must not be greater than the length of the list, {}", list.len());
        return Err(call.error(2, problem));
    }
    match list.items().get(start..end) {
        Some(items) => Ok(like(list, items.to_vec())),
        None => Err(call.error(1, "must not be greater than `end_index`")),
    }
}

fn sort(call: &CallContext<'_>) -> Answer {
    let list = call.list(0)?;
    if let Some(index) = list.iter().position(Value::is_null) {
        return Err(call.error(0, format!("must not hold null, as it does at [{index}]")));
    }
    let mut items = list.items().to_vec();
    items.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    Ok(like(list, items))
}

fn sum(call: &CallContext<'_>) -> Answer {
    let list = call.list(0)?;
    if list.is_empty() {
        return Err(call.error(0, "must not be empty"));
    }
    let mut sum = Number::ZERO;
    for (index, item) in list.iter().enumerate() {
        let problem = |problem: String| call.error(0, format!("must hold numbers: {problem}, at [{index}]"));
        match convert(item, &Type::Number).map_err(|error| problem(error.to_string()))? {
            Value::Number(number) => {
                sum = sum
                    .add(&number)
                    .map_err(|error| call.fail(format!("the sum {error}")))?;
            }
            _ => return Err(problem("there is a null".to_owned())),
        }
    }
    Ok(sum.into())
}
