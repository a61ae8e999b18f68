//! What Kubernetes asks of ports, paths and addresses.

use std::net::IpAddr;

use kdef_source::Code;

use super::kubernetes::{HOST, PORT_NAME};
use super::text::TextKind;

/// A port by its number or its name.
pub static PORT_OR_NAME: TextKind = TextKind {
    name: "port",
    code: Code::OutOfRange,
    check: |text| match text.parse::<i64>() {
        Ok(1..=65535) => Ok(()),
        Ok(_) => Err("is no port: ports go from 1 to 65535".to_owned()),
        Err(_) => (PORT_NAME.check)(text)
            .map_err(|fault| format!("is neither a port number nor a name: it {fault}")),
    },
};

/// The path of a URL.
pub static URL_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| match text {
        "" => Err("is empty".to_owned()),
        _ if !text.starts_with('/') => Err("must begin with `/`".to_owned()),
        _ => Ok(()),
    },
};

/// Returns what the API server refuses in a path that is compared and not interpreted.
pub(crate) fn path_fault(path: &str) -> Option<String> {
    let inside = ["//", "/./", "/../", "%2f", "%2F"];
    let at_end = ["/..", "/."];
    let inside = inside.iter().find(|part| path.contains(**part));
    let at_end = at_end.iter().find(|part| path.ends_with(**part));
    match (inside, at_end) {
        (Some(part), _) => Some(format!("may not hold `{part}`")),
        (None, Some(part)) => Some(format!("may not end with `{part}`")),
        (None, None) => None,
    }
}

/// The name of a host that requests are for, which is never an address.
pub static REQUEST_HOST: TextKind = TextKind {
    name: "host name",
    code: Code::InvalidName,
    check: |text| match text.parse::<IpAddr>() {
        Ok(_) => Err("is an address, where a name is needed".to_owned()),
        Err(_) => (HOST.check)(text),
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_paths_and_addresses_are_judged_as_kubernetes_does() {
        let cases: [(&TextKind, &str, &str); 10] = [
            (&PORT_OR_NAME, "8080", ""),
            (&PORT_OR_NAME, "http", ""),
            (&PORT_OR_NAME, "65536", "1 to 65535"),
            (&PORT_OR_NAME, "80.5", "neither a port number nor a name"),
            (&URL_PATH, "/a b", ""),
            (&URL_PATH, "a", "begin with `/`"),
            (&URL_PATH, "", "is empty"),
            (&REQUEST_HOST, "*.a.example", ""),
            (&REQUEST_HOST, "10.0.0.1", "is an address"),
            (&REQUEST_HOST, "A", "lower case"),
        ];
        for (kind, text, expected) in cases {
            let answer = (kind.check)(text).err().unwrap_or_default();
            assert!(
                answer.contains(expected) && answer.is_empty() == expected.is_empty(),
                "{} {text:?}: {answer:?}",
                kind.name
            );
        }
        for (path, fault) in [
            ("/a/b..c", None),
            ("/a//b", Some("may not hold `//`")),
            ("/a/../b", Some("may not hold `/../`")),
            ("/a%2Fb", Some("may not hold `%2F`")),
            ("/a/..", Some("may not end with `/..`")),
        ] {
            assert_eq!(path_fault(path).as_deref(), fault, "{path}");
        }
    }
}
