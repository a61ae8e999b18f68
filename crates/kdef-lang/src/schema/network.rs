//! What Kubernetes asks of ports, paths, addresses and counts.

use std::net::IpAddr;

use kdef_source::Code;

use super::kubernetes::{HOST, LABEL_KEY, PORT_NAME};
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

/// A range of addresses, such as `10.0.0.0/8`.
pub static CIDR: TextKind = TextKind {
    name: "CIDR",
    code: Code::InvalidName,
    check: |text| match parse_cidr(text) {
        Some(_) => Ok(()),
        None => Err("is no range of addresses; write it as `10.0.0.0/8`".to_owned()),
    },
};

/// Returns the address and the length of the prefix of a range of addresses.
pub(crate) fn parse_cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let is_plain = prefix == "0" || !prefix.starts_with(['0', '+']);
    let prefix = prefix.parse().ok().filter(|_| is_plain)?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (prefix <= longest).then_some((address, prefix))
}

/// Tells whether a range of addresses lies inside another, and is smaller.
pub(crate) fn is_inside(inner: &str, outer: &str) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let (Some((inner, longer)), Some((outer, shorter))) = (parse_cidr(inner), parse_cidr(outer)) else {
        return false;
    };
    let ((inner, length), (outer, outer_length)) = (bits(inner), bits(outer));
    let network = |address: u128| address.checked_shr(length - u32::from(shorter)).unwrap_or(0);
    length == outer_length && longer > shorter && network(inner) == network(outer)
}

/// The virtual address of a Service, or `None` for one without.
pub static CLUSTER_IP: TextKind = TextKind {
    name: "IP address or `None`",
    code: Code::InvalidName,
    check: |text| match text.parse::<IpAddr>() {
        Ok(_) => Ok(()),
        Err(_) if text == "None" => Ok(()),
        Err(_) => Err("is neither an IP address nor `None`".to_owned()),
    },
};

/// An address outside the cluster that leads to a Service.
pub static EXTERNAL_IP: TextKind = TextKind {
    name: "IP address",
    code: Code::InvalidName,
    check: |text| match text.parse::<IpAddr>() {
        Ok(address) if address.is_unspecified() => Err("is the address of nothing".to_owned()),
        Ok(address) if address.is_loopback() => Err("is the address of every machine itself".to_owned()),
        Ok(address) if is_link_local(address) => Err("is an address of one link only".to_owned()),
        Ok(_) => Ok(()),
        Err(_) => Err("is no IP address".to_owned()),
    },
};

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            address.is_link_local() || [first, second, third] == [224, 0, 0]
        }
        IpAddr::V6(address) => address.is_unicast_link_local() || address.segments()[0] & 0xff0f == 0xff02,
    }
}

/// A name with an optional DNS name before it, such as `example.org/internal`.
pub static QUALIFIED_NAME: TextKind = TextKind {
    name: "qualified name",
    code: Code::InvalidName,
    check: |text| (LABEL_KEY.check)(text),
};

/// A family of IP addresses.
pub static IP_FAMILY: TextKind = word("IP family", |text| match text {
    "IPv4" | "IPv6" => Ok(()),
    _ => Err("is not allowed; allowed are `IPv4` and `IPv6`".to_owned()),
});

/// A direction that a NetworkPolicy limits.
pub static POLICY_TYPE: TextKind = word("policy type", |text| match text {
    "Ingress" | "Egress" => Ok(()),
    _ => Err("is not allowed; allowed are `Ingress` and `Egress`".to_owned()),
});

const fn word(name: &'static str, check: fn(&str) -> Result<(), String>) -> TextKind {
    TextKind {
        name,
        code: Code::NotAllowed,
        check,
    }
}

/// A number of pods, or a share of them such as `25%`.
pub static PODS_OR_PERCENT: TextKind = TextKind {
    name: "whole number or percentage",
    code: Code::OutOfRange,
    check: |text| {
        let number = |text: &str| text.parse::<i32>().ok().filter(|number| *number >= 0);
        match text.strip_suffix('%').map(number) {
            Some(Some(0..=100)) => Ok(()),
            Some(Some(_)) => Err("is more than all of them".to_owned()),
            None if number(text).is_some() => Ok(()),
            Some(None) | None => Err("is neither a whole number nor a percentage such as `25%`".to_owned()),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_paths_and_addresses_are_judged_as_kubernetes_does() {
        let cases = [
            (&PORT_OR_NAME, "8080", ""),
            (&PORT_OR_NAME, "http", ""),
            (&PORT_OR_NAME, "65536", "1 to 65535"),
            (&PORT_OR_NAME, "80.5", "neither a port number nor a name"),
            (&CIDR, "10.0.0.0/8", ""),
            (&CIDR, "::/0", ""),
            (&CIDR, "10.0.0.0/33", "no range"),
            (&CIDR, "10.0.0.0/08", "no range"),
            (&CIDR, "10.0.0.0", "no range"),
            (&CLUSTER_IP, "None", ""),
            (&CLUSTER_IP, "none", "neither"),
            (&EXTERNAL_IP, "192.0.2.1", ""),
            (&EXTERNAL_IP, "127.0.0.1", "itself"),
            (&EXTERNAL_IP, "fe80::1", "one link"),
            (&QUALIFIED_NAME, "example.org/internal", ""),
            (&QUALIFIED_NAME, "a b", "letters"),
            (&PODS_OR_PERCENT, "0", ""),
            (&PODS_OR_PERCENT, "100%", ""),
            (&PODS_OR_PERCENT, "101%", "more than all"),
            (&PODS_OR_PERCENT, "-1", "neither"),
            (&PODS_OR_PERCENT, "1.5", "neither"),
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

    #[test]
    fn ranges_lie_inside_others() {
        for (inner, outer, expected) in [
            ("10.1.0.0/16", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.0.0.0/8", false),
            ("11.0.0.0/16", "10.0.0.0/8", false),
            ("10.0.0.0/8", "0.0.0.0/0", true),
            ("10.0.0.0/8", "::/0", false),
            ("2001:db8::/64", "2001:db8::/32", true),
            ("2001:db8::/64", "::/0", true),
        ] {
            assert_eq!(is_inside(inner, outer), expected, "{inner} in {outer}");
        }
    }
}
