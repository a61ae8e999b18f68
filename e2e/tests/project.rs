//! Small projects that the tests deploy.

/// Returns a file with one ConfigMap.
pub(crate) fn configmap(name: &str, key: &str, value: &str) -> String {
    format!("configmap \"{name}\" {{\n  data = {{ {key} = \"{value}\" }}\n}}\n")
}

/// Returns a file with one ConfigMap that carries an annotation, written as YAML.
pub(crate) fn annotated(name: &str, annotation: &str) -> String {
    format!(
        "configmap \"{name}\" {{\n  raw = <<-EOT\n    metadata:\n      annotations:\n        {annotation}\n  EOT\n}}\n"
    )
}

/// A project with a variable of every type.
pub(crate) const TYPES: [(&str, &str); 2] = [
    (
        "vars.kdef",
        r#"variable "name" {
  type = "string"
}

variable "replicas" {
  type    = "number"
  default = 1
}

variable "verbose" {
  type    = "bool"
  default = false
}

variable "level" {
  type    = "enum[debug, info]"
  default = "info"
}

variable "hosts" {
  type    = "list"
  default = []
}

variable "labels" {
  type    = "map"
  default = {}
}
"#,
    ),
    (
        "app.kdef",
        r#"configmap "app-${var.name}" {
  data = {
    replicas = var.replicas + 1
    verbose  = var.verbose ? "on" : "off"
    level    = var.level
    hosts    = "%{ for host in var.hosts }${host};%{ endfor }"
    labels   = "%{ for key, value in var.labels }${key}=${value};%{ endfor }"
  }
}
"#,
    ),
];
