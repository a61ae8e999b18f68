//! The defects of loops, conditions and blocks.

use crate::project::{WEB, project};

#[test]
fn d15_loops_nest_hold_every_kind_and_take_expressions() {
    project(
        r#"
for "zone, sizes" {
  in = { eu = ["s", "l"], us = ["s"] }
  for "size" {
    in = sizes
    cronjob "job-${zone}-${size}" {
      schedule = "@daily"
      image    = "job:1"
    }
    if {
      condition = size == "l"
      secret "key-${zone}" { data = { size = size } }
    }
  }
  persistentvolumeclaim "disk-${zone}" { storage = "1Gi" }
  clusterrole "role-${zone}" {
    rule {
      resources = ["pods"]
      verbs     = ["get"]
    }
  }
}
"#,
    )
    .renders(&[
        "name: job-eu-s\n",
        "name: job-eu-l\n",
        "name: job-us-s\n",
        "name: key-eu\n",
        "name: disk-us\n",
        "name: role-eu\n",
    ]);
    project("for \"x\" {\n  in = [1, 2, 3]\n  configmap \"c-${x}\" {\n    dta = {}\n  }\n}\n")
        .says(&["app.kdef:4:5: error[K0302]"]);
}

#[test]
fn d16_conditions_have_an_else_nest_and_are_checked_where_not_taken() {
    project(
        r#"
if {
  condition = false
  configmap "a" {}
}
else if {
  condition = true
  if {
    condition = false
    configmap "b" {}
  }
  else {
    configmap "c" {}
  }
}
"#,
    )
    .renders(&["name: c\n"])
    .without("name: a\n")
    .without("name: b\n");
    project("configmap \"a\" {}\nif {\n  condition = false\n  deploymnt \"x\" {}\n}\n")
        .says(&["app.kdef:4:3: error[K0301]"]);
}

#[test]
fn d17_a_repeated_single_block_is_an_error() {
    project(&WEB.replace(
        "  }\n}\n",
        "  }\n  scale { replicas = 1 }\n  scale { replicas = 2 }\n}\n",
    ))
    .says(&["app.kdef:7:3: error[K0305]"]);
}

#[test]
fn d18_nothing_falls_back_in_silence() {
    project(
        r#"
cronjob "job" {
  schedule    = "0 3 * * *"
  image       = "job:1"
  concurrency = "forbidden"
  deadline    = "soon"
  restart     = "Always"
}
deployment "web" {
  labels = 3
  container "web" { image = "web:1" }
  service { type = "Nodeport" }
}
images { web = [] }
deployment "prepared" {
  container "web" { image = "web:1" }
  init "prep" {
    image   = "prep:1"
    volumes = ["dta"]
  }
}
"#,
    )
    .says(&[
        "app.kdef:4:17: error[K0306]",
        "app.kdef:5:17: error",
        "app.kdef:6:17: error[K0306]",
        "app.kdef:9:12: error[K0205]",
        "app.kdef:11:20: error[K0306]",
        "app.kdef:13:16: error[K0205]",
        "app.kdef:18:16: error",
    ]);
    project(&WEB.replace("  }\n}\n", "  }\n  ingress {}\n}\n")).says(&["app.kdef:6:3: warning[K0309]"]);
}

#[test]
fn d19_service_accounts_are_checked_with_their_scope_on_cronjobs_too() {
    project(
        r#"
--- root.kdef
namespaces  = ["a", "b"]
deployments = { one = { namespace = "a" }, two = { namespace = "b" } }
service_account "runner" { namespace = "a" }
--- one/app.kdef
cronjob "job" {
  schedule        = "0 3 * * *"
  image           = "job:1"
  service_account = "runner"
}
--- two/app.kdef
cronjob "job" {
  schedule        = "0 3 * * *"
  image           = "job:1"
  service_account = "runner"
}
"#,
    )
    .says(&["two/app.kdef:4:21: error[K0411]"]);
}

#[test]
fn d20_ingress_conflicts_are_judged_once_with_the_final_namespaces() {
    project(
        r#"
--- root.kdef
deployments = {
  one = { path = "web", namespace = "a" }
  two = { path = "web", namespace = "b" }
}
--- web/app.kdef
deployment "web" {
  container "web" {
    image = "web:1"
    port "80" "http" {}
  }
  ingress {
    host = "a.example"
    tls  = true
  }
}
"#,
    )
    .renders(&[])
    .times("kind: Certificate", 2);
}

