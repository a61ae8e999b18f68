//! Texts that messages do not show.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use kdef_source::Diagnostic;

use crate::value::Value;

/// What stands in the place of a text that is not shown.
pub(crate) const SHOWN: &str = "(sensitive)";

/// The shortest text that is masked, in bytes. Shorter ones occur everywhere.
const SHORTEST: usize = 4;

/// The longest piece of a text that is looked for at once, in bytes; a longer text is looked for in pieces.
const LONGEST: usize = 128;

/// How many bytes the texts of one run may have together; with more, nothing is shown.
const MAX_BYTES: usize = 256 << 10;

/// The texts of the sensitive variables of a run, while it goes on.
#[derive(Default)]
pub(crate) struct SensitiveTexts {
    texts: BTreeSet<Arc<str>>,
    bytes: usize,
}

impl SensitiveTexts {
    /// Adds the texts and numbers in a value, and each line of a text. The keys of maps are no secret.
    pub(crate) fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.add_text(text);
                text.lines().for_each(|line| self.add_text(line.trim()));
            }
            Value::Number(number) => self.add_text(&number.to_string()),
            Value::List(list) => list.iter().for_each(|item| self.add(item)),
            Value::Map(map) => map.iter().for_each(|(_, value)| self.add(value)),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        let mut rest = text;
        while rest.len() >= SHORTEST && !self.is_full() {
            let end = if rest.len() < LONGEST + SHORTEST {
                rest.len()
            } else {
                rest.floor_char_boundary(LONGEST)
            };
            let (piece, after) = rest.split_at(end);
            if !self.texts.contains(piece) {
                self.bytes += piece.len();
                self.texts.insert(piece.into());
            }
            rest = after;
        }
    }

    fn is_full(&self) -> bool {
        self.bytes > MAX_BYTES
    }

    /// Makes what masks the texts.
    pub(crate) fn finish(self) -> Masked {
        if self.texts.is_empty() {
            return Masked(Mask::Nothing);
        }
        if self.is_full() {
            return Masked(Mask::Everything);
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(self.texts.iter().map(AsRef::<str>::as_ref));
        Masked(matcher.map_or(Mask::Everything, Mask::Texts))
    }
}

/// Hides the values of sensitive variables in texts that are shown.
///
/// What is hidden are the texts and numbers of 4 bytes or more that the values hold, and the lines of texts, where they
/// occur as they are. What an expression makes of them, such as another case or an encoding, cannot be told from other
/// texts; the messages of this crate quote nothing that is computed.
///
/// ```
/// use kdef_lang::{Inputs, compile};
/// use kdef_source::MemoryWorld;
///
/// let world = MemoryWorld::new([("vars.kdef", "variable \"token\" {\n  type      = string\n  sensitive = true\n}\n")]);
/// let inputs = Inputs {
///     set: vec![("token".to_owned(), "hunter2".to_owned())],
///     ..Inputs::default()
/// };
/// let compiled = compile(&world, &inputs);
/// assert_eq!(compiled.sensitive.mask("TOKEN=hunter2"), "TOKEN=(sensitive)");
/// ```
#[derive(Clone, Default)]
pub struct Masked(Mask);

#[derive(Clone, Default)]
enum Mask {
    #[default]
    Nothing,
    Texts(AhoCorasick),
    /// There are too many sensitive texts to tell them from others.
    Everything,
}

impl Masked {
    /// Returns a text with `(sensitive)` in the place of each text that is not shown.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.0 {
            Mask::Texts(matcher) if matcher.is_match(text) => {
                let mut masked = String::with_capacity(text.len());
                matcher.replace_all_with(text, &mut masked, |_, _, masked| {
                    masked.push_str(SHOWN);
                    true
                });
                Cow::Owned(masked)
            }
            Mask::Nothing | Mask::Texts(_) => Cow::Borrowed(text),
            Mask::Everything => Cow::Borrowed(SHOWN),
        }
    }

    /// Masks all that a diagnostic says.
    pub fn mask_diagnostic(&self, diagnostic: &mut Diagnostic) {
        if matches!(self.0, Mask::Nothing) {
            return;
        }
        let related = diagnostic.related.iter_mut().map(|related| &mut related.message);
        let texts = [&mut diagnostic.message, &mut diagnostic.label].into_iter();
        for text in texts.chain(&mut diagnostic.hints).chain(related) {
            if let Cow::Owned(masked) = self.mask(text) {
                *text = masked;
            } else if matches!(self.0, Mask::Everything) && !text.is_empty() {
                SHOWN.clone_into(text);
            }
        }
    }
}

/// Leaves the texts out.
impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(value: &Value) -> Masked {
        let mut texts = SensitiveTexts::default();
        texts.add(value);
        texts.finish()
    }

    #[test]
    fn texts_numbers_and_lines_are_masked_wherever_they_lie() {
        let long = "0123456789".repeat(30);
        let value = Value::object([
            ("username", Value::from("admin")),
            (
                "list",
                Value::tuple(["hunter".into(), "hunter2".into(), "abc".into()]),
            ),
            ("number", Value::from(8_675_309)),
            ("flag", Value::from(true)),
            ("long", Value::from(&*long)),
            ("key", "-----BEGIN\n  line one\n-----END\n".into()),
        ]);
        let masked = masked(&value);
        for (text, expected) in [
            ("username=admin", "username=(sensitive)"),
            (
                "the longest wins: hunter2, hunter",
                "the longest wins: (sensitive), (sensitive)",
            ),
            ("abc true", "abc true"),
            ("tel:8675309!", "tel:(sensitive)!"),
            ("one line of a key: line one", "one line of a key: (sensitive)"),
            ("", ""),
            (&format!("<{long}>"), "<(sensitive)(sensitive)(sensitive)>"),
        ] {
            assert_eq!(masked.mask(text), expected);
        }
    }

    #[test]
    fn with_too_many_texts_nothing_is_shown() {
        let many = (0..MAX_BYTES / 8).map(|index| Value::from(format!("secret{index}")));
        let masked = masked(&Value::tuple(many));
        assert_eq!(masked.mask("anything"), "(sensitive)");
        assert_eq!(Masked::default().mask("anything"), "anything");
    }
}
