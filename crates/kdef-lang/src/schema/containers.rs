//! What Kubernetes asks of texts inside containers, as its API server validates them.

use std::net::IpAddr;

use kdef_source::Code;

use super::text::{ANY_TEXT, KeyKind, TextKind};

/// An address of a node, such as `127.0.0.1`.
pub static IP_ADDRESS: TextKind = TextKind {
    name: "IP address",
    code: Code::InvalidName,
    check: |text| match text.parse::<IpAddr>() {
        Ok(_) => Ok(()),
        Err(_) => Err("is no IP address".to_owned()),
    },
};

/// The headers of an HTTP request.
pub static HTTP_HEADERS: KeyKind = KeyKind {
    key: &HTTP_HEADER,
    value: &ANY_TEXT,
};

static HTTP_HEADER: TextKind = TextKind {
    name: "header",
    code: Code::InvalidName,
    check: |text| {
        if text.is_empty() {
            Err("is empty".to_owned())
        } else if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            Ok(())
        } else {
            Err("must consist of letters, digits and `-`".to_owned())
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_judged_as_kubernetes_does() {
        let cases: [(&TextKind, &str, &str); 5] = [
            (&IP_ADDRESS, "127.0.0.1", ""),
            (&IP_ADDRESS, "::1", ""),
            (&IP_ADDRESS, "localhost", "no IP address"),
            (HTTP_HEADERS.key, "X-Probe", ""),
            (HTTP_HEADERS.key, "X Probe", "letters"),
        ];
        for (kind, text, expected) in cases {
            let answer = (kind.check)(text).err().unwrap_or_default();
            assert!(
                answer.contains(expected) && answer.is_empty() == expected.is_empty(),
                "{} {text:?}: {answer:?}",
                kind.name
            );
        }
    }
}