#[test]
fn d21_claims_init_arguments_and_security_contexts_are_used() {
    project(
        r#"
statefulset "db" {
  container "db" { image = "db:1" }
  init "prep" {
    image = "prep:1"
    args  = ["--all"]
  }
  volume_claim "data" {
    mount_path = "/var/lib/data"
    sub_path   = "db"
    storage    = "1Gi"
  }
  security_context {
    run_as_user     = 1000
    run_as_non_root = true
  }
}
deployment "web" {
  container "web" { image = "web:1" }
  init "prep" {
    image = "prep:1"
    args  = ["--web"]
  }
}
"#,
    )
    .renders(&[
        "- --all",
        "- --web",
        "mountPath: /var/lib/data",
        "subPath: db",
        "runAsUser: 1000",
        "runAsNonRoot: true",
    ]);
}

#[test]
fn d22_an_ingress_asks_the_service_by_its_name() {
    project(&WEB.replace(
        "  }\n}\n",
        "  }\n  service { name = \"front\" }\n  ingress { host = \"a.example\" }\n}\n",
    ))
    .renders(&["service:\n            name: front\n"]);
}

#[test]
fn d23_several_attributes_may_stand_on_one_line() {
    project(&WEB.replace(
        "  }\n}\n",
        "  }\n  toleration { effect = \"NoSchedule\" operator = \"Exists\" }\n}\n",
    ))
    .renders(&["effect: NoSchedule\n        operator: Exists"]);
}

#[test]
fn d24_what_is_needed_is_asked_for() {
    project(
        r#"
deployment "web" {}
clusterrolebinding "b" {
  subject {
    kind = "User"
    name = "a"
  }
}
deployment "x" {
  container "x" {
    image = "x:1"
    env_from { prefix = "A_" }
  }
}
"#,
    )
    .says(&[
        "app.kdef:1:1: error[K0311]",
        "app.kdef:2:1: error[K0311]",
        "app.kdef:11:5: error[K0308]",
    ]);
}

#[test]
fn d25_files_stay_inside_and_the_process_outside() {
    project("configmap \"c\" { data = { a = file(\"../../etc/passwd\"), b = file(\"/etc/passwd\") } }\n")
        .says(&["app.kdef:1:35: error[K0414]", "app.kdef:1:"]);
    project("configmap \"c\" { data = { a = env.HOME } }\n").says(&["app.kdef:1:34: error[K0209]"]);
}

#[test]
fn d26_numbers_and_texts_stay_as_they_are() {
    project("configmap \"c\" { data = { n = var.n, t = var.t, o = var.o == null ? \"none\" : \"some\" } }\n")
        .values("{\"n\": 9007199254740993, \"t\": \"e\u{301}\", \"o\": null}")
        .says(&["app.kdef:1:56: error[K0201]: there is no variable `o`"]);
    project("configmap \"c\" { data = { n = var.n, t = var.t } }\n")
        .values("{\"n\": 9007199254740993, \"t\": \"e\u{301}\"}")
        .renders(&["9007199254740993\"\n", "t: e\u{301}\n"]);
}

#[test]
fn d27_references_are_looked_up_in_their_namespace() {
    project(
        r#"
--- root.kdef
deployments = { one = { namespace = "a" }, two = { namespace = "b" } }
--- one/app.kdef
configmap "settings" {}
--- two/app.kdef
deployment "web" {
  container "web" {
    image = "web:1"
    env_from { config_map = "settings" }
  }
}
"#,
    )
    .says(&["two/app.kdef:4:29: warning[K0701]"]);
}

#[test]
fn d28_imports_nest_and_are_read_once() {
    project(
        r#"
configmap "c" { data = { a = var.a } }
--- vars.kdef
import = ["shared/one.kdef", "shared/two.kdef"]
--- shared/one.kdef
import = "base.kdef"
--- shared/two.kdef
import = "base.kdef"
--- shared/base.kdef
variable "a" {
  type    = string
  default = "base"
}
"#,
    )
    .renders(&["a: base"]);
    project("--- vars.kdef\nimport = \"a/x.kdef\"\n--- a/x.kdef\nimport = \"../vars.kdef\"\n")
        .says(&["a/x.kdef:1:10: error[K0408]"]);
}
