//! Templates as a flat row of pieces, with trim marks and the indentation of flush heredocs applied, and the tree that
//! is made of them.
//!
//! HCL applies both to the row, line by line and before directives are matched, which decides what they remove.

use kdef_source::{Code, Diagnostic, Span};

use crate::ast::{Expr, Ident, Part, TemplateFor, TemplateIf};
use crate::cursor::Parser;

/// One piece of a template.
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) span: Span,
    /// The height of the expression in it, 0 without one.
    pub(crate) height: usize,
}

/// What a [`Piece`] is.
pub(crate) enum PieceKind {
    /// Text; in a heredoc at most one line of it.
    Literal(String),
    Interpolation(Expr),
    If(Expr),
    Else,
    EndIf,
    For(ForNames, Expr),
    EndFor,
    /// A directive that could not be read; an error has been reported for it.
    Broken,
}

/// The names of a `for` directive: that of the key or index, if there is one, and that of the value.
pub(crate) type ForNames = (Option<Ident>, Ident);

/// What a directive holds.
struct Branches {
    first: Vec<Part>,
    second: Vec<Part>,
    /// The place of what ends it, or of the last thing in it.
    end: Span,
    height: usize,
}

/// Removes from the lines of a flush heredoc the indentation that they share.
///
/// Only literals count that begin a line, and blank lines do not. A line that follows a trimmed line break does not
/// begin one for this purpose, and so is left as it is, which is HCL's rule.
pub(crate) fn remove_indentation(pieces: &mut [Piece]) {
    let mut shared = usize::MAX;
    let mut at_line_start = true;
    let mut to_trim = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let PieceKind::Literal(text) = &piece.kind else {
            if at_line_start {
                shared = 0;
            }
            at_line_start = false;
            continue;
        };
        if at_line_start {
            let inside = text.trim_start();
            if !(inside.is_empty() && text.ends_with('\n')) {
                shared = shared.min(text[..text.len() - inside.len()].chars().count());
                to_trim.push(index);
            }
        }
        at_line_start = text.ends_with('\n');
    }
    for index in to_trim {
        let piece = &mut pieces[index];
        if let PieceKind::Literal(text) = &mut piece.kind {
            let end = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .nth(shared);
            let removed = end.unwrap_or(text.len());
            text.drain(..removed);
            piece.span.start += u32::try_from(removed).unwrap_or(0);
        }
    }
}

/// Makes a tree of the pieces of one template.
pub(crate) struct Assembler<'p, 't> {
    parser: &'p mut Parser<'t>,
    pieces: std::iter::Peekable<std::vec::IntoIter<Piece>>,
    /// Whether a directive could not be read, so that what is missing may be what it was meant to be.
    broken: bool,
}

impl<'p, 't> Assembler<'p, 't> {
    pub(crate) fn new(parser: &'p mut Parser<'t>, pieces: Vec<Piece>) -> Self {
        Self {
            broken: pieces.iter().any(|piece| matches!(piece.kind, PieceKind::Broken)),
            parser,
            pieces: pieces.into_iter().peekable(),
        }
    }

    /// Returns all parts, and the height of the highest.
    pub(crate) fn assemble(mut self) -> (Vec<Part>, usize) {
        let (mut parts, mut height) = self.parts();
        while let Some(piece) = self.pieces.next() {
            let name = directive_name(&piece.kind);
            self.misplaced(
                piece.span,
                &format!("this `{name}` belongs to nothing"),
                "remove it, or look for a missing `%{ if }` or `%{ for }`",
            );
            let (more, higher) = self.parts();
            parts.extend(more);
            height = height.max(higher);
        }
        (parts, height)
    }

    /// Returns the parts up to a directive that belongs to something around them.
    fn parts(&mut self) -> (Vec<Part>, usize) {
        let mut parts: Vec<Part> = Vec::new();
        let mut height = 0;
        while let Some(piece) = self.pieces.next_if(|piece| !is_inner_mark(&piece.kind)) {
            let Piece {
                kind,
                span,
                height: own,
            } = piece;
            let (part, own) = match kind {
                PieceKind::Literal(text) => {
                    self.literal(&mut parts, text, span);
                    continue;
                }
                PieceKind::Interpolation(expr) => (Part::Interpolation { expr, span }, own),
                PieceKind::If(condition) => self.if_directive(condition, span, own),
                PieceKind::For(names, collection) => self.for_directive(names, collection, span, own),
                PieceKind::Else | PieceKind::EndIf | PieceKind::EndFor | PieceKind::Broken => continue,
            };
            height = height.max(own);
            parts.push(part);
        }
        (parts, height)
    }

