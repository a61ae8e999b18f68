//! Spaces between the pieces of a line.

use super::lines::{Page, Piece};
use super::{closes, opens};
use crate::token::TokenKind;

/// Puts a space or none before every piece but the first of each line.
pub(super) fn apply(page: &mut Page<'_>) {
    // What the embedded expressions that are open begin with.
    let mut embedded = Vec::new();
    for line in &page.lines {
        for index in line.pieces.clone() {
            let kind = page.pieces[index].kind;
            let closed = match kind {
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    embedded.push(kind);
                    None
                }
                TokenKind::TemplateClose => embedded.pop(),
                _ => None,
            };
            if index > line.pieces.start {
                let ends_directive = closed == Some(TokenKind::DirectiveOpen);
                let spaced = ends_directive || is_spaced(&page.pieces, index);
                page.pieces[index].spaces = usize::from(spaced);
            }
        }
    }
}

/// Tells whether a space stands between a piece and the one before it, which is on the same line.
#[allow(clippy::match_same_arms, reason = "the first rule that fits counts")]
fn is_spaced(pieces: &[Piece<'_>], right: usize) -> bool {
    use TokenKind as K;
    let left = right - 1;
    let after = pieces.get(right + 1);
    match (pieces[left].kind, pieces[right].kind) {
        // What stands between quotes is text.
        (K::QuoteOpen | K::QuotedText | K::TemplateClose, _) | (_, K::QuotedText | K::QuoteClose) => false,
        (K::Number, K::Dot) => after.is_some_and(joins_number),
        (K::Dot | K::DoubleColon, _) | (_, K::Dot | K::DoubleColon | K::Comma | K::Ellipsis) => false,
        (K::Comma, kind) => !matches!(kind, K::ParenClose | K::BracketClose),
        (K::BraceOpen, K::BraceClose) => false,
        (K::BraceOpen, _) | (_, K::BraceClose) => true,
        // Of a call.
        (K::Ident, K::ParenOpen) => is_keyword(pieces, left),
        // Of an index.
        (kind, K::BracketOpen) if kind.ends_operand() => is_keyword(pieces, left),
        (K::Star, K::BracketOpen) => before(pieces, left).is_none_or(|dot| pieces[dot].kind != K::Dot),
        (K::Not, _) => false,
        (K::Minus, _) => before(pieces, left).is_some_and(|index| ends_operand(pieces, index)),
        (K::DirectiveOpen, _) => true,
        // The braces of an object do not touch those of the interpolation.
        (K::InterpolationOpen, K::BraceOpen) | (K::BraceClose, K::TemplateClose) => true,
        (left, right) => !opens(left) && !closes(right),
    }
}

/// Tells whether a piece that follows `1.` without a space would be read as part of the number.
fn joins_number(piece: &Piece<'_>) -> bool {
    let exponent = piece.text.strip_prefix(['e', 'E']).unwrap_or_default();
    let exponent = exponent.strip_prefix('-').unwrap_or(exponent);
    piece.kind == TokenKind::Number || exponent.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns the last piece before another one that is no comment, on whatever line.
fn before(pieces: &[Piece<'_>], index: usize) -> Option<usize> {
    (0..index)
        .rev()
        .find(|before| pieces[*before].kind != TokenKind::Comment)
}

/// Tells whether an operand ends with a piece, so that a minus after it subtracts.
fn ends_operand(pieces: &[Piece<'_>], index: usize) -> bool {
    pieces[index].kind.ends_operand() && !is_keyword(pieces, index)
}

/// Tells whether a piece is the `in` or `if` of a for-expression or directive, and no name.
fn is_keyword(pieces: &[Piece<'_>], index: usize) -> bool {
    use TokenKind as K;
    let Some(kind) = before(pieces, index).map(|before| pieces[before].kind) else {
        return false;
    };
    pieces[index].kind == K::Ident
        && match &*pieces[index].text {
            "in" => kind == K::Ident,
            "if" => kind.ends_operand() || matches!(kind, K::Ellipsis | K::DirectiveOpen),
            _ => false,
        }
}
