//! "Did you mean".

/// How many candidates are looked at, so that many misspelt names among many others are told in linear time.
const MOST_CANDIDATES: usize = 1000;

/// Returns the candidate nearest to a misspelt name, or `None` when nothing is near enough to be a typing mistake.
///
/// Near enough is one edit for two to four letters, two up to eight, three beyond; of equally near ones the first wins.
/// Of more than a thousand candidates only the first thousand are looked at.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let allowed = match length {
        0 | 1 => 0,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let (typed, letters) = (lower_case(name), letters(name));
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        // An edit takes one letter away and brings one in, at most.
        .filter(|candidate| (self::letters(candidate) ^ letters).count_ones() as usize <= 2 * allowed)
        .map(|candidate| (distance(&typed, &lower_case(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn lower_case(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// Returns a set of the letters of a name, in which some letters share a place.
fn letters(name: &str) -> u64 {
    let place = |letter: char| 1_u64 << (u32::from(letter) % 64);
    name.chars()
        .flat_map(char::to_lowercase)
        .fold(0, |set, letter| set | place(letter))
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two texts.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut row = before.clone();
    for (i, a) in left.iter().enumerate() {
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typing_mistakes_only() {
        let names = ["image", "image_pull_policy", "command", "args", "port", "y"];
        for (typed, expected) in [
            ("imge", Some("image")),
            ("iamge", Some("image")),
            ("Image", Some("image")),
            ("comand", Some("command")),
            ("prot", Some("port")),
            ("image_pul_polcy", Some("image_pull_policy")),
            ("volume", None),
            ("", None),
            ("x", None),
            ("Y", Some("y")),
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
