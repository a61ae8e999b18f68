//! The defects and limits of rendering.

use crate::project::project;

#[test]
fn b01_no_object_is_lost_to_another_of_its_name() {
    project(
        r#"
configmap "x" {}
deployment "configmap-x" {
  container "c" { image = "c:1" }
}
deployment "x" {
  container "c" { image = "c:1" }
}
cronjob "x" {
  schedule = "0 3 * * *"
  image    = "c:1"
}
"#,
    )
    .renders(&["kind: CronJob", "kind: ConfigMap"])
    .times("kind: Deployment", 2);
}

#[test]
fn b02_texts_and_empty_maps_are_kept() {
    project(
        r#"
configmap "c" {
  data = { "app.yaml" = "first: 1\nopts: {}\nlast:\n" }
}
deployment "web" {
  container "c" { image = "c:1" }
  raw = <<-EOT
    spec:
      template:
        spec:
          affinity: {}
  EOT
}
"#,
    )
    .renders(&["    first: 1\n    opts: {}\n    last:\n", "      affinity: {}\n"]);
}

#[test]
fn b04_init_containers_keep_their_arguments() {
    project(
        r#"
deployment "web" {
  container "c" { image = "c:1" }
  init "prep" {
    image = "prep:1"
    args  = ["a", "b"]
  }
}
"#,
    )
    .renders(&["initContainers:\n      - args:\n        - a\n        - b\n"]);
}

#[test]
fn b06_a_wrong_quantity_is_an_error_at_its_place() {
    project(
        r#"
deployment "web" {
  container "c" {
    image = "c:1"
    resources { memory = "12Q" }
    volume "v" {
      mount_path = "/v"
      empty_dir  = true
      size_limit = "big"
    }
  }
}
persistentvolumeclaim "disk" { storage = "1 Gi" }
"#,
    )
    .says(&[
        "app.kdef:4:26: error[K0502]",
        "app.kdef:8:20: error[K0502]",
        "app.kdef:12:42: error[K0502]",
    ]);
}

#[test]
fn b07_wildcard_hosts_give_names_that_kubernetes_takes() {
    project(
        r#"
ingress "wild" {
  service_name = "web"
  port         = 80
  host         = "*.example.org"
  tls          = true
}
"#,
    )
    .renders(&["name: wildcard-example-org-tls\n", "- \"*.example.org\""]);
}

#[test]
fn b08_the_version_of_the_tool_is_in_no_object() {
    project("deployment \"web\" {\n  container \"c\" { image = \"c:1\" }\n}\n")
        .renders(&[])
        .without("version:")
        .without(env!("CARGO_PKG_VERSION"));
}

#[test]
fn b10_an_autoscaled_deployment_leaves_its_replicas_to_the_autoscaler() {
    project(
        r#"
deployment "web" {
  container "c" { image = "c:1" }
  autoscale {
    min = 2
    max = 4
  }
}
"#,
    )
    .renders(&["kind: HorizontalPodAutoscaler", "averageUtilization: 80"])
    .without("  replicas:");
}

#[test]
fn b12_a_claim_is_no_second_volume() {
    project(
        r#"
statefulset "db" {
  container "db" { image = "db:1" }
  volume "data" {
    mount_path = "/other"
    empty_dir  = true
  }
  volume_claim "data" {
    mount_path = "/data"
    storage    = "1Gi"
  }
}
"#,
    )
    .says(&["app.kdef:"]);
}

#[test]
fn b13_gateway_mode_of_a_vars_file_holds_and_needs_a_gateway() {
    let files = r#"
--- root.kdef
deployments = { web = { namespace = "n" } }
--- web/vars.kdef
ingress_defaults {
  mode    = "gateway"
  gateway = "edge"
}
--- web/app.kdef
deployment "web" {
  container "c" {
    image = "c:1"
    port "80" "http" {}
  }
  ingress { host = "a.example" }
}
"#;
    project(files).renders(&["kind: HTTPRoute", "parentRefs:\n  - name: edge\n"]);
    project(&files.replace("  gateway = \"edge\"\n", "")).says(&["web/"]);
    project(&files.replace("\"gateway\"", "\"gatewy\"")).says(&["web/vars.kdef:2:13: error[K0306]"]);
}

#[test]
fn b15_the_list_form_of_a_root_works() {
    project("--- root.kdef\nnamespaces  = [\"n\"]\ndeployments = [\"web\"]\n--- web/app.kdef\nconfigmap \"c\" { namespace = \"n\" }\n")
        .renders(&["name: c\n"]);
}

#[test]
fn l01_labels_that_the_selector_does_not_find_are_an_error() {
    project(
        r#"
deployment "web" {
  labels = { app = "web" }
  container "c" { image = "c:1" }
}
"#,
    )
    .says(&["app.kdef:2:12: error[K0504]"]);
}

#[test]
fn l02_and_l03_an_ingress_goes_to_the_first_port_of_the_service() {
    project(
        r#"
deployment "web" {
  container "c" {
    image = "c:1"
    port "8000" "http" {}
  }
  service {
    name = "front"
    port "80" "http" { target = 8000 }
  }
  ingress { host = "a.example" }
}
"#,
    )
    .renders(&["name: front\n            port:\n              number: 80\n"]);
}

#[test]
fn l04_paths_protocols_named_ports_and_headless_services() {
    project(
        r#"
deployment "web" {
  container "c" {
    image = "c:1"
    port "8000" "http" {}
    port "53" "dns" { protocol = "UDP" }
  }
  service {
    type = "NodePort"
    port "80" "http" {
      target    = "http"
      node_port = 30080
    }
  }
  ingress {
    host = "a.example"
    path "/api" { type = "Exact" }
  }
}
"#,
    )
    .renders(&[
        "protocol: UDP",
        "targetPort: http",
        "nodePort: 30080",
        "path: /api\n        pathType: Exact",
    ]);
}

#[test]
fn l08_cronjobs_have_histories_time_zones_and_names_of_their_own() {
    project(
        r#"
for "zone" {
  in = ["nl", "be"]
  cronjob "nightly-${zone}" {
    schedule                      = "0 3 * * *"
    time_zone                     = "Europe/Amsterdam"
    successful_jobs_history_limit = 1
    failed_jobs_history_limit     = 2
    image                         = "job:1"
  }
}
"#,
    )
    .renders(&[
        "timeZone: Europe/Amsterdam",
        "successfulJobsHistoryLimit: 1",
        "failedJobsHistoryLimit: 2",
        "name: nightly-be\n",
    ]);
}
