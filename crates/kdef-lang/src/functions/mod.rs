//! The functions of the language: Terraform's, as far as they are pure, and those for Kubernetes.
//!
//! [`ALL`] is the one table of them: calling, checking of arguments, completion and the reference read it. A function
//! is pure but for what its [`CallContext`] lets it see. Arguments arrive converted to the types of their parameters,
//! wholly known, and null only where the parameter allows it. Whatever can grow beyond its arguments asks the context
//! for room before it does.
//!
//! There is no type of sets: what Terraform gives as a set is a list without duplicates, in the order in which Terraform
//! iterates it.
//!
//! ```
//! use kdef_lang::functions::{Group, find, names};
//!
//! assert!(names().is_sorted());
//! let substr = find("substr").unwrap();
//! assert_eq!(substr.signature(), "substr(str, offset, length)");
//! assert_eq!(substr.group, Group::Strings);
//! assert_eq!(substr.examples[0], (r#"substr("hello world", 1, 4)"#, r#""ello""#));
//! ```

mod collections;
mod context;
mod conversion;
mod dates;
mod encodings;
pub(crate) mod files;
mod hashes;
mod kubernetes;
mod networks;
mod numbers;
mod strings;
#[cfg(test)]
mod tests;

pub(crate) use context::{CallContext, Stop};

use crate::value::{Type, Value};

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// The name that it is called by.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// What else there is to know, in whole sentences; may be empty.
    pub notes: &'static str,
    /// Calls and the JSON of their results; the first shows what the function is for.
    pub examples: &'static [(&'static str, &'static str)],
    /// The arguments that must be given.
    pub parameters: &'static [Parameter],
    /// What any further arguments are, where they are allowed.
    pub variadic: Option<Parameter>,
    /// The type of its result, as far as it does not depend on the arguments.
    pub returns: fn() -> Type,
    pub(crate) call: Implementation,
}

/// What computes a function.
#[derive(Debug)]
pub(crate) enum Implementation {
    /// A computation on the values of the arguments.
    Values(fn(&CallContext<'_>) -> Answer),
    /// The evaluator tries the arguments one after the other.
    Attempts,
    /// The evaluator computes the template that the first argument names.
    Template,
}

/// What comes of a call.
pub(crate) type Answer = Result<Value, Stop>;

/// What functions are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Numbers.
    Numbers,
    /// Texts.
    Strings,
    /// Lists and maps.
    Collections,
    /// JSON, YAML, base64 and others.
    Encodings,
    /// Files of the project, and paths.
    Files,
    /// Dates and times.
    Dates,
    /// Digests.
    Hashes,
    /// IP addresses.
    Networks,
    /// Types, and values that may not be there.
    Conversion,
    /// Images, secrets and other things of the cluster.
    Kubernetes,
}

impl Group {
    /// All groups, in the order in which the reference has them.
    pub const ALL: [Self; 10] = [
        Self::Numbers,
        Self::Strings,
        Self::Collections,
        Self::Encodings,
        Self::Files,
        Self::Dates,
        Self::Hashes,
        Self::Networks,
        Self::Conversion,
        Self::Kubernetes,
    ];

    /// Returns its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Strings => "strings",
            Self::Collections => "collections",
            Self::Encodings => "encodings",
            Self::Files => "files",
            Self::Dates => "dates",
            Self::Hashes => "hashes",
            Self::Networks => "networks",
            Self::Conversion => "conversion",
            Self::Kubernetes => "kubernetes",
        }
    }
}

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
    const fn new(name: &'static str, ty: fn() -> Type) -> Self {
        Self {
            name,
            ty,
            nullable: false,
        }
    }

    /// Makes a parameter that takes text.
    const fn text(name: &'static str) -> Self {
        Self::new(name, || Type::String)
    }

    /// Makes a parameter that takes a number.
    const fn number(name: &'static str) -> Self {
        Self::new(name, || Type::Number)
    }

    /// Makes a parameter that takes values of any type as they are.
    const fn any(name: &'static str) -> Self {
        Self::new(name, || Type::Any)
    }

    /// Makes a parameter that takes a list of texts.
    const fn texts(name: &'static str) -> Self {
        Self::new(name, || Type::list(Type::String))
    }

    /// Lets null through.
    const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

