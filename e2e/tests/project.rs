//! Small projects that the tests deploy.

/// Returns a file with one ConfigMap.
pub(crate) fn configmap(name: &str, key: &str, value: &str) -> String {
    format!("configmap \"{name}\" {{\n  data = {{ {key} = \"{value}\" }}\n}}\n")
}
