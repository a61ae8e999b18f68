//! What the Gateway API and cert-manager ask of texts.

use kdef_source::Code;

use super::text::{KeyKind, TextKind};

/// A span of time as the Gateway API has it, such as `10s` or `1m30s`.
pub static GATEWAY_DURATION: TextKind = TextKind {
    name: "duration",
    code: Code::NotAllowed,
    check: |text| match gateway_milliseconds(text) {
        Some(_) => Ok(()),
        None => Err("is no duration; write it as `10s`, `500ms` or `1m30s`".to_owned()),
    },
};

/// Returns the milliseconds of a duration of the Gateway API: up to four whole numbers of up to five digits with `h`, `m`,
/// `s` or `ms`.
pub(crate) fn gateway_milliseconds(text: &str) -> Option<u64> {
    let (mut total, mut parts, mut rest) = (0_u64, 0, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest
            .get(..digits)
            .filter(|digits| digits.len() <= 5)?
            .parse()
            .ok()?;
        rest = &rest[digits..];
        let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
        let (unit, factor) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        total += number * factor;
        parts += 1;
    }
    (1..=4).contains(&parts).then_some(total)
}

/// A span of time as cert-manager has it, such as `2160h` or `720h30m`.
pub static CERTIFICATE_DURATION: TextKind = TextKind {
    name: "duration",
    code: Code::NotAllowed,
    check: |text| match certificate_seconds(text) {
        Some(_) => Ok(()),
        None => Err("is no duration; write it as `2160h`, `30m` or `720h30m`".to_owned()),
    },
};

/// Returns the seconds of a duration of whole hours, minutes and seconds.
pub(crate) fn certificate_seconds(text: &str) -> Option<u64> {
    let (mut total, mut rest) = (0_u64, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let factor = match rest.as_bytes()[digits] {
            b'h' => 3600,
            b'm' => 60,
            b's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[digits + 1..];
    }
    (!text.is_empty()).then_some(total)
}

/// The headers of requests and responses.
pub static ROUTE_HEADERS: KeyKind = KeyKind {
    key: &HEADER_NAME,
    value: &HEADER_VALUE,
};

/// The name of a header.
pub static HEADER_NAME: TextKind = TextKind {
    name: "header",
    code: Code::InvalidName,
    check: |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        match text.len() {
            0 => Err("is empty".to_owned()),
            257.. => Err("is longer than 256 characters".to_owned()),
            _ if !text.chars().all(fits) => Err("holds a character that header names cannot".to_owned()),
            _ => Ok(()),
        }
    },
};

static HEADER_VALUE: TextKind = TextKind {
    name: "header value",
    code: Code::NotAllowed,
    check: |text| match text.len() {
        0 => Err("is empty".to_owned()),
        4097.. => Err("is longer than 4096 characters".to_owned()),
        _ => Ok(()),
    },
};

/// What cert-manager knows that a key may be used for.
const KEY_USAGES: &[&str] = &[
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

/// A use of a certificate's key.
pub static KEY_USAGE: TextKind = TextKind {
    name: "key usage",
    code: Code::NotAllowed,
    check: |text| {
        if KEY_USAGES.contains(&text) {
            return Ok(());
        }
        let nearest = kdef_source::nearest(text, KEY_USAGES.iter().copied());
        Err(nearest.map_or_else(
            || format!("is no use of a key; allowed are `{}`", KEY_USAGES.join("`, `")),
            |nearest| format!("is no use of a key; did you mean `{nearest}`?"),
        ))
    },
};

/// The common name of a certificate.
pub static COMMON_NAME: TextKind = TextKind {
    name: "common name",
    code: Code::InvalidName,
    check: |text| match text.len() {
        0 => Err("is empty".to_owned()),
        65.. => Err("is longer than 64 characters".to_owned()),
        _ => Ok(()),
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, gateway, certificate) in [
            ("10s", Some(10_000), Some(10)),
            ("1h30m", Some(5_400_000), Some(5_400)),
            ("500ms", Some(500), None),
            ("1m", Some(60_000), Some(60)),
            ("1h1m1s1ms", Some(3_661_001), None),
            ("1s1s1s1s1s", None, Some(5)),
            ("100000s", None, Some(100_000)),
            ("1.5h", None, None),
            ("10", None, None),
            ("s", None, None),
            ("", None, None),
            ("99999999999999999999h", None, None),
        ] {
            assert_eq!(gateway_milliseconds(text), gateway, "{text}");
            assert_eq!(certificate_seconds(text), certificate, "{text}");
        }
    }

    #[test]
    fn texts_are_judged_as_their_definitions_do() {
        let long = "x".repeat(65);
        for (kind, text, expected) in [
            (&KEY_USAGE, "server auth", ""),
            (&KEY_USAGE, "server-auth", "did you mean `server auth`"),
            (&HEADER_NAME, "X-Trace", ""),
            (&HEADER_NAME, "X Trace", "header names cannot"),
            (&COMMON_NAME, long.as_str(), "64"),
            (ROUTE_HEADERS.value, "", "is empty"),
        ] {
            let answer = (kind.check)(text).err().unwrap_or_default();
            assert!(
                answer.contains(expected) && answer.is_empty() == expected.is_empty(),
                "{} {text:?}: {answer:?}",
                kind.name
            );
        }
    }
}
