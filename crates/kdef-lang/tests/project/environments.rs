//! Environments: their files, `kdef.env`, `use_vars`, overrides.

use crate::harness::case;

const TWO_APPS: &str = r#"
--- root.kdef
deployments = {
  web = { namespace = "n" }
  api = { namespace = "n" }
}
--- web/app.kdef
deployment "web" {
  node_selector = { disk = "ssd", zone = "a" }
  container "app" {
    image = "web:1"
    args  = ["a", "b"]
    env {
      A = "1"
      B = "1"
    }
    resources {
      cpu    = "1"
      memory = "1Gi"
    }
    port "80" "http" {
      health = "/"
    }
    env_from {
      secret = "one"
    }
    env_from {
      secret = "two"
    }
  }
  ingress {
    host = "a.example"
    name = "a"
  }
  ingress {
    host = "b.example"
    name = "b"
  }
}
secret "one" {
  data = { a = "1", b = "1" }
}
secret "two" {}
--- api/app.kdef
deployment "x" {
  name = "api"
  container "app" {
    image = "api:1"
  }
}
--- api/vars.kdef
variable "replicas" {
  type    = number
  default = 7
}
--- api/images.kdef
images {
  api = "api:2"
}
"#;

fn with(environment: &str) -> crate::harness::Case {
    case(&format!("{TWO_APPS}{environment}")).env("live")
}

#[test]
fn overrides_merge_deeply() {
    with(
        r#"
--- environments/live.kdef
override "deployment" "web" {
  node_selector = { zone = "b" }
  scale {
    replicas = 3
  }
  container "app" {
    args = ["c"]
    env {
      B = "2"
      C = "2"
    }
    resources {
      memory = "2Gi"
    }
    port "80" "http" {
      ready = "/r"
    }
    port "81" "admin" {}
    env_from {
      secret = "two"
    }
  }
  container "side" {
    image = "side:1"
  }
  ingress {
    host = "c.example"
  }
}
override "secret" "one" {
  data = { b = "2" }
}
override "app" "api" {
  scale {
    replicas = var.replicas + 1
  }
}
--- api/environments/live.kdef
override "app" "api" {
  container "app" {
    image = image("api")
  }
}
"#,
    )
    .gives(
        "
        deployment web namespace=n node_selector={disk:ssd,zone:b}
          container app image=web:1 args=[c]
            env A=1 B=2 C=2
            resources cpu=1 memory=2Gi
            port 80 http health=/ ready=/r
            port 81 admin
            env_from secret=two
          scale replicas=3
          container side image=side:1
          ingress host=c.example
        secret one namespace=n data={a:1,b:2}
        secret two namespace=n
        deployment x name=api namespace=n
          container app image=api:2
          scale replicas=8
    ",
    );
}

#[test]
fn two_overrides_of_one_target_merge_in_order_and_the_inner_file_wins() {
    with(
        r#"
--- environments/live.kdef
override "app" "api" {
  namespace = "outer"
  scale {
    replicas = 1
  }
}
override "deployment" "api" {
  scale {
    replicas = 2
  }
}
override "deployment" "web" {
  raw = null
}
--- api/environments/live.kdef
override "deployment" "api" {
  namespace = "inner"
}
"#,
    )
    .only("api")
    .gives(
        "
        deployment x name=api namespace=inner
          container app image=api:1
          scale replicas=2
    ",
    );
}

#[test]
fn overrides_are_checked() {
    with(
        r#"
--- environments/live.kdef
override "deployment" "wbe" {
  replicas = 3
}
override "deploymnt" "web" {}
override "images" "web" {}
override "configmap" "${"x"}" {}
override "app" "nobody" {}
override "deployment" {}
override "app" "api" {
  container "app" {
    imge = "x"
  }
  container "new" {}
  if {
    condition = true
  }
  scale {
    replicas = var.nothing
  }
}
use_vars {
  a = var.b
}
configmap "c" {}
"#,
    )
    .says(
        r#"
        environments/live.kdef:1:23: error[K0406]: there is no deployment `wbe` to override
          did you mean `web`?
        environments/live.kdef:2:3: error[K0302]: `deployment` has no attribute `replicas`
          `replicas` stands in the block `scale`
        environments/live.kdef:4:10: error[K0406]: there is no kind of block `deploymnt` to override
          did you mean `deployment`?
        environments/live.kdef:5:10: error[K0406]: there is no kind of block `images` to override
          name a block of a definition file, such as `deployment`, or `app` for any workload
        environments/live.kdef:6:1: error[K0304]: the kind and the name in `override` are written out
        environments/live.kdef:7:16: error[K0406]: there is no workload `nobody` to override
        environments/live.kdef:8:1: error[K0304]: `override` needs a label for its name
          write `override "kind" "name" { ... }`
        environments/live.kdef:11:5: error[K0302]: `container` has no attribute `imge`
          did you mean `image`?
        environments/live.kdef:13:3: error[K0303]: `container` needs the attribute `image`
        environments/live.kdef:14:3: error[K0301]: `if` cannot stand here
          `if` and `for` stand in definition files, and in the blocks of those that hold other blocks
        environments/live.kdef:18:20: error[K0201]: there is no variable `nothing`
          there is `replicas`
        environments/live.kdef:22:3: error[K0402]: a value is given to variable `a`, which nothing declares
          declare it in vars.kdef: `variable "a" { type = ... }`
        environments/live.kdef:22:7: error[K0210]: `var` cannot be used here, where only constants are allowed
          the only name that can be used here is `kdef`
        environments/live.kdef:24:1: error[K0301]: an environment file has no block `configmap`
          `configmap` belongs in a definition file
    "#,
    );
}

