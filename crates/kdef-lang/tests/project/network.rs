//! What leads requests to pods: ingresses of their own.

use crate::harness::case;

#[test]
fn an_ingress_of_its_own_gets_namespace_defaults_and_overrides() {
    case(
        r#"
--- root.kdef
deployments = { shop = { namespace = "shop" } }
ingress_defaults {
  tls    = true
  issuer = "corp"
  class  = "edge"
  annotations = { "h.example" = { a = "root", b = "root" } }
}
--- environments/live.kdef
override "ingress" "renamed" {
  hosts = ["live.example"]
  path "/" { port = 81 }
}
--- shop/app.kdef
for "t" {
  in = [{ id = "one", hosts = ["one.example"] }, { id = "two", hosts = ["two.example", "2.example"] }]
  ingress "tenant" {
    name         = "tenant-${t.id}"
    service_name = "front"
    port         = 8080
    hosts        = t.hosts
  }
}
ingress "label" {
  name         = "renamed"
  namespace    = "own"
  service_name = "front"
  port         = "http"
  tls          = false
  annotations  = { "h.example/a" = "own" }
  path "/" { port = 80 }
  path "/x" {}
}
"#,
    )
    .env("live")
    .gives("
        ingress tenant name=tenant-one namespace=shop service_name=front port=8080 hosts=[one.example] tls=true issuer=corp class=edge annotations={h.example/a:root,h.example/b:root}
        ingress tenant name=tenant-two namespace=shop service_name=front port=8080 hosts=[two.example,2.example] tls=true issuer=corp class=edge annotations={h.example/a:root,h.example/b:root}
        ingress label name=renamed namespace=own service_name=front port=http hosts=[live.example] tls=false issuer=corp class=edge annotations={h.example/a:own,h.example/b:root}
          path / port=81
          path /x
    ");
}

#[test]
fn ingresses_alone_and_in_workloads_may_not_claim_the_same() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "x"
  }
  ingress {
    host = "a.example"
    tls  = true
  }
}
ingress "web" {
  service_name = "web"
  port         = 80
  hosts        = ["b.example"]
}
ingress "other" {
  service_name = "web"
  port         = 80
  hosts        = ["a.example"]
  tls          = true
}
ingress "own-certificate" {
  service_name = "web"
  port         = 80
  hosts        = ["a.example"]
  tls          = true
  tls_secret   = "own"
}
ingress "elsewhere" {
  name         = "web"
  namespace    = "other"
  service_name = "web"
  port         = 80
  hosts        = ["a.example"]
  tls          = true
}
"#,
    )
    .says(
        "
        app.kdef:10:1: error[K0602]: two ingresses are named `web`
          app.kdef:5:3: the first one
          set another `name` on one of them
        app.kdef:15:1: error[K0602]: two ingresses would fill the certificate `a-example-tls`
          app.kdef:5:3: the first one
          give both one `tls_secret`, or different first hosts
    ",
    );
}

#[test]
fn an_ingress_of_its_own_says_where_requests_go() {
    case(
        r#"
ingress "nothing" {
  host = "a.example"
}
ingress "by-path" {
  host = "a.example"
  path "/" {
    service_name = "a"
    port         = 80
  }
  path "/b" {
    service_name = "b"
  }
}
ingress "default" {
  default_backend {
    service_name = "a"
    port         = 80
  }
}
ingress "no-host" {
  service_name = "a"
  port         = 80
}
ingress "null" {
  host         = "a.example"
  service_name = null
  port         = 80
  servce_name  = "a"
}
"#,
    )
    .says(
        "
        app.kdef:1:1: error[K0303]: `ingress` needs the attribute `service_name`
          there is no workload here to take it from
        app.kdef:1:1: error[K0303]: `ingress` needs the attribute `port`
          there is no workload here to take it from
        app.kdef:4:1: error[K0303]: `ingress` needs the attribute `port`
          there is no workload here to take it from
        app.kdef:20:1: warning[K0309]: this ingress has no host, so nothing is rendered for it
          set `host` or `hosts`
        app.kdef:28:3: error[K0302]: `ingress` has no attribute `servce_name`
          did you mean `service_name`?
    ",
    );
}

#[test]
fn hosts_times_paths_are_bounded() {
    let hosts: String = (0..101).map(|host| format!("\"h{host}.example\",")).collect();
    let paths: String = (0..100)
        .map(|path| format!("  path \"/{path}\" {{}}\n"))
        .collect();
    let head = "ingress \"i\" {\n  service_name = \"s\"\n  port = 80\n";
    case(&format!("{head}  hosts = [{hosts}]\n{paths}}}\n")).says(
        "
        app.kdef:1:1: error[K0902]: hosts times paths are 10100; an ingress may have at most 10000
          split it into several ingresses
    ",
    );
}

#[test]
fn services_of_a_workload_are_told_apart_by_name() {
    let files = r#"
--- environments/live.kdef
override "deployment" "web" {
  service {
    type = "NodePort"
  }
  service {
    name = "internal"
    port "81" "metrics" {}
  }
  service {
    name = "new"
  }
}
--- app.kdef
deployment "web" {
  container "web" {
    image = "web:1"
    port "80" "http" {}
  }
  service {
    port "80" "http" {}
  }
  service {
    name       = "internal"
    cluster_ip = "None"
    port "80" "http" {}
  }
}
"#;
    case(files).env("live").gives(
        "
        deployment web
          container web image=web:1
            port 80 http
          service type=NodePort
            port 80 http
          service name=internal cluster_ip=None
            port 80 http
            port 81 metrics
          service name=new
    ",
    );
    let repeated = "deployment \"web\" {\n  container \"web\" {\n    image = \"x\"\n  }\n  service {}\n  \
                    if {\n    condition = true\n    service {}\n  }\n  service {}\n  service {\n    \
                    name = \"web\"\n  }\n}\n";
    case(repeated).says(
        "
        app.kdef:8:5: error[K0305]: there is a `service` without a `name` already
          app.kdef:5:3: the first one
          give this one a `name`, or merge the two
        app.kdef:10:3: error[K0305]: there is a `service` without a `name` already
          app.kdef:5:3: the first one
          give this one a `name`, or merge the two
        app.kdef:12:12: error[K0305]: there is a `service` with the name `web` already
          app.kdef:5:3: the first one
    ",
    );
}

#[test]
fn rules_of_a_networkpolicy_are_no_ingresses() {
    case(
        r#"
--- vars.kdef
ingress_defaults {
  tls = true
}
--- app.kdef
networkpolicy "web" {
  ingress {}
  ingress {
    from {
      pod_selector = {}
    }
  }
}
"#,
    )
    .gives(
        "
        networkpolicy web
          ingress
          ingress
            from pod_selector={}
    ",
    );
}
