//! `ingress_defaults`, and ingresses that claim the same.

use crate::harness::case;

#[test]
fn ingress_defaults_fill_what_is_open_nearest_first() {
    let files = r#"
--- root.kdef
deployments = { web = { path = "apps/web", namespace = "n" }, api = { path = "api", namespace = "n" } }
ingress_defaults {
  tls    = true
  class  = "root"
  issuer = "root"
  annotations = {
    "a.example" = { one = "root", two = "root" }
  }
}
--- vars.kdef
ingress_defaults {
  issuer  = "outer vars"
  gateway = "never seen"
}
--- beside.kdef
deployment "beside" {
  namespace = "n"
  container "app" {
    image = "x"
  }
  ingress {
    host = "beside.example"
  }
}
--- apps/vars.kdef
import = ["one.txt", "two.txt"]
--- apps/one.txt
ingress_defaults {
  issuer = "one"
}
--- apps/two.txt
ingress_defaults {
  class   = "two"
  mode    = "gateway"
  gateway = "gate"
  gateway_namespace = "gates"
  annotations = {
    "a.example/two" = "two"
    three           = 3
  }
}
--- apps/web/app.kdef
deployment "web" {
  container "app" {
    image = "x"
  }
  ingress {
    host = "open.example"
  }
  ingress {
    host       = "closed.example"
    tls        = false
    class      = "own"
    mode       = "ingress"
    tls_secret = "own"
    annotations = {
      "a.example/one" = "own"
    }
  }
}
--- api/app.kdef
deployment "api" {
  container "app" {
    image = "x"
  }
  ingress {
    host = "api.example"
  }
}
"#;
    case(
        &files
            .replace("outer vars", "outer-vars")
            .replace("never seen", "unseen"),
    )
    .gives("
        deployment beside namespace=n
          container app image=x
          ingress host=beside.example tls=true issuer=root class=root annotations={a.example/one:root,a.example/two:root}
        deployment web namespace=n
          container app image=x
          ingress host=open.example tls=true issuer=root class=two annotations={a.example/one:root,a.example/two:two,three:3} mode=gateway gateway=gate gateway_namespace=gates
          ingress host=closed.example tls=false tls_secret=own issuer=root class=own annotations={a.example/one:own,a.example/two:two,three:3} mode=ingress gateway=gate gateway_namespace=gates
        deployment api namespace=n
          container app image=x
          ingress host=api.example tls=true issuer=outer-vars class=root annotations={a.example/one:root,a.example/two:root} gateway=unseen
    ");
    case(files).says("
        vars.kdef:2:13: error[K0501]: `issuer`: `outer vars` must consist of lower case letters, digits, `-` and `.`
          did you mean `outer-vars`?
        vars.kdef:3:13: error[K0501]: `gateway`: `never seen` must consist of lower case letters, digits, `-` and `.`
          did you mean `never-seen`?
    ");
    case("configmap \"c\" {}\n--- vars.kdef\ningress_defaults {\n  clas = \"x\"\n  host = \"y\"\n}\ningress_defaults {}\n").says("
        vars.kdef:2:3: error[K0302]: `ingress_defaults` has no attribute `clas`
          did you mean `class`?
        vars.kdef:3:3: error[K0302]: `ingress_defaults` has no attribute `host`
        vars.kdef:5:1: error[K0305]: there is a block `ingress_defaults` already; it may stand once
          vars.kdef:1:1: the first one
          merge the two
    ");
}

#[test]
fn ingresses_may_not_claim_the_same() {
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
  ingress {
    hosts = ["a.example", "b.example"]
    tls   = true
  }
  ingress {
    name = "web-2"
    host = "c.example"
  }
  ingress {
    host       = "a.example"
    tls        = true
    tls_secret = "own"
  }
}
deployment "web-4" {
  container "app" {
    image = "x"
  }
  ingress {
    host = "*.a.example"
    tls  = true
  }
}
deployment "elsewhere" {
  name      = "web"
  namespace = "other"
  container "app" {
    image = "x"
  }
  ingress {
    host = "a.example"
    tls  = true
  }
}
for "x" {
  in = [1, 2]
  deployment "loop" {
    container "app" {
      image = "x"
    }
    ingress {
      host = "loop.example"
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:9:3: error[K0602]: two ingresses would fill the certificate `a-example-tls`
          app.kdef:5:3: the first one
          give both one `tls_secret`, or different first hosts
        app.kdef:13:3: error[K0602]: two ingresses are named `web-2`
          app.kdef:9:3: the first one
          set another `name` on one of them
        app.kdef:27:3: error[K0602]: two ingresses are named `web-4`
          app.kdef:17:3: the first one
          set another `name` on one of them
        app.kdef:49:5: error[K0602]: two ingresses are named `loop`
          this block comes out several times: make its name and hosts differ each time
    ",
    );
}
