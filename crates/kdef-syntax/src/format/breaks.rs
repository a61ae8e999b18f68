//! Where lines must end that are not written so: in blocks that hold more than one line does.

use std::ops::Range;

use crate::ast::{Block, Body, Item};
use crate::token::{Token, TokenKind};

/// A place in the text where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Break {
    /// The first byte of the token that it is about.
    pub(super) at: u32,
    /// What happens there.
    pub(super) kind: BreakKind,
}

/// What happens at a [`Break`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakKind {
    /// An item begins a line; comments before it may share that line.
    Item,
    /// A comma between two items is left out, and its line ends.
    Comma,
    /// A brace begins a line.
    Close,
}

/// Finds the breaks of a file, in source order.
pub(super) fn find(body: &Body, tokens: &[Token]) -> Vec<Break> {
    let mut finder = Finder {
        tokens,
        breaks: Vec::new(),
    };
    finder.items(body);
    finder.breaks
}

struct Finder<'t> {
    tokens: &'t [Token],
    breaks: Vec<Break>,
}

impl Finder<'_> {
    fn items(&mut self, body: &Body) {
        let mut before: Option<&Item> = None;
        for item in &body.items {
            if let Some(before) = before {
                self.comma(before.span().end..item.span().start);
            }
            if !goes_on(before, item) {
                self.add(item.span().start, BreakKind::Item);
            }
            if let Item::Block(block) = item {
                self.block(block);
            }
            before = Some(item);
        }
    }

    fn block(&mut self, block: &Block) {
        if self.fits_on_a_line(block) {
            return;
        }
        self.items(&block.body);
        self.add(block.close.start, BreakKind::Close);
    }

    /// A block may stay on one line as far as HCL allows it: when it is empty, or holds one attribute.
    fn fits_on_a_line(&self, block: &Block) -> bool {
        let (open, close) = (block.open.end, block.close.start);
        match block.body.items.as_slice() {
            [] => !self.has_newline(open..close),
            [Item::Attribute(attribute)] => {
                let span = attribute.span;
                !self.has_newline(open..span.start) && !self.has_newline(span.end..close)
            }
            _ => false,
        }
    }

    fn has_newline(&self, range: Range<u32>) -> bool {
        self.tokens_in(range)
            .iter()
            .any(|token| token.kind == TokenKind::Newline)
    }

    fn comma(&mut self, range: Range<u32>) {
        let tokens = self.tokens_in(range);
        let comma = tokens.iter().find(|token| token.kind == TokenKind::Comma);
        if let Some(comma) = comma {
            self.add(comma.start, BreakKind::Comma);
        }
    }

    fn tokens_in(&self, range: Range<u32>) -> &[Token] {
        let index = |at| self.tokens.partition_point(|token| token.start < at);
        self.tokens
            .get(index(range.start)..index(range.end))
            .unwrap_or_default()
    }

    fn add(&mut self, at: u32, kind: BreakKind) {
        self.breaks.push(Break { at, kind });
    }
}

/// Tells whether an item may stay on the line of the one before it: an `else` may.
fn goes_on(before: Option<&Item>, item: &Item) -> bool {
    let is_else = matches!(item, Item::Block(block) if block.kind.as_str() == "else");
    is_else && matches!(before, Some(Item::Block(_)))
}
