//! Lists and maps.

pub(super) mod choice;
pub(super) mod lists;
pub(super) mod maps;
pub(super) mod search;
pub(super) mod sets;

pub(super) use sets::set_of;

use super::{Answer, CallContext, Function, Group, Parameter, Stop};
use crate::value::{List, Type, Value};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Collections, parameters, call)
}

/// Makes a parameter that takes a list, whose elements are brought to one type.
const fn list(name: &'static str) -> Parameter {
    Parameter::new(name, any_list)
}

fn any_list() -> Type {
    Type::list(Type::Any)
}

/// Makes a list of some elements of another one, of the same kind.
fn like(list: &List, items: Vec<Value>) -> Value {
    match list.element_type() {
        Some(element) => Value::List(List::of(element.clone(), items)),
        None => Value::tuple(items),
    }
}

/// Returns the type that all elements of a list have in common.
fn element_type(list: &List) -> Option<Type> {
    match list.element_type() {
        Some(element) => Some(element.clone()),
        None if list.is_empty() => Some(Type::Any),
        None => crate::value::unify(&list.iter().map(Value::ty).collect::<Vec<_>>()),
    }
}
