//! What Kubernetes asks of texts inside volumes and security contexts, and of fields of the pod, as its API server validates them.

use kdef_source::Code;

use super::kubernetes::{CONFIG_KEY, dns_subdomain, without_parent};
use super::text::{ANY_TEXT, KeyKind, TextKind};

/// The greatest number of a user or a group.
const GREATEST_ID: i64 = i32::MAX as i64;

/// The rights of a file, as octal digits.
pub static FILE_MODE: TextKind = TextKind {
    name: "octal file mode",
    code: Code::OutOfRange,
    check: |text| {
        let octal = text
            .strip_prefix('0')
            .map(|digits| i32::from_str_radix(digits, 8));
        match octal {
            Some(Ok(0..=0o777)) => Ok(()),
            Some(Ok(_)) => Err("is more than the rights of a file, which end at `0777`".to_owned()),
            _ if text == "0" => Ok(()),
            _ => Err(
                "is no octal file mode; write it in quotes with a leading zero, as in `\"0440\"`".to_owned(),
            ),
        }
    },
};

/// The path of a file inside a volume that Kubernetes fills.
pub static ITEM_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| match text {
        "" => Err("is empty".to_owned()),
        _ if text.starts_with('/') => Err("must be relative to the volume".to_owned()),
        _ if text.starts_with("..") => Err("may not begin with `..`".to_owned()),
        _ => without_parent(text),
    },
};

/// A path that begins at the root.
pub static ABSOLUTE_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| {
        if text.starts_with('/') {
            without_parent(text)
        } else {
            Err("must begin with `/`".to_owned())
        }
    },
};

/// The path of a profile in a folder of the kubelet.
pub static PROFILE_PATH: TextKind = TextKind {
    name: "path",
    code: Code::InvalidName,
    check: |text| {
        if text.starts_with('/') {
            return Err("must be relative to the kubelet's folder for profiles".to_owned());
        }
        without_parent(text)
    },
};

/// The keys of a ConfigMap or Secret, and the paths of the files that they become.
pub static ITEMS: KeyKind = KeyKind {
    key: &CONFIG_KEY,
    value: &ITEM_PATH,
};

/// The paths of files, and the fields of the pod that they hold.
pub static FIELD_ITEMS: KeyKind = KeyKind {
    key: &ITEM_PATH,
    value: &VOLUME_FIELD,
};

/// A field of the pod that a file can hold.
pub static VOLUME_FIELD: TextKind = TextKind {
    name: "field of the pod",
    code: Code::NotAllowed,
    check: |text| {
        field(
            text,
            &[
                "metadata.name",
                "metadata.namespace",
                "metadata.uid",
                "metadata.labels",
                "metadata.annotations",
            ],
        )
    },
};

/// A field of the pod that an environment variable can hold.
pub static ENV_FIELD: TextKind = TextKind {
    name: "field of the pod",
    code: Code::NotAllowed,
    check: |text| {
        field(
            text,
            &[
                "metadata.name",
                "metadata.namespace",
                "metadata.uid",
                "spec.nodeName",
                "spec.serviceAccountName",
                "status.hostIP",
                "status.hostIPs",
                "status.podIP",
                "status.podIPs",
            ],
        )
    },
};

/// What of a container's resources a file can hold.
pub static RESOURCE_FIELD: TextKind = TextKind {
    name: "resource of a container",
    code: Code::NotAllowed,
    check: |text| {
        let resource = text
            .strip_prefix("limits.")
            .or_else(|| text.strip_prefix("requests."));
        let known = ["cpu", "memory", "ephemeral-storage"];
        match resource {
            Some(resource) if known.contains(&resource) || resource.starts_with("hugepages-") => Ok(()),
            _ => Err(
                "is no resource of a container; write it as in `limits.cpu` or `requests.memory`".to_owned(),
            ),
        }
    },
};

