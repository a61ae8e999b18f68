//! Offsets to lines and columns.

/// A position as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode characters, from 1.
    pub column: usize,
}

/// The starts of a text's lines.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes a text. A line ends with `\n`; the `\r` of `\r\n` belongs to the line before it.
    pub fn new(text: &str) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(offset, _)| offset + 1);
        Self {
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// Returns the line and column of a byte offset. An offset past the end, or inside a character, counts as the last
    /// place before it.
    pub fn position(&self, text: &str, offset: usize) -> LineColumn {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let column = text[start..]
            .char_indices()
            .take_while(|(at, _)| start + at < offset)
            .count();
        let inside = !text.is_char_boundary(offset);
        LineColumn {
            line,
            column: column + usize::from(!inside),
        }
    }

    /// Returns the number of lines, at least 1.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let text = "añb\r\ncd";
        let lines = LineIndex::new(text);
        let at = |offset| {
            let position = lines.position(text, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(2), (1, 2), "inside the ñ");
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(6), (2, 1));
        assert_eq!(at(8), (2, 3));
        assert_eq!(at(99), (2, 3), "past the end");
        assert_eq!(lines.count(), 2);
    }
}
