//! Two texts compared, as a unified diff.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

const NAMES: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// How long the shortest diff of two texts is searched for. After that, it may be longer than it has to be.
const SEARCH_TIME: Duration = Duration::from_secs(2);

/// Returns the difference between two texts of a file, in colour or as `git apply -p0` reads it. It is empty when there is
/// none.
pub(crate) fn diff(name: &str, before: &str, after: &str, colours: bool) -> String {
    let diff = TextDiff::configure()
        .timeout(SEARCH_TIME)
        .diff_lines(before, after);
    let text = diff.unified_diff().header(name, name).to_string();
    if !colours {
        return text;
    }
    let lines = text.split_inclusive('\n').enumerate();
    lines.map(|(index, line)| coloured(index, line)).collect()
}

fn coloured(index: usize, line: &str) -> String {
    let style = match line.as_bytes().first() {
        _ if index < 2 => NAMES,
        Some(b'@') => PLACE,
        Some(b'-') => REMOVED,
        Some(b'+') => ADDED,
        _ => return line.to_owned(),
    };
    let text = line.trim_end_matches('\n');
    format!("{style}{text}{style:#}\n")
}