/// The name of a CSI driver.
pub static CSI_DRIVER: TextKind = TextKind {
    name: "CSI driver",
    code: Code::InvalidName,
    check: |text| match text.len() {
        64.. => Err(format!("has {} characters; at most 63 are allowed", text.len())),
        _ => dns_subdomain(&text.to_ascii_lowercase()),
    },
};

/// Parameters whose names are a matter of whom they are for.
pub static PARAMETERS: KeyKind = KeyKind {
    key: &ANY_TEXT,
    value: &ANY_TEXT,
};

/// The number of a group.
pub static GROUP: TextKind = TextKind {
    name: "number of a group",
    code: Code::OutOfRange,
    check: |text| match text.parse::<i64>() {
        Ok(0..=GREATEST_ID) => Ok(()),
        Ok(_) => Err(format!("is no group: those go from 0 to {GREATEST_ID}")),
        Err(_) => Err("is no whole number".to_owned()),
    },
};

/// Kernel parameters and their values.
pub static SYSCTLS: KeyKind = KeyKind {
    key: &SYSCTL,
    value: &ANY_TEXT,
};

static SYSCTL: TextKind = TextKind {
    name: "kernel parameter",
    code: Code::InvalidName,
    check: |text| {
        let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_inner = |c: char| is_end(c) || matches!(c, '-' | '_');
        let is_part =
            |part: &str| part.starts_with(is_end) && part.ends_with(is_end) && part.chars().all(is_inner);
        if text.len() <= 253 && text.split(['.', '/']).all(is_part) {
            Ok(())
        } else {
            Err("is no kernel parameter; write it as in `net.core.somaxconn`".to_owned())
        }
    },
};

/// Checks the path of a field of the pod, which is one of those known, or one label or annotation.
fn field(text: &str, known: &[&str]) -> Result<(), String> {
    let subscript = ["metadata.labels['", "metadata.annotations['"]
        .iter()
        .find_map(|start| text.strip_prefix(start)?.strip_suffix("']"));
    if known.contains(&text) || subscript.is_some_and(|key| !key.is_empty()) {
        return Ok(());
    }
    Err(format!(
        "is no field that can be used here; there are `{}`, and single ones as in `metadata.labels['app']`",
        known.join("`, `")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_judged_as_kubernetes_does() {
        let cases: [(&TextKind, &str, &str); 26] = [
            (&ENV_FIELD, "status.podIP", ""),
            (&ENV_FIELD, "metadata.labels", "no field"),
            (&FILE_MODE, "0440", ""),
            (&FILE_MODE, "0", ""),
            (&FILE_MODE, "440", "leading zero"),
            (&FILE_MODE, "0888", "leading zero"),
            (&FILE_MODE, "01777", "0777"),
            (&FILE_MODE, "0-1", "0777"),
            (&ITEM_PATH, "a/b", ""),
            (&ITEM_PATH, "/a", "relative"),
            (&ITEM_PATH, "..a", "begin"),
            (&ITEM_PATH, "a/../b", "`..`"),
            (&ABSOLUTE_PATH, "srv", "begin with `/`"),
            (&VOLUME_FIELD, "metadata.labels", ""),
            (&VOLUME_FIELD, "metadata.labels['app']", ""),
            (&VOLUME_FIELD, "metadata.labels['']", "no field"),
            (&VOLUME_FIELD, "status.podIP", "no field"),
            (&RESOURCE_FIELD, "limits.cpu", ""),
            (&RESOURCE_FIELD, "cpu", "no resource"),
            (&CSI_DRIVER, "Secrets-Store.csi.k8s.io", ""),
            (&CSI_DRIVER, "a_b", "lower case"),
            (&GROUP, "0", ""),
            (&GROUP, "-1", "from 0"),
            (&GROUP, "0.5", "no whole number"),
            (SYSCTLS.key, "net.ipv4.ip_local_port_range", ""),
            (SYSCTLS.key, "net..core", "no kernel parameter"),
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
