//! What Kubernetes asks of names, labels and keys, as `k8s.io/apimachinery` validates them.

use kdef_source::Code;

use super::text::{ANY_TEXT, KeyKind, TextKind};
use crate::quantity::{Quantity, QuantityRange};

/// A name of at most 63 characters: RFC 1123's label.
pub static DNS_LABEL: TextKind = TextKind {
    name: "DNS label",
    code: Code::InvalidName,
    check: |text| dns_label(text, 63),
};

/// A name of at most 253 characters, dots allowed: RFC 1123's subdomain.
pub static DNS_SUBDOMAIN: TextKind = TextKind {
    name: "DNS name",
    code: Code::InvalidName,
    check: dns_subdomain,
};

/// The name of an RBAC object, which may hold what a part of a URL's path may: `system:node`.
pub static RBAC_NAME: TextKind = TextKind {
    name: "RBAC name",
    code: Code::InvalidName,
    check: path_segment,
};

/// The group and version of an API, such as `apps/v1`.
pub static API_VERSION: TextKind = TextKind {
    name: "API version",
    code: Code::InvalidName,
    check: api_version,
};

/// The kind of an object, such as `Deployment`.
pub static OBJECT_KIND: TextKind = TextKind {
    name: "kind",
    code: Code::InvalidName,
    check: object_kind,
};

/// The name of a host, with `*` as its first part allowed.
pub static HOST: TextKind = TextKind {
    name: "host name",
    code: Code::InvalidName,
    check: |text| dns_subdomain(text.strip_prefix("*.").unwrap_or(text)),
};

/// The name of a container's port: RFC 6335's service name.
pub static PORT_NAME: TextKind = TextKind {
    name: "port name",
    code: Code::InvalidName,
    check: port_name,
};

/// The name of a Service's port.
pub static SERVICE_PORT_NAME: TextKind = TextKind {
    name: "port name",
    code: Code::InvalidName,
    check: |text| dns_label(text, 63),
};

/// The number of a port, as text.
pub static PORT_NUMBER: TextKind = TextKind {
    name: "port number",
    code: Code::OutOfRange,
    check: |text| match text.parse::<i64>() {
        Ok(1..=65535) => Ok(()),
        Ok(_) => Err("is no port number: ports go from 1 to 65535".to_owned()),
        Err(_) => Err("is no port number; write it as in `port \"8080\" \"http\"`".to_owned()),
    },
};

/// Where a container sees a volume.
pub static MOUNT_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| match text.trim() {
        "" => Err("is empty".to_owned()),
        path if path.contains(':') => Err("may not hold `:`".to_owned()),
        _ => Ok(()),
    },
};

/// A path that stays inside of a volume.
pub static SUB_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| {
        if text.starts_with('/') {
            return Err("must be relative to the volume".to_owned());
        }
        without_parent(text)
    },
};

/// A path on a node.
pub static HOST_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: without_parent,
};

/// A quantity, such as `500m` or `1Gi`.
pub static QUANTITY: TextKind = TextKind {
    name: "quantity",
    code: Code::InvalidQuantity,
    check: |text| Quantity::parse(text).map(drop).map_err(|error| error.to_string()),
};

/// A request and a limit, such as `200m..1000m`. One of the sides may be empty; a single quantity is both.
pub static QUANTITY_RANGE: TextKind = TextKind {
    name: "quantity range",
    code: Code::InvalidQuantity,
    check: |text| {
        QuantityRange::parse(text)
            .map(drop)
            .map_err(|error| error.to_string())
    },
};

/// The labels of an object.
pub static LABELS: KeyKind = KeyKind {
    key: &LABEL_KEY,
    value: &LABEL_VALUE,
};

/// The annotations of an object.
pub static ANNOTATIONS: KeyKind = KeyKind {
    key: &LABEL_KEY,
    value: &ANY_TEXT,
};

/// The data of a ConfigMap or Secret.
pub static CONFIG_KEYS: KeyKind = KeyKind {
    key: &CONFIG_KEY,
    value: &ANY_TEXT,
};

/// The key of a label, of a taint, or of an annotation.
pub static LABEL_KEY: TextKind = TextKind {
    name: "label key",
    code: Code::InvalidLabel,
    check: label_key,
};

/// The value of a label, or of a taint.
pub static LABEL_VALUE: TextKind = TextKind {
    name: "label value",
    code: Code::InvalidLabel,
    check: label_value,
};

/// A key of a ConfigMap or Secret.
pub static CONFIG_KEY: TextKind = TextKind {
    name: "key",
    code: Code::InvalidName,
    check: config_key,
};

fn dns_label(text: &str, longest: usize) -> Result<(), String> {
    check_length(text, longest)?;
    if text.chars().any(|c| !is_lower(c) && c != '-') {
        return Err("must consist of lower case letters, digits and `-`".to_owned());
    }
    check_ends(text, is_lower)
}

pub(super) fn dns_subdomain(text: &str) -> Result<(), String> {
    check_length(text, 253)?;
    if text.chars().any(|c| !is_lower(c) && c != '-' && c != '.') {
        return Err("must consist of lower case letters, digits, `-` and `.`".to_owned());
    }
    text.split('.').try_for_each(|part| match part {
        "" => Err("has an empty part between its dots".to_owned()),
        part => check_ends(part, is_lower),
    })
}

