//! The one form in which files are written.
//!
//! It is the form that `terraform fmt` gives, as far as it goes: two spaces for each level, `=` and trailing comments
//! aligned over consecutive lines, one space around operators. Beyond that, blank lines stand alone and not beside
//! brackets, and what shares a line inside of a block's braces gets lines of its own. Nothing but blanks and line breaks
//! changes, and the commas that stood between such attributes.
//!
//! ```text
//! tokens ── breaks (from the tree) ──> pieces in lines ── indent ── spacing ── align ──> text
//! ```

mod align;
mod breaks;
mod lines;
mod spacing;

use kdef_source::{Diagnostic, FileId, has_errors};

use crate::token::TokenKind;

/// Writes a file in its canonical form.
///
/// Comments are kept, and heredocs are kept byte for byte, their line ends included. Otherwise `\r\n` becomes `\n`, and a
/// byte order mark is dropped. Formatting what was formatted changes nothing, and the tree stays the same.
///
/// A file with errors is not formatted, since what it means is not known: the errors are returned.
///
/// ```
/// use kdef_source::SourceMap;
///
/// let text = "scale { replicas=3, \n  min =1 }";
/// let file = SourceMap::default().add("app.kdef", text);
/// assert!(kdef_syntax::format(file, text).is_err(), "a comma does not end a line");
///
/// let text = "scale { replicas=3, min =1 }";
/// let formatted = kdef_syntax::format(file, text).unwrap();
/// assert_eq!(formatted, "scale {\n  replicas = 3\n  min      = 1\n}\n");
/// ```
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = crate::parse(file, text);
    if has_errors(&parsed.diagnostics) {
        return Err(parsed.diagnostics);
    }
    let breaks = breaks::find(&parsed.body, &parsed.tokens);
    let mut page = lines::read(text, &parsed.tokens, &breaks);
    lines::indent(&mut page);
    spacing::apply(&mut page);
    align::apply(&mut page);
    Ok(page.write())
}

/// Tells whether a token opens a level of indentation.
fn opens(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::BraceOpen | K::BracketOpen | K::ParenOpen | K::InterpolationOpen | K::DirectiveOpen
    )
}

/// Tells whether a token closes a level of indentation.
fn closes(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::BraceClose | K::BracketClose | K::ParenClose | K::TemplateClose
    )
}