    /// Adds text, to the last part where that is text too.
    fn literal(&mut self, parts: &mut Vec<Part>, mut more: String, mut span: Span) {
        while let Some(next) = self
            .pieces
            .next_if(|piece| matches!(piece.kind, PieceKind::Literal(_)))
        {
            if let PieceKind::Literal(text) = next.kind {
                more.push_str(&text);
                span = span.to(next.span);
            }
        }
        parts.push(Part::Literal {
            text: more.into(),
            span,
        });
    }

    fn if_directive(&mut self, condition: Expr, open: Span, own: usize) -> (Part, usize) {
        let inside = self.branches(true, open);
        let directive = TemplateIf {
            condition,
            then: inside.first,
            otherwise: inside.second,
            span: open.to(inside.end),
        };
        (Part::If(Box::new(directive)), inside.height.max(own) + 1)
    }

    fn for_directive(&mut self, names: ForNames, collection: Expr, open: Span, own: usize) -> (Part, usize) {
        let inside = self.branches(false, open);
        let directive = TemplateFor {
            key_variable: names.0,
            value_variable: names.1,
            collection,
            body: inside.first,
            span: open.to(inside.end),
        };
        (Part::For(Box::new(directive)), inside.height.max(own) + 1)
    }

    /// Reads what a directive holds, up to its end: an `if` may have a second branch, a `for` has one.
    fn branches(&mut self, is_if: bool, open: Span) -> Branches {
        let mut inside = Branches {
            first: Vec::new(),
            second: Vec::new(),
            end: open,
            height: 0,
        };
        if !self.parser.descend() {
            return inside;
        }
        let mut has_else = false;
        loop {
            let (parts, height) = self.parts();
            inside.height = inside.height.max(height);
            inside.end = parts.last().map_or(inside.end, Part::span);
            if has_else {
                inside.second.extend(parts);
            } else {
                inside.first.extend(parts);
            }
            match self.pieces.next().map(|piece| (piece.kind, piece.span)) {
                Some((PieceKind::Else, span)) if !is_if => {
                    self.misplaced(
                        span,
                        "a `for` has no `else`",
                        "put an `if` around or inside of it",
                    );
                }
                Some((PieceKind::Else, span)) if has_else => {
                    self.misplaced(span, "this `if` has a second `else`", "remove one of them");
                }
                Some((PieceKind::Else, span)) => {
                    has_else = true;
                    inside.end = span;
                }
                Some((PieceKind::EndIf, span)) if is_if => break inside.end = span,
                Some((PieceKind::EndFor, span)) if !is_if => break inside.end = span,
                other => break self.not_ended(is_if, open, other),
            }
        }
        self.parser.ascend();
        inside
    }

    /// Reports that a directive has no end: another one ends here, or the text does.
    fn not_ended(&mut self, is_if: bool, open: Span, found: Option<(PieceKind, Span)>) {
        if self.broken {
            return;
        }
        let (name, end) = if is_if { ("if", "endif") } else { ("for", "endfor") };
        let message = format!("this `{name}` is never ended");
        let mut diagnostic = Diagnostic::error(Code::Unclosed, open, message);
        if let Some((kind, span)) = found {
            let found = directive_name(&kind);
            diagnostic = diagnostic.with_related(span, format!("`{found}` stands where `{end}` is missing"));
        }
        self.parser
            .report(diagnostic.with_hint(format!("add the missing `%{{ {end} }}`")));
    }

    fn misplaced(&mut self, span: Span, message: &str, hint: &str) {
        if !self.broken {
            self.parser
                .report(Diagnostic::error(Code::InvalidDirective, span, message).with_hint(hint));
        }
    }
}

/// Tells whether a piece belongs to a directive that was opened before it.
fn is_inner_mark(kind: &PieceKind) -> bool {
    matches!(kind, PieceKind::Else | PieceKind::EndIf | PieceKind::EndFor)
}

fn directive_name(kind: &PieceKind) -> &'static str {
    match kind {
        PieceKind::Else => "else",
        PieceKind::EndIf => "endif",
        _ => "endfor",
    }
}
