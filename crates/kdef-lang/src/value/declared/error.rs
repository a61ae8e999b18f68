//! What can be wrong with a declared type.

use std::fmt;

use kdef_source::nearest;

use crate::value::ConvertError;

/// The names that types begin with.
const NAMES: [&str; 10] = [
    "string", "number", "bool", "any", "enum", "list", "set", "map", "tuple", "object",
];

/// What other languages call a type, and its name here.
const FOREIGN: [(&str, &str); 10] = [
    ("int", "number"),
    ("integer", "number"),
    ("float", "number"),
    ("double", "number"),
    ("boolean", "bool"),
    ("text", "string"),
    ("str", "string"),
    ("array", "list"),
    ("dict", "map"),
    ("struct", "object"),
];

/// Why something is not a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredTypeError {
    /// The type is not known.
    Unknown {
        /// What is written.
        name: String,
        /// The one that is probably meant, if there is any.
        meant: Option<&'static str>,
    },
    /// An `enum` has no words.
    EmptyEnum,
    /// A word of an `enum` is computed.
    EnumWord,
    /// A type takes something else in its parentheses.
    Arguments {
        /// Its name, such as `list`.
        name: &'static str,
        /// What it takes, with an example.
        takes: &'static str,
    },
    /// `optional` stands somewhere else than in an `object`.
    OptionalOutside,
    /// An attribute of an `object` has a name that is not written out.
    AttributeName,
    /// An attribute of an `object` is declared twice.
    AttributeTwice(String),
    /// The default of an attribute is computed.
    DefaultNotConstant,
    /// The default of an attribute does not fit its type.
    Default(ConvertError),
    /// A bracket is missing, or something stands where no type can be.
    Malformed,
    /// It is nested more than 32 levels deep.
    TooDeep,
}

impl DeclaredTypeError {
    /// The types there are, as advice.
    pub const HINT: &'static str = "types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), \
                                    tuple([T, U]) and object({ a = T, b = optional(T) })";

    pub(super) fn unknown(name: &str) -> Self {
        let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
        Self::Unknown {
            name: name.to_owned(),
            meant: foreign
                .map(|(_, own)| *own)
                .or_else(|| nearest(name, NAMES.into_iter().chain(["optional"]))),
        }
    }

    /// Says what a type takes in its parentheses; `None` when it takes nothing.
    pub(super) fn arguments(name: &str) -> Option<Self> {
        let (name, takes) = match name {
            "list" => ("list", "one type, as in list(string)"),
            "set" => ("set", "one type, as in set(string)"),
            "map" => ("map", "one type, as in map(string)"),
            "tuple" => ("tuple", "types in brackets, as in tuple([string, number])"),
            "object" => ("object", "attributes in braces, as in object({ name = string })"),
            "optional" => (
                "optional",
                "a type, and a default if there is one, as in optional(number, 3)",
            ),
            _ => return None,
        };
        Some(Self::Arguments { name, takes })
    }

    /// Returns the known type that was probably meant, for "did you mean".
    pub fn suggestion(&self) -> Option<&'static str> {
        match self {
            Self::Unknown { meant, .. } => *meant,
            _ => None,
        }
    }

    /// Returns what to do where there is no suggestion.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unknown { .. } | Self::EmptyEnum | Self::Malformed => Some(Self::HINT),
            Self::DefaultNotConstant => {
                Some("a default is a value that is written out, without names and functions")
            }
            Self::OptionalOutside => Some("a variable is optional with `default = null`"),
            _ => None,
        }
    }
}

impl fmt::Display for DeclaredTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, .. } if name.is_empty() => f.write_str("the type is empty"),
            Self::Unknown { name, .. } => write!(f, "there is no type `{name}`"),
            Self::EnumWord => f.write_str("the words of an enum are written out"),
            Self::EmptyEnum => f.write_str("an enum needs at least one word"),
            Self::Arguments { name, takes } => write!(f, "`{name}` takes {takes}"),
            Self::OptionalOutside => f.write_str("`optional` is for the attributes of an `object` only"),
            Self::AttributeName => {
                f.write_str("the attributes of an `object` have names that are written out")
            }
            Self::AttributeTwice(name) => write!(f, "the attribute `{name}` is declared twice"),
            Self::DefaultNotConstant => f.write_str("the default of an attribute cannot be computed"),
            Self::Default(error) => write!(f, "the default of the attribute: {error}"),
            Self::Malformed => f.write_str("the type cannot be read"),
            Self::TooDeep => f.write_str("the type is nested more than 32 levels deep"),
        }
    }
}