impl Function {
    const fn new(
        name: &'static str,
        group: Group,
        parameters: &'static [Parameter],
        call: fn(&CallContext<'_>) -> Answer,
    ) -> Self {
        Self {
            name,
            group,
            doc: "",
            notes: "",
            examples: &[],
            parameters,
            variadic: None,
            returns: || Type::Any,
            call: Implementation::Values(call),
        }
    }

    const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    const fn notes(mut self, notes: &'static str) -> Self {
        self.notes = notes;
        self
    }

    const fn examples(mut self, examples: &'static [(&'static str, &'static str)]) -> Self {
        self.examples = examples;
        self
    }

    /// Leaves it to the evaluator to try the arguments.
    const fn attempts(mut self) -> Self {
        self.call = Implementation::Attempts;
        self
    }

    /// Leaves it to the evaluator to compute a template.
    const fn renders(mut self) -> Self {
        self.call = Implementation::Template;
        self
    }

    /// Takes any number of further arguments.
    const fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    const fn returns(mut self, ty: fn() -> Type) -> Self {
        self.returns = ty;
        self
    }

    const fn returns_text(self) -> Self {
        self.returns(|| Type::String)
    }

    const fn returns_number(self) -> Self {
        self.returns(|| Type::Number)
    }

    const fn returns_bool(self) -> Self {
        self.returns(|| Type::Bool)
    }

    const fn returns_texts(self) -> Self {
        self.returns(|| Type::list(Type::String))
    }

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
    numbers::ABS,
    collections::choice::ALLTRUE,
    collections::choice::ANYTRUE,
    encodings::base64::BASE64DECODE,
    encodings::base64::BASE64ENCODE,
    hashes::BASE64SHA256,
    hashes::BASE64SHA512,
    files::BASENAME,
    conversion::CAN,
    numbers::CEIL,
    strings::CHOMP,
    collections::lists::CHUNKLIST,
    networks::CIDRHOST,
    networks::CIDRNETMASK,
    networks::CIDRSUBNET,
    networks::CIDRSUBNETS,
    collections::choice::COALESCE,
    collections::choice::COALESCELIST,
    collections::lists::COMPACT,
    collections::lists::CONCAT,
    kubernetes::CONFIGMAP,
    collections::search::CONTAINS,
    encodings::csv::CSVDECODE,
    files::DIRNAME,
    collections::sets::DISTINCT,
    collections::lists::ELEMENT,
    strings::ENDSWITH,
    kubernetes::FIELD_REF,
    files::FILE,
    files::FILEBASE64,
    hashes::FILEBASE64SHA256,
    hashes::FILEBASE64SHA512,
    files::FILEEXISTS,
    hashes::FILEMD5,
    hashes::FILESHA1,
    hashes::FILESHA256,
    hashes::FILESHA512,
    collections::lists::FLATTEN,
    numbers::FLOOR,
    strings::format::FORMAT,
    dates::FORMATDATE,
    strings::format::FORMATLIST,
    kubernetes::IMAGE,
    strings::INDENT,
    collections::search::INDEX,
    strings::JOIN,
    encodings::json::JSONDECODE,
    encodings::json::JSONENCODE,
    collections::maps::KEYS,
    collections::search::LENGTH,
    numbers::LOG,
    collections::maps::LOOKUP,
    strings::LOWER,
    collections::search::MATCHKEYS,
    numbers::MAX,
    hashes::MD5,
    collections::maps::MERGE,
    numbers::MIN,
    collections::lists::ONE,
    numbers::PARSEINT,
    numbers::POW,
    collections::lists::RANGE,
    strings::patterns::REGEX,
    strings::patterns::REGEXALL,
    strings::patterns::REPLACE,
    collections::lists::REVERSE,
    kubernetes::SECRET,
    collections::sets::SETINTERSECTION,
    collections::lists::SETPRODUCT,
    collections::sets::SETSUBTRACT,
    collections::sets::SETUNION,
    hashes::SHA1,
    hashes::SHA256,
    hashes::SHA512,
    numbers::SIGNUM,
    collections::lists::SLICE,
    collections::lists::SORT,
    strings::SPLIT,
    strings::STARTSWITH,
    strings::STRCONTAINS,
    strings::STRREV,
    strings::SUBSTR,
    collections::lists::SUM,
    files::TEMPLATEFILE,
    encodings::base64::TEXTDECODEBASE64,
    encodings::base64::TEXTENCODEBASE64,
    dates::TIMEADD,
    dates::TIMECMP,
    strings::TITLE,
    conversion::TOBOOL,
    conversion::TOLIST,
    conversion::TOMAP,
    conversion::TONUMBER,
    conversion::TOSET,
    conversion::TOSTRING,
    collections::maps::TRANSPOSE,
    strings::TRIM,
    strings::TRIMPREFIX,
    strings::TRIMSPACE,
    strings::TRIMSUFFIX,
    conversion::TRY,
    strings::UPPER,
    encodings::url::URLENCODE,
    hashes::UUIDV5,
    collections::maps::VALUES,
    encodings::yaml_read::YAMLDECODE,
    encodings::yaml_write::YAMLENCODE,
    collections::maps::ZIPMAP,
];

/// Returns the function of a name.
pub fn find(name: &str) -> Option<&'static Function> {
    let index = ALL.binary_search_by(|function| function.name.cmp(name)).ok()?;
    ALL.get(index)
}

/// Returns the names of all functions, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|function| function.name)
}
