//! Quoted strings and heredocs.

use kdef_source::{Code, Diagnostic, Span, nearest};

use super::pieces::{Assembler, Piece, PieceKind, remove_indentation};
use crate::ast::{Template, TemplateKind};
use crate::cursor::{Opener, Parser};
use crate::token::{Token, TokenKind};

/// The words that directives begin with.
const DIRECTIVES: [&str; 5] = ["if", "else", "endif", "for", "endfor"];

impl Parser<'_> {
    /// Reads a quoted string or a heredoc; `None` where nothing closes it, which is reported.
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
        let mut pieces = self.pieces(opener.kind.closer());
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

    /// Reports a string or heredoc that nothing closes; `end` is the first token that does not belong to it.
    fn never_ended(&mut self, end: usize) {
        let open = self.next_span();
        let diagnostic = if self.at(TokenKind::HeredocOpen) {
            let marker = self.next_text().trim_start_matches(['<', '-']).trim_end();
            let message = format!("this heredoc is never closed by `{marker}`");
            let hint =
                format!("it ends at a line with `{marker}` and nothing else, no comma or comment either");
            Diagnostic::error(Code::Unclosed, open, message).with_hint(hint)
        } else if let Some(token) = self.unclosed_inside(end) {
            self.open_sequence(token)
        } else {
            let rest = self.line_text();
            let closers = rest.match_indices(['}', ']', ')']);
            let at = |(offset, closer): (usize, &str)| {
                Some((open.start as usize + offset, closer.chars().next()?))
            };
            self.swallowed.extend(closers.filter_map(at));
            let curly = rest.contains(['“', '”', '„']);
            Diagnostic::error(Code::Unclosed, open, "this string has no closing quote").with_hint(if curly {
                "curly quotes do not close it; replace them with straight ones (\")"
            } else {
                "a quoted string ends on its line; write \\n for a line break, or use a heredoc (`<<EOT`)"
            })
        };
        self.error(diagnostic);
    }

    /// Makes the error for a `${` or `%{` that nothing closes.
    fn open_sequence(&self, token: Token) -> Diagnostic {
        let sequence = self.text_of(token).trim_end_matches('~');
        let hint =
            format!("add the missing `}}`, or write a literal `{sequence}` with its first character twice");
        let message = format!("this `{sequence}` is never closed");
        Diagnostic::error(Code::Unclosed, token.span(self.file), message).with_hint(hint)
    }

    /// Reads a file that is a template from its first character to its last.
    pub(crate) fn template_file(&mut self) -> Template {
        let start = self.here();
        let pieces = self.pieces(None);
        let (parts, height) = Assembler::new(self, pieces).assemble();
        self.grow(height);
        Template {
            parts,
            kind: TemplateKind::Heredoc { flush: false },
            span: start.to(self.here()),
        }
    }

    /// Reads the pieces up to what closes the template.
    fn pieces(&mut self, closer: Option<TokenKind>) -> Vec<Piece> {
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
                    if self.next_text().ends_with('~') {
                        trim_last(&mut pieces);
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
            let open = self.next_token();
            let diagnostic = self.open_sequence(open);
            self.report(diagnostic);
            let kind = match open.kind {
                TokenKind::InterpolationOpen => PieceKind::Interpolation(self.placeholder()),
                _ => PieceKind::Broken,
            };
            self.skip_to(end);
            let span = open.span(self.file).to(self.here());
            return (
                Piece {
                    kind,
                    span,
                    height: 1,
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
                let names = self.for_names()?;
                PieceKind::For(names, self.expression())
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
            let sequence = if opener.kind == TokenKind::InterpolationOpen {
                "${ }"
            } else {
                "%{ }"
            };
            self.unexpected(
                format!("expected the `}}` of `{sequence}`, found {found}"),
                "where the string is meant for a shell or another language, write `$${` for `${` and `%%{` for `%{`",
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

/// Applies the trim mark of a sequence to the literal right before it.
fn trim_last(pieces: &mut [Piece]) {
    if let Some(Piece {
        kind: PieceKind::Literal(text),
        ..
    }) = pieces.last_mut()
    {
        text.truncate(text.trim_end().len());
    }
}

#[cfg(test)]
mod tests {
    use kdef_source::SourceMap;

    use crate::ast::Part;
    use crate::parse_template;

    const TEMPLATE: &str =
        "EOT\n\n$${a} ${b ~}\n%{ if c == \"}\" ~}\n<<EOT\n%{ else }${[\n1,\n]}%{ endif }\nEOT\n";

    #[test]
    fn a_file_is_a_template_from_its_first_character_to_its_last() {
        let file = SourceMap::default().add("a.tftpl", TEMPLATE);
        let (template, mistakes) = parse_template(file, TEMPLATE);
        assert_eq!(mistakes, []);
        let text = |part: Option<&Part>| match part {
            Some(Part::Literal { text, .. }) => text.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(template.parts.first()), "EOT\n\n${a} ");
        assert_eq!(text(template.parts.last()), "\nEOT\n");
        assert_eq!(template.span.range(), 0..TEMPLATE.len());
    }

    #[test]
    fn no_part_of_a_template_panics() {
        let file = SourceMap::default().add("a.tftpl", "");
        for (at, _) in TEMPLATE.char_indices() {
            parse_template(file, &TEMPLATE[at..]);
            let (template, mistakes) = parse_template(file, &TEMPLATE[..at]);
            assert!(template.span.end as usize <= at);
            assert!(mistakes.len() <= 2, "{mistakes:?}");
        }
    }
}
