//! The defects of values, files and the project model.

use crate::project::{WEB, project};

#[test]
fn d01_use_vars_and_deep_overrides_have_their_effect() {
    project(
        r#"
deployment "web" {
  container "web" {
    image = "web:${var.tag}"
    resources {
      cpu    = "1"
      memory = "1Gi"
    }
  }
}
--- vars.kdef
variable "tag" {
  type    = string
  default = "1"
}
--- environments/live.kdef
use_vars { tag = "2" }
override "deployment" "web" {
  container "web" {
    resources { cpu = "2" }
    env { MODE = "live" }
  }
}
"#,
    )
    .env("live")
    .renders(&["image: web:2", "cpu: \"2\"", "memory: 1Gi", "value: live"]);
}

#[test]
fn d02_values_convert_to_what_is_asked_for() {
    let files = r#"
deployment "web" {
  host_network = var.host
  scale { replicas = var.replicas }
  container "web" { image = "web:1" }
}
--- vars.kdef
variable "replicas" { type = number }
variable "host" { type = bool }
"#;
    project(files)
        .set("replicas", "3")
        .set("host", "true")
        .renders(&["replicas: 3", "hostNetwork: true"]);
    project(files)
        .set("replicas", "three")
        .set("host", "yes")
        .says(&["vars.kdef:1:", "vars.kdef:2:"]);
}

#[test]
fn d03_environment_variables_may_be_numbers_and_bools() {
    project(
        r#"
deployment "web" {
  container "web" {
    image = "web:1"
    env {
      PORT  = 8080
      RATIO = 1.5
      ON    = true
      ALIAS = "${var.count}"
    }
  }
}
--- vars.kdef
variable "count" {
  type    = number
  default = 3000000
}
"#,
    )
    .renders(&[
        "value: \"8080\"",
        "value: \"1.5\"",
        "value: \"true\"",
        "value: \"3000000\"",
    ]);
}

#[test]
fn d04_types_hold_for_every_value_also_in_a_root() {
    project(
        r#"
--- root.kdef
deployments = {
  web = { namespace = "n", set = { size = "huge" } }
}
--- web/vars.kdef
variable "size" {
  type    = "enum[small, large]"
  default = "small"
}
variable "other" {
  type    = "enum[a, b]"
  default = "c"
}
--- web/app.kdef
configmap "c" { data = { size = var.size } }
"#,
    )
    .says(&["root.kdef:2:", "web/vars.kdef:7:13: error[K0404]"]);
}

#[test]
fn d05_entries_come_in_source_order() {
    project(
        r#"
--- root.kdef
deployments = {
  zulu  = { namespace = "n" }
  alpha = { namespace = "n" }
}
--- zulu/app.kdef
configmap "same" {}
--- alpha/app.kdef
configmap "same" {}
"#,
    )
    .says(&["alpha/app.kdef:1:1: error[K0601]"]);
}

#[test]
fn d06_objects_of_one_name_in_two_namespaces_do_not_meet() {
    project(
        r#"
--- root.kdef
namespaces = ["api", "api-staging"]
deployments = {
  api         = { path = "api", namespace = "api" }
  api-staging = { path = "api", namespace = "api-staging" }
}
--- api/app.kdef
deployment "api" {
  container "api" { image = "api:1" }
}
cronjob "api" {
  schedule = "0 3 * * *"
  image    = "api:1"
}
configmap "api" {}
"#,
    )
    .renders(&[])
    .times("kind: Deployment\n", 2)
    .times("kind: CronJob\n", 2)
    .times("kind: ConfigMap\n", 2);
    project("configmap \"a\" {}\n--- b.kdef\nconfigmap \"a\" {}\n").says(&["b.kdef:1:1: error[K0601]"]);
}

#[test]
fn d07_environments_beside_the_root_count_and_unknown_ones_are_errors() {
    let files = r#"
--- root.kdef
deployments = { web = { namespace = "n" } }
--- web/app.kdef
configmap "c" { data = { mode = "plain" } }
--- environments/live.kdef
override "configmap" "c" { data = { mode = "live" } }
"#;
    project(files).env("live").renders(&["mode: live"]);
    project(files)
        .env("lvie")
        .says(&["error[K0405]: there is no environment `lvie`"]);
}

#[test]
fn d08_imports_of_the_same_folder_and_images_and_classes_in_vars_work() {
    project(&format!(
        r#"{WEB}
--- vars.kdef
import = "defaults.kdef"
images {{ other = "other:1" }}
ingress_defaults {{
  class             = "traefik"
  mode              = "gateway"
  gateway           = "edge"
  gateway_namespace = "infra"
}}
--- defaults.kdef
variable "host" {{
  type    = string
  default = "a.example"
}}
--- more.kdef
deployment "other" {{
  container "other" {{
    image = image("other")
    port "80" "http" {{}}
  }}
  ingress {{ host = var.host }}
}}
"#
    ))
    .renders(&["image: other:1", "kind: HTTPRoute", "name: edge", "- a.example"]);
}

