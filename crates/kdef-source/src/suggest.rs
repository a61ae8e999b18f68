//! "Did you mean".

/// How many candidates are looked at, so that many misspelt names among many others are told in linear time.
const MOST_CANDIDATES: usize = 1000;

/// Returns the candidate nearest to a misspelt name, or `None` when nothing is near enough to be a typing mistake.
///
/// Near enough is one edit for up to four letters, two up to eight, three beyond; of equally near ones the first wins.
/// Of more than a thousand candidates only the first thousand are looked at.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let allowed = match length {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two texts, letter case aside.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typing_mistakes_only() {
        let names = ["image", "image_pull_policy", "command", "args", "port"];
        for (typed, expected) in [
            ("imge", Some("image")),
            ("iamge", Some("image")),
            ("Image", Some("image")),
            ("comand", Some("command")),
            ("prot", Some("port")),
            ("image_pul_polcy", Some("image_pull_policy")),
            ("volume", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), expected, "{typed}");
        }
    }

    #[test]
    fn looks_at_the_first_candidates_only() {
        let others: Vec<String> = (0..MOST_CANDIDATES)
            .map(|number| format!("{number:09}"))
            .collect();
        let others = others.iter().map(String::as_str);
        let last = others.clone().take(MOST_CANDIDATES - 1).chain(["image"]);
        assert_eq!(nearest("imge", last), Some("image"));
        assert_eq!(nearest("imge", others.chain(["image"])), None);
    }
}