#[test]
fn an_unknown_environment_is_an_error() {
    let files = format!("{TWO_APPS}--- environments/live.kdef\n--- api/environments/staging.kdef\n");
    case(&files).env("stagin").says(
        "
        error[K0405]: there is no environment `stagin`
          did you mean `staging`? environments are live, staging
    ",
    );
    case(&files).env("staging").says("");
    case(&files).env("staging").only("web").says("");
    case(&files).env("../x").says(
        "
        error[K0405]: `../x` cannot be the name of an environment, since it is not that of a file
          an environment `live` is described in environments/live.kdef
    ",
    );
    case(&files).env("").says("");
    case("configmap \"c\" {}\n").env("live").says(
        "
        error[K0405]: there is no environment `live`
          describe it in environments/live.kdef
    ",
    );
    case("--- root.kdef\nenv = \"nowhere\"\ndeployments = { web = { env = \"else\" }, api = {} }\n--- web/app.kdef\n--- api/app.kdef\n")
        .says("
            root.kdef:1:7: error[K0405]: there is no environment `nowhere`
              describe it in environments/nowhere.kdef
            root.kdef:2:31: error[K0405]: there is no environment `else`
              describe it in environments/else.kdef
        ");
}

#[test]
fn an_environment_is_chosen_from_above() {
    let files = r#"
--- root.kdef
env         = "outer"
namespaces  = ["n-${kdef.env}", "n-entry"]
deployments = {
  web = { namespace = "n-${kdef.env}", set = { y = kdef.env } }
  api = { namespace = "n-${kdef.env}", env = "entry", set = { y = kdef.env } }
}
--- vars.kdef
variable "x" {
  type    = "string"
  default = "default"
}
variable "y" {
  type    = "string"
  default = "for ${kdef.env}"
}
--- images.kdef
images {
  web = "web:${kdef.env}"
}
--- environments/outer.kdef
use_vars {
  x = "outer ${kdef.env}"
}
--- environments/entry.kdef
use_vars {
  x = "entry"
}
--- environments/cli.kdef
--- shared.kdef
configmap "shared" {
  namespace = "n-${kdef.env}"
  data      = { x = var.x, y = var.y }
}
--- web/app.kdef
configmap "c" {
  data = { x = var.x, y = var.y, image = image("web") }
}
--- api/app.kdef
configmap "c" {
  data = { x = var.x, y = var.y, image = image("web") }
}
"#;
    case(files).gives(
        "
        namespace n-outer
        namespace n-entry
        configmap shared namespace=n-outer data={x:outer outer,y:for outer}
        configmap c namespace=n-outer data={image:web:outer,x:outer outer,y:outer}
        configmap c namespace=n-entry data={image:web:entry,x:entry,y:entry}
    ",
    );
    case(files).env("cli").gives(
        "
        namespace n-cli
        namespace n-entry
        configmap shared namespace=n-cli data={x:default,y:for cli}
        configmap c namespace=n-cli data={image:web:cli,x:default,y:cli}
        configmap c namespace=n-cli data={image:web:cli,x:default,y:cli}
    ",
    );
    case("configmap \"c\" {\n  data = { none = kdef.env == \"\", typo = \"${kdef.evn}\" }\n}\n").says(
        "
        app.kdef:2:50: error[K0201]: there is no built-in value `evn`
          did you mean `env`?
    ",
    );
}

#[test]
fn what_an_override_adds_must_be_complete() {
    with(
        r#"
--- environments/live.kdef
override "app" "api" {
  container "new" {
    args = []
  }
  service {
    port "80" "a" {}
  }
  service {
    type = "NodePort"
  }
}
"#,
    )
    .says(
        "
        environments/live.kdef:2:3: error[K0303]: `container` needs the attribute `image`
        environments/live.kdef:8:3: error[K0305]: there is a `service` without a `name` already
          environments/live.kdef:5:3: the first one
          give this one a `name`, or merge the two
    ",
    );
}
