//! The registry of diagnostic codes.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)+) => {
        /// The stable code of a kind of problem, printed as `K0101`.
        ///
        /// K01 syntax, K02 evaluation, K03 blocks and attributes, K04 the project, K05 what Kubernetes asks of values,
        /// K06 rendering, K07 references, K09 bounds and files. Numbers are never used again for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Code {
            $($(#[doc = $doc])+ $name = $number,)+
        }

        impl Code {
            /// Every code, in order of number.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns what the code means, in one sentence.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

codes! {
    /// A character or word stands where the grammar has no place for it.
    UnexpectedToken = 101,
    /// A bracket, brace, quote, template or heredoc is never closed.
    Unclosed = 102,
    /// A character is not used in the language, such as a curly quote.
    InvalidCharacter = 103,
    /// An escape sequence in a string is not known.
    InvalidEscape = 104,
    /// An attribute is set twice in one body.
    DuplicateAttribute = 105,
    /// A number cannot be read.
    InvalidNumber = 106,
    /// The file is not UTF-8 text.
    NotUtf8 = 107,
    /// Expressions, blocks or templates are nested too deeply.
    TooDeep = 108,
    /// A template directive is not known, or stands where it may not.
    InvalidDirective = 109,

    /// A name is not defined.
    UnknownVariable = 201,
    /// A value has no such attribute, key or index.
    UnknownAttribute = 202,
    /// A function does not exist.
    UnknownFunction = 203,
    /// A function was called with wrong arguments, or refused them.
    FunctionCall = 204,
    /// A value has the wrong type and cannot be converted.
    WrongType = 205,
    /// A null stands where a value is needed.
    UnexpectedNull = 206,
    /// Arithmetic has no answer, as in a division by zero.
    Arithmetic = 207,
    /// A value cannot be iterated.
    NotIterable = 208,
    /// An environment variable is not set.
    UnknownEnvironmentVariable = 209,
    /// Names or functions are used where only constants are allowed.
    ConstantsOnly = 210,
    /// Two elements of a for-expression have one key.
    DuplicateKey = 211,

    /// A block of this kind is not known here.
    UnknownBlock = 301,
    /// An attribute of this name is not known here.
    UnknownAttributeName = 302,
    /// A required attribute is missing.
    MissingAttribute = 303,
    /// A block has too few or too many labels.
    WrongLabels = 304,
    /// A block that may stand once stands twice.
    DuplicateBlock = 305,
    /// A text is not one of the allowed words.
    NotAllowed = 306,
    /// A number is outside its range, or a fraction where a whole number is needed.
    OutOfRange = 307,
    /// Attributes of one block contradict each other, or none of several is given.
    Contradiction = 308,
    /// Something is written that has no effect.
    NoEffect = 309,
    /// An `if` or `for` block is malformed.
    InvalidControl = 310,
    /// A required block is missing.
    MissingBlock = 311,

    /// A variable has no value.
    MissingVariable = 401,
    /// A value is given to a variable that nothing declares.
    UndeclaredVariable = 402,
    /// A variable's declaration is wrong.
    InvalidVariable = 403,
    /// A value does not fit the type that its variable declares.
    VariableType = 404,
    /// An environment is not defined anywhere.
    UnknownEnvironment = 405,
    /// An override names nothing that exists.
    UnknownOverrideTarget = 406,
    /// An entry of `deployments` is wrong.
    InvalidEntry = 407,
    /// An import fails, or imports itself.
    InvalidImport = 408,
    /// An object has no namespace.
    MissingNamespace = 409,
    /// A namespace is not in the project's list.
    NamespaceNotListed = 410,
    /// A service account is not declared.
    UnknownServiceAccount = 411,
    /// The project defines nothing to render.
    NothingToRender = 412,
    /// A values file cannot be read as an object of values.
    InvalidValues = 413,
    /// A path leads out of the project, or is otherwise unusable.
    InvalidPath = 414,
    /// A setting of the command line is not `name=value`.
    InvalidSetting = 415,
    /// A value is refused by a `validation` of its declaration.
    ValidationFailed = 416,
    /// Locals depend on each other in a circle.
    LocalCycle = 417,
    /// A component is not known here.
    UnknownComponent = 418,
    /// A component uses itself.
    ComponentCycle = 419,
    /// An input of a component is missing or unknown.
    InvalidInput = 420,

    /// A name is not one that Kubernetes accepts.
    InvalidName = 501,
    /// A quantity, such as `500m` or `1Gi`, cannot be read.
    InvalidQuantity = 502,
    /// A label's key or value is not one that Kubernetes accepts.
    InvalidLabel = 503,
    /// The pod labels do not match the selector.
    SelectorMismatch = 504,
    /// A workload has no port, volume or other part of that name.
    UnknownPart = 505,

    /// Two blocks render the same object.
    DuplicateObject = 601,
    /// Two ingresses claim one name or one certificate.
    IngressConflict = 602,
    /// The text of `raw` cannot be merged.
    InvalidRaw = 603,
    /// A field is not known to Kubernetes.
    UnknownField = 604,
    /// A field's value has a type that Kubernetes refuses.
    InvalidField = 605,

    /// Something is referred to by name that the project does not define.
    UndefinedReference = 701,
    /// A workload is named that is not among what is rendered.
    UnknownWorkload = 702,

    /// A file or folder cannot be read.
    Unreadable = 901,
    /// A bound of the run was reached.
    LimitReached = 902,
}

impl Code {
    /// Returns the number, such as 101 for `K0101`.
    pub fn number(self) -> u16 {
        self as u16
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{:04}", self.number())
    }
}
