//! Tokens: what the text is made of, spaces and comments included.

use kdef_source::{FileId, Span};

/// One token. The tokens of a file follow each other without gap or overlap, so that their texts make the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Token {
    /// Returns the token's place.
    pub fn span(self, file: FileId) -> Span {
        Span {
            file,
            start: self.start,
            end: self.end,
        }
    }

    /// Returns the token's range of bytes, to index the file's text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The byte order mark at the start of a file.
    ByteOrderMark,
    /// Spaces and tabs.
    Whitespace,
    /// `# ...`, `// ...` without its line break, or `/* ... */`.
    Comment,
    /// `\n` or `\r\n`, outside of texts and comments.
    Newline,

    /// A name; words such as `for` and `null` too.
    Ident,
    /// A number.
    Number,
    /// The `"` that opens a string.
    QuoteOpen,
    /// The `"` that closes a string.
    QuoteClose,
    /// What stands between quotes, escapes as they are written.
    QuotedText,
    /// `<<EOT` or `<<-EOT`, with its line break.
    HeredocOpen,
    /// One line of a heredoc, or a piece of one where interpolation divides it; with its line break.
    HeredocText,
    /// The line that ends a heredoc: the marker and the spaces around it, without the line break.
    HeredocClose,
    /// `${` or `${~`.
    InterpolationOpen,
    /// `%{` or `%{~`.
    DirectiveOpen,
    /// The `}` or `~}` that closes an interpolation or directive.
    TemplateClose,

    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,

    /// `=`
    Assign,
    /// `=>`
    Arrow,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `?`
    Question,

    /// `||`
    Or,
    /// `&&`
    And,
    /// `!`
    Not,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,

    /// Characters that the language has no use for. A diagnostic has been made for them.
    Invalid,
    /// The end of the file, which is empty; always the last token, and only there.
    End,
}

impl TokenKind {
    /// Tells whether the grammar skips the token anywhere: spaces and comments.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::ByteOrderMark | Self::Whitespace | Self::Comment)
    }

    /// Tells whether an expression may end with the token.
    pub(crate) fn ends_operand(self) -> bool {
        matches!(
            self,
            Self::Ident
                | Self::Number
                | Self::QuoteClose
                | Self::BraceClose
                | Self::BracketClose
                | Self::ParenClose
        )
    }

    /// Returns the token that closes what this one opens, for brackets and embedded expressions.
    pub(crate) fn closer(self) -> Option<Self> {
        match self {
            Self::BraceOpen => Some(Self::BraceClose),
            Self::BracketOpen => Some(Self::BracketClose),
            Self::ParenOpen => Some(Self::ParenClose),
            Self::InterpolationOpen | Self::DirectiveOpen => Some(Self::TemplateClose),
            Self::QuoteOpen => Some(Self::QuoteClose),
            Self::HeredocOpen => Some(Self::HeredocClose),
            _ => None,
        }
    }

    /// Tells whether the token closes something.
    pub(crate) fn is_closer(self) -> bool {
        matches!(
            self,
            Self::BraceClose
                | Self::BracketClose
                | Self::ParenClose
                | Self::TemplateClose
                | Self::QuoteClose
                | Self::HeredocClose
        )
    }
}
