//! The functions of the language.
//!
//! [`ALL`] is the one table of them: calling, checking of arguments, completion and the reference read it. A function
//! is pure but for what its [`CallContext`] lets it see. Arguments arrive converted to the types of their parameters,
//! wholly known, and null only where the parameter allows it.
//!
//! ```
//! let names: Vec<&str> = kdef_lang::functions::names().collect();
//! assert_eq!(names, ["configmap", "field_ref", "file", "image", "secret"]);
//! let secret = kdef_lang::functions::find("secret").unwrap();
//! assert_eq!(secret.signature(), "secret(name, key)");
//! ```

mod file;
mod image;
mod references;
#[cfg(test)]
mod tests;

use kdef_source::{Code, Diagnostic, Span, Spanned, World};

use crate::eval::{Budget, Place};
use crate::value::{Type, Value};

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// The name that it is called by.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// The arguments that must be given.
    pub parameters: &'static [Parameter],
    /// What any further arguments are, where they are allowed.
    pub variadic: Option<Parameter>,
    /// The type of its result, as far as it does not depend on the arguments.
    pub returns: fn() -> Type,
    pub(crate) call: Implementation,
}

/// What computes a function.
pub(crate) type Implementation = fn(&CallContext<'_>, &[Spanned<Value>]) -> Result<Value, Box<Diagnostic>>;

/// A parameter of a [`Function`].
#[derive(Debug)]
pub struct Parameter {
    /// The name, as messages and the reference show it.
    pub name: &'static str,
    /// The type that arguments are converted to.
    pub ty: fn() -> Type,
    /// Whether null is a proper argument.
    pub nullable: bool,
}

impl Parameter {
    /// Makes a parameter that takes text.
    const fn text(name: &'static str) -> Self {
        Self {
            name,
            ty: || Type::String,
            nullable: false,
        }
    }
}

impl Function {
    /// Returns the parameter that an argument belongs to.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }

    /// Returns how it is called, such as `secret(name, key)`.
    pub fn signature(&self) -> String {
        let mut names: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| parameter.name.to_owned())
            .collect();
        names.extend(
            self.variadic
                .iter()
                .map(|parameter| format!("{}...", parameter.name)),
        );
        format!("{}({})", self.name, names.join(", "))
    }
}

/// All functions, in the order of their names.
pub static ALL: &[Function] = &[
    references::CONFIGMAP,
    references::FIELD_REF,
    file::FILE,
    image::IMAGE,
    references::SECRET,
];

/// Returns the function of a name.
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}

/// Returns the names of all functions, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|function| function.name)
}

/// What a function sees of where it is called.
pub(crate) struct CallContext<'a> {
    world: &'a dyn World,
    place: &'a Place,
    budget: &'a Budget,
    span: Span,
}

impl<'a> CallContext<'a> {
    pub(crate) fn new(world: &'a dyn World, place: &'a Place, budget: &'a Budget, span: Span) -> Self {
        Self {
            world,
            place,
            budget,
            span,
        }
    }
}

/// Returns the text of an argument whose parameter takes text, and its place.
fn text_argument<'a>(
    context: &CallContext<'_>,
    arguments: &'a [Spanned<Value>],
    index: usize,
) -> Result<Spanned<&'a std::sync::Arc<str>>, Box<Diagnostic>> {
    match arguments.get(index) {
        Some(Spanned {
            value: Value::String(text),
            span,
        }) => Ok(Spanned::new(text, *span)),
        _ => Err(Box::new(Diagnostic::error(
            Code::FunctionCall,
            context.span,
            "an argument is missing",
        ))),
    }
}
