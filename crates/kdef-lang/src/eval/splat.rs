//! Splats: `list[*].name`

use kdef_source::{Code, Span};
use kdef_syntax::ast::Splat;

use super::{Evaluator, Scope};
use crate::value::{List, Type, Value};

impl Evaluator<'_> {
    /// Applies what follows the splat to every element. A value that is no list counts as a list of itself, and null as
    /// an empty one.
    pub(super) fn splat(&mut self, splat: &Splat, span: Span, scope: &Scope) -> Value {
        let start = self.pending.len();
        let source = self.expr(&splat.source, scope);
        if self.pending.len() > start {
            return Value::UNKNOWN;
        }
        let value = match &source {
            Value::Null(Type::List(_) | Type::Tuple(_)) => {
                let message = "this is null, and not a list to take elements of";
                self.error(Code::UnexpectedNull, splat.source.span, message);
                Value::UNKNOWN
            }
            Value::Null(_) => Value::tuple([]),
            Value::Unknown(_) => Value::UNKNOWN,
            Value::List(list) => match list.element_type() {
                Some(element) => self.splat_list(splat, list, element, scope),
                None => Value::tuple(self.splat_items(splat, list.items(), scope)),
            },
            single => Value::tuple(self.splat_items(splat, std::slice::from_ref(single), scope)),
        };
        if self.pending.len() > start {
            return Value::Unknown(value.ty());
        }
        self.bounded(value, span)
    }

    fn splat_items(&mut self, splat: &Splat, items: &[Value], scope: &Scope) -> Vec<Value> {
        items
            .iter()
            .map(|item| self.splat_one(splat, item.clone(), scope))
            .collect()
    }

    fn splat_one(&mut self, splat: &Splat, item: Value, scope: &Scope) -> Value {
        let outer = self.splat_item.replace(item);
        let value = self.expr(&splat.each, scope);
        self.splat_item = outer;
        value
    }

    /// Makes a list of one type of what follows the splat on a list of one type.
    fn splat_list(&mut self, splat: &Splat, list: &List, element: &Type, scope: &Scope) -> Value {
        if list.is_empty() {
            // What follows is checked all the same, and tells the type of the elements that are not there.
            let value = self.splat_one(splat, Value::Unknown(element.clone()), scope);
            return Value::List(List::of(value.ty(), Vec::new()));
        }
        let items = self.splat_items(splat, list.items(), scope);
        let mut types = items.iter().map(Value::ty).filter(|ty| *ty != Type::Any);
        let first = types.next().unwrap_or(Type::Any);
        if types.all(|ty| ty == first) {
            return Value::List(List::of(first, items));
        }
        let message = "what follows the splat gives elements of different types";
        self.error(Code::WrongType, splat.mark, message);
        Value::UNKNOWN
    }
}
