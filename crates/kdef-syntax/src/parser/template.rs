//! Texts in quotes and heredocs.

use kdef_source::{Code, Diagnostic, Span, nearest};

use super::pieces::{Assembler, Piece, PieceKind, remove_indentation};
use crate::ast::{Template, TemplateKind};
use crate::cursor::{Opener, Parser};
use crate::token::{Token, TokenKind};

/// The words that directives begin with.
const DIRECTIVES: [&str; 5] = ["if", "else", "endif", "for", "endfor"];

impl Parser<'_> {
    /// Reads a text in quotes or a heredoc; `None` where nothing closes it, which is reported.
    pub(crate) fn template(&mut self) -> Option<Template> {
        if let Some(end) = self.unclosed_end() {
            self.never_ended(end);
            self.skip_to(end);
            self.blame_next();
            return None;
        }
        let introducer = self.next_text();
        let opener = self.open_alike();
        let kind = if opener.kind == TokenKind::HeredocOpen {
            let flush = introducer.starts_with("<<-");
            TemplateKind::Heredoc { flush }
        } else {
            TemplateKind::Quoted
        };
        let mut pieces = self.pieces(&opener);
        if kind == (TemplateKind::Heredoc { flush: true }) {
            remove_indentation(&mut pieces);
        }
        let end = if self.peek().is_closer() {
            self.take_closer(&opener).span(self.file)
        } else {
            self.leave(&opener);
            self.here()
        };
        let (parts, height) = Assembler::new(self, pieces).assemble();
        self.grow(height);
        Some(Template {
            parts,
            kind,
            span: opener.span.to(end),
        })
    }

    /// Reports a text that nothing closes; `end` is the first token that does not belong to it.
    fn never_ended(&mut self, end: usize) {
        let open = self.next_span();
        if self.at(TokenKind::HeredocOpen) {
            let marker = self
                .next_text()
                .trim_start_matches(['<', '-'])
                .trim_end()
                .to_owned();
            return self.error(
                Diagnostic::error(
                    Code::Unclosed,
                    open,
                    format!("this heredoc is never closed by `{marker}`"),
                )
                .with_hint(format!(
                    "it ends at a line with `{marker}` and nothing else, no comma or comment either"
                )),
            );
        }
        let diagnostic = match self.unclosed_inside(end) {
            Some(token) => {
                let sequence = if token.kind == TokenKind::InterpolationOpen {
                    "${"
                } else {
                    "%{"
                };
                Diagnostic::error(
                    Code::Unclosed,
                    token.span(self.file),
                    format!("this `{sequence}` is never closed"),
                )
                .with_hint(format!(
                    "add the missing `}}`, or write a literal `{sequence}` with its first character twice"
                ))
            }
            None => Diagnostic::error(Code::Unclosed, open, "this text has no closing quote").with_hint(
                "a text in quotes ends on its line; write \\n for a line break, or use a heredoc (`<<EOT`)",
            ),
        };
        self.error(diagnostic);
    }

    /// Reads the pieces up to what closes the template.
    fn pieces(&mut self, opener: &Opener) -> Vec<Piece> {
        let closer = opener.kind.closer();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut trim_next = false;
        loop {
            let since = self.pos();
            let trim_literal = std::mem::take(&mut trim_next);
            match self.peek() {
                TokenKind::QuotedText | TokenKind::HeredocText => {
                    let token = self.bump();
                    let text = self.literal(token);
                    let text = if trim_literal { text.trim_start() } else { &text };
                    pieces.push(Piece {
                        kind: PieceKind::Literal(text.to_owned()),
                        span: token.span(self.file),
                        height: 0,
                    });
                }
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    if self.next_text().ends_with('~')
                        && let Some(Piece {
                            kind: PieceKind::Literal(text),
                            ..
                        }) = pieces.last_mut()
                    {
                        text.truncate(text.trim_end().len());
                    }
                    let (piece, trim) = self.sequence();
                    pieces.push(piece);
                    trim_next = trim;
                }
                kind => {
                    debug_assert!(
                        Some(kind) == closer || kind == TokenKind::End,
                        "{kind:?} in a template"
                    );
                    return pieces;
                }
            }
            self.ensure_progress(since);
        }
    }

    /// Reads `${ }` or `%{ }`; the flag tells whether it ends with a trim mark.
    fn sequence(&mut self) -> (Piece, bool) {
        if let Some(end) = self.unclosed_end() {
            let open = self.next_span();
            let sequence = self.next_text().trim_end_matches('~');
            self.report(
                Diagnostic::error(Code::Unclosed, open, format!("this `{sequence}` is never closed"))
                    .with_hint(format!(
                        "add the missing `}}`, or write a literal `{sequence}` with its first character twice"
                    )),
            );
            self.skip_to(end);
            let span = open.to(self.here());
            let kind = PieceKind::Broken;
            return (
                Piece {
                    kind,
                    span,
                    height: 0,
                },
                false,
            );
        }
        let opener = self.open(false);
        self.height = 0;
        let kind = if opener.kind == TokenKind::InterpolationOpen {
            PieceKind::Interpolation(self.expression())
        } else {
            self.directive().unwrap_or(PieceKind::Broken)
        };
        let height = self.height;
        let close = self.end_of_sequence(&opener);
        let trim = close.is_some_and(|token| self.text_of(token).starts_with('~'));
        let end = close.map_or(self.here(), |token| token.span(self.file));
        let span = opener.span.to(end);
        (Piece { kind, span, height }, trim)
    }

    fn directive(&mut self) -> Option<PieceKind> {
        let word = self.next_text();
        let place = self.next_span();
        if !self.at(TokenKind::Ident) || !DIRECTIVES.contains(&word) {
            self.unknown_directive(word, place);
            return None;
        }
        self.bump();
        let kind = match word {
            "if" => PieceKind::If(self.expression()),
            "else" => PieceKind::Else,
            "endif" => PieceKind::EndIf,
            "for" => {
                let (key, value) = self.for_names()?;
                let collection = self.expression();
                PieceKind::For {
                    key,
                    value,
                    collection,
                }
            }
            _ => PieceKind::EndFor,
        };
        Some(kind)
    }

    fn unknown_directive(&mut self, word: &str, place: Span) {
        if self.at(TokenKind::Invalid) {
            return self.blame_next();
        }
        let hint = match word {
            "end" => "write `endif` or `endfor`",
            "elseif" | "elsif" | "elif" => "put another `if` inside of `else`",
            _ => "directives are `if`, `else`, `endif`, `for`, `endfor`; a literal `%{` is written `%%{`",
        };
        let suggestion = nearest(word, DIRECTIVES).filter(|_| !word.starts_with("els") && word != "end");
        let found = self.describe();
        self.error(
            Diagnostic::error(
                Code::InvalidDirective,
                place,
                format!("{found} is not a directive"),
            )
            .with_suggestion(suggestion)
            .with_hint(hint),
        );
    }

    /// Takes the `}` of a sequence; what stands before it is an error. There is one, or the lexer would have said so.
    fn end_of_sequence(&mut self, opener: &Opener) -> Option<Token> {
        if !self.at(TokenKind::TemplateClose) {
            let found = self.describe();
            self.unexpected(
                format!("expected the `}}` of this sequence, found {found}"),
                "where the text is meant for a shell or another language, write `$${` for `${` and `%%{` for `%{`",
            );
            self.skip_sequence();
        }
        if self.at(TokenKind::TemplateClose) {
            return Some(self.take_closer(opener));
        }
        self.leave(opener);
        None
    }
}