#[test]
fn d09_later_imports_win_over_earlier_ones_and_ancestors() {
    project(&format!(
        r#"
--- root.kdef
deployments = {{ "apps/web" = {{ namespace = "n" }} }}
--- vars.kdef
ingress_defaults {{ class = "of-root" }}
--- apps/web/vars.kdef
import = ["../../shared/one.kdef", "../../shared/two.kdef"]
--- shared/one.kdef
ingress_defaults {{ class = "one" }}
--- shared/two.kdef
ingress_defaults {{ class = "two" }}
--- apps/web/app.kdef{}
"#,
        WEB.replace("  }\n}\n", "  }\n  ingress { host = \"a.example\" }\n}\n")
    ))
    .renders(&["ingressClassName: two"]);
}

#[test]
fn d10_a_block_turns_a_default_off() {
    project(&format!(
        r#"{}
--- vars.kdef
ingress_defaults {{ tls = true }}
"#,
        WEB.replace(
            "  }\n}\n",
            "  }\n  ingress {\n    host = \"a.example\"\n    tls  = false\n  }\n}\n"
        )
    ))
    .renders(&["kind: Ingress"])
    .without("tls:")
    .without("kind: Certificate");
}

#[test]
fn d11_given_variables_and_settings_reach_every_file() {
    project("configmap \"c\" { data = { a = var.a } }\n")
        .vars_from("variable \"a\" {\n  type    = string\n  default = \"given\"\n}\n")
        .renders(&["a: given"]);
    project(
        r#"
configmap "top" {
  namespace = "n"
  data      = { a = var.a, b = var.b }
}
--- root.kdef
deployments = { web = { namespace = "n" } }
set         = { a = "from-root" }
--- vars.kdef
variable "a" { type = string }
variable "b" { type = string }
--- web/app.kdef
configmap "sub" { data = { a = var.a, b = var.b } }
"#,
    )
    .values(r#"{"b": "from-values"}"#)
    .renders(&[])
    .times("a: from-root", 2)
    .times("b: from-values", 2);
}

#[test]
fn d12_entries_are_checked() {
    project("--- root.kdef\ndeployments = { web = { path = \".\" } }\n").says(&["root.kdef:1:"]);
    project("--- root.kdef\ndeployments = { web = { namespase = \"n\" } }\n--- web/app.kdef\n")
        .says(&["root.kdef:1:25: error[K0407]: entry `web`: there is no field `namespase`"]);
    project(
        "--- root.kdef\ndeployments = [\"a\", \"b\"]\n--- a/app.kdef\nconfigmap \"a\" { namespace = \"n\" }\n\
         --- b/app.kdef\nconfigmap \"b\" { namespace = \"n\" }\n",
    )
    .renders(&["name: a\n", "name: b\n"]);
}

#[test]
fn d13_nested_roots_see_what_is_outside_and_keep_what_is_theirs() {
    project(
        r#"
--- root.kdef
namespaces  = ["outer"]
deployments = { team = { namespace = "outer" } }
--- vars.kdef
variable "zone" {
  type    = string
  default = "eu"
}
images { tool = "tool:1" }
--- team/root.kdef
namespaces  = ["inner"]
deployments = { web = { service_account = "runner" } }
service_account "runner" { image_pull_secrets = ["key"] }
--- team/web/app.kdef
deployment "web" {
  container "web" {
    image = image("tool")
    env { ZONE = var.zone }
  }
}
"#,
    )
    .renders(&[
        "image: tool:1",
        "value: eu",
        "kind: ServiceAccount",
        "kind: Namespace\nmetadata:\n  labels:\n    app.kubernetes.io/managed-by: kdef\n  name: inner",
        "namespace: outer",
    ]);
}

#[test]
fn d14_the_environment_and_settings_of_a_root_reach_what_stands_beside_it() {
    project(
        r#"
configmap "top" {
  namespace = "n"
  data      = { mode = var.mode, env = kdef.env }
}
--- root.kdef
env         = "live"
set         = { mode = "set" }
deployments = { web = { namespace = "n" } }
--- vars.kdef
variable "mode" { type = string }
--- environments/live.kdef
override "configmap" "top" { data = { extra = "live" } }
--- web/app.kdef
configmap "sub" {}
"#,
    )
    .renders(&["mode: set", "env: live", "extra: live"]);
}
