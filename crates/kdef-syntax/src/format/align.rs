//! Columns: the `=` and the trailing comments of consecutive lines.

use super::lines::{Line, Page, Piece};
use super::{closes, opens};
use crate::token::TokenKind;

/// Lines that reach beyond this column are not aligned with their neighbours. Else one line could move all others as far
/// as it is long.
const MAX_COLUMN: usize = 200;

/// Aligns first the `=`, then the comments behind them.
pub(super) fn apply(page: &mut Page<'_>) {
    align(page, assignment);
    align(page, comment);
}

/// A piece that is to be aligned.
struct Cell {
    piece: usize,
    /// The width of all that stands before it on its line, in characters.
    column: usize,
}

/// Aligns one piece of each line in every run of lines that have one.
fn align(page: &mut Page<'_>, cell: impl Fn(&[Piece<'_>]) -> Option<usize>) {
    let mut run: Vec<Cell> = Vec::new();
    for line in &page.lines {
        let next = find(&page.pieces, line, &cell);
        if line.after_blank || next.is_none() {
            close(&mut page.pieces, &mut run);
        }
        run.extend(next);
    }
    close(&mut page.pieces, &mut run);
}

fn find(pieces: &[Piece<'_>], line: &Line, cell: impl Fn(&[Piece<'_>]) -> Option<usize>) -> Option<Cell> {
    let line_pieces = pieces.get(line.pieces.clone())?;
    let index = cell(line_pieces)?;
    let column = width(line_pieces.get(..index)?);
    (column <= MAX_COLUMN).then_some(Cell {
        piece: line.pieces.start + index,
        column,
    })
}

fn close(pieces: &mut [Piece<'_>], run: &mut Vec<Cell>) {
    let widest = run.iter().map(|cell| cell.column).max().unwrap_or(0);
    for cell in run.drain(..) {
        pieces[cell.piece].spaces = widest - cell.column + 1;
    }
}

/// Returns the width of the last line that some pieces make.
fn width(pieces: &[Piece<'_>]) -> usize {
    pieces
        .iter()
        .fold(0, |width, piece| match piece.text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => width + piece.spaces + piece.text.chars().count(),
        })
}

/// Finds the `=` of an attribute or object item whose value ends on the line.
fn assignment(line: &[Piece<'_>]) -> Option<usize> {
    let is_assign = |piece: &Piece<'_>| piece.kind == TokenKind::Assign;
    let index = line.iter().skip(1).position(is_assign)? + 1;
    let value = line.get(index..).unwrap_or_default();
    let opened = value.iter().filter(|piece| opens(piece.kind)).count();
    let closed = value.iter().filter(|piece| closes(piece.kind)).count();
    (opened == closed).then_some(index)
}

/// Finds the comment that ends a line of code.
fn comment(line: &[Piece<'_>]) -> Option<usize> {
    let index = line.len().checked_sub(1)?;
    (index > 0 && line[index].is_line_comment()).then_some(index)
}