fn api_version(text: &str) -> Result<(), String> {
    let (group, version) = match text.split_once('/') {
        Some((group, version)) => (Some(group), version),
        None => (None, text),
    };
    group
        .map_or(Ok(()), dns_subdomain)
        .and_then(|()| dns_label(version, 63))
        .map_err(|_| "is no API version; write it as `v1` or `apps/v1`".to_owned())
}

fn object_kind(text: &str) -> Result<(), String> {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match text {
        "List" => Err("stands for several objects; write a block for each".to_owned()),
        _ if is_word && text.len() <= 63 => Ok(()),
        _ => Err("is no kind; write it as `Deployment`".to_owned()),
    }
}

fn path_segment(text: &str) -> Result<(), String> {
    match text {
        "" => Err("is empty".to_owned()),
        "." | ".." => Err("cannot be a name".to_owned()),
        _ if text.contains(['/', '%']) => Err("may hold neither `/` nor `%`".to_owned()),
        _ => Ok(()),
    }
}

fn port_name(text: &str) -> Result<(), String> {
    dns_label(text, 15)?;
    if text.contains("--") {
        return Err("may not hold `--`".to_owned());
    }
    if !text.contains(|c: char| c.is_ascii_lowercase()) {
        return Err("needs at least one letter".to_owned());
    }
    Ok(())
}

fn label_key(text: &str) -> Result<(), String> {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            dns_subdomain(&prefix.to_ascii_lowercase())
                .map_err(|_| "needs a DNS name before its `/`".to_owned())?;
            name
        }
        None => text,
    };
    qualified_part(name)
}

fn label_value(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        qualified_part(text)
    }
}

fn qualified_part(text: &str) -> Result<(), String> {
    check_length(text, 63)?;
    if text
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
    {
        return Err("must consist of letters, digits, `-`, `_` and `.`".to_owned());
    }
    check_ends(text, |c| c.is_ascii_alphanumeric())
}

pub(super) fn without_parent(text: &str) -> Result<(), String> {
    if text.split('/').any(|part| part == "..") {
        return Err("may not hold `..`".to_owned());
    }
    Ok(())
}

fn config_key(text: &str) -> Result<(), String> {
    check_length(text, 253)?;
    if text
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
    {
        return Err("must consist of letters, digits, `-`, `_` and `.`".to_owned());
    }
    if text == "." || text.starts_with("..") {
        return Err("may neither be `.` nor begin with `..`".to_owned());
    }
    Ok(())
}

fn is_lower(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn check_length(text: &str, longest: usize) -> Result<(), String> {
    match text.chars().count() {
        0 => Err("is empty".to_owned()),
        length if length > longest => Err(format!("has {length} characters; at most {longest} are allowed")),
        _ => Ok(()),
    }
}

fn check_ends(text: &str, allowed: fn(char) -> bool) -> Result<(), String> {
    if text.starts_with(allowed) && text.ends_with(allowed) {
        Ok(())
    } else {
        Err("must begin and end with a letter or digit".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_as_kubernetes_does() {
        let long = "a".repeat(64);
        let cases: [(&TextKind, &str, &str); 34] = [
            (&DNS_LABEL, "web-1", ""),
            (&DNS_LABEL, "Web", "lower case"),
            (&DNS_LABEL, "a.b", "lower case"),
            (&DNS_LABEL, "-a", "begin and end"),
            (&DNS_LABEL, "", "is empty"),
            (&DNS_LABEL, &long, "at most 63"),
            (&DNS_SUBDOMAIN, "a.b-c.d", ""),
            (&DNS_SUBDOMAIN, "a..b", "empty part"),
            (&DNS_SUBDOMAIN, "a.-b", "begin and end"),
            (&API_VERSION, "v1", ""),
            (&API_VERSION, "example.org/v1beta1", ""),
            (&API_VERSION, "a/b/v1", "no API version"),
            (&API_VERSION, "/v1", "no API version"),
            (&OBJECT_KIND, "ServiceMonitor", ""),
            (&OBJECT_KIND, "List", "several objects"),
            (&OBJECT_KIND, "Service Monitor", "no kind"),
            (&RBAC_NAME, "system:Node", ""),
            (&RBAC_NAME, "a/b", "neither `/`"),
            (&RBAC_NAME, "..", "cannot be"),
            (&HOST, "*.example.org", ""),
            (&HOST, "a.*.org", "lower case"),
            (&PORT_NAME, "http", ""),
            (&PORT_NAME, "0-0", "one letter"),
            (&PORT_NAME, "a--b", "`--`"),
            (&PORT_NAME, "a-very-long-port", "at most 15"),
            (&PORT_NUMBER, "+80", ""),
            (&PORT_NUMBER, "0", "1 to 65535"),
            (&PORT_NUMBER, "http", "no port number"),
            (LABELS.key, "Example.org/Team_a", ""),
            (LABELS.key, "a/b/c", "letters"),
            (LABELS.key, "/b", "before its `/`"),
            (LABELS.value, "", ""),
            (CONFIG_KEYS.key, "_app.TOML", ""),
            (CONFIG_KEYS.key, "..x", "neither"),
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
