//! `root.kdef`: order, injection, namespaces, service accounts, selection, nesting.

use crate::harness::case;

#[test]
fn a_root_renders_its_entries_in_source_order() {
    case(
        r#"
--- root.kdef
namespaces  = ["a", "b", "b"]
deployments = {
  "zeta"  = { path = "apps/web", namespace = "a", service_account = "runner" }
  "alpha" = { path = "/apps/web/", namespace = "b" }
  api     = { namespace = "a" }
}
service_account "runner" {
  image_pull_secrets = ["pull"]
}
service_account "idle" {}
--- beside.kdef
configmap "beside" {
  namespace = "b"
}
--- apps/web/b.kdef
configmap "second" {}
--- apps/web/a.kdef
deployment "web" {
  container "app" {
    image = "web:1"
  }
}
--- apps/web/.dot.kdef
configmap "dot" {
  namespace = "a"
}
--- apps/web/nested/app.kdef
this is not read
--- api/app.kdef
deployment "api" {
  service_account = "runner"
  container "app" {
    image = "api:1"
  }
}
"#,
    )
    .says("");
    case(
        r#"
--- root.kdef
namespaces  = ["a", "b"]
deployments = {
  "zeta"  = { path = "apps/web", namespace = "a", service_account = "runner" }
  "alpha" = { path = "/apps/web/", namespace = "b" }
}
service_account "runner" {
  image_pull_secrets = ["pull"]
}
service_account "idle" {}
--- beside.kdef
configmap "beside" {
  namespace = "b"
}
--- apps/web/b.kdef
configmap "second" {}
secret "s" {
  namespace = "b"
}
--- apps/web/a.kdef
deployment "web" {
  container "app" {
    image = "web:1"
  }
}
"#,
    )
    .gives(
        "
        namespace a
        namespace b
        service_account runner namespace=a image_pull_secrets=[pull]
        configmap beside namespace=b
        deployment web namespace=a service_account=runner
          container app image=web:1
        configmap second namespace=a
        secret s namespace=b
        deployment web namespace=b
          container app image=web:1
        configmap second namespace=b
        secret s namespace=b
    ",
    );
}

#[test]
fn namespaces_are_required_and_listed() {
    case(
        r#"
--- root.kdef
namespaces  = ["shop", "shop-test"]
deployments = ["web"]
--- web/app.kdef
configmap "none" {}
deployment "typo" {
  namespace = "shpo"
  container "app" {
    image = "x"
  }
}
secret "good" {
  namespace = "shop"
}
configmap "lost" {
  namespace = var.nothing
}
configmap "${var.nothing}" {
  namespace = "other"
}
"#,
    )
    .says("
        web/app.kdef:1:1: error[K0409]: configmap `none` has no namespace
          set `namespace` here, or in its entry in root.kdef
        web/app.kdef:3:15: error[K0410]: the namespace of deployment `typo` is not in the `namespaces` of root.kdef
          root.kdef:1:16: listed here
          did you mean `shop`?
        web/app.kdef:12:19: error[K0201]: there is no variable `nothing`
          declare it in vars.kdef: `variable \"nothing\" { type = ... }`
        web/app.kdef:14:18: error[K0201]: there is no variable `nothing`
          declare it in vars.kdef: `variable \"nothing\" { type = ... }`
        web/app.kdef:15:15: error[K0410]: the namespace of this configmap is not in the `namespaces` of root.kdef
          root.kdef:1:16: listed here
    ");
    case("configmap \"c\" {}\n").gives("configmap c");
}

#[test]
fn service_accounts_are_declared_for_their_namespace() {
    case(
        r#"
--- root.kdef
deployments = {
  web = { namespace = "a", service_account = "scoped" }
  api = { namespace = "b", service_account = "scoped" }
  job = { namespace = "b" }
}
service_account "scoped" {
  namespace          = "a"
  image_pull_secrets = ["only-a"]
}
service_account "both" {}
service_account "both" {
  namespace          = "b"
  image_pull_secrets = ["only-b"]
}
service_account "scoped" {
  namespace = "a"
}
--- web/app.kdef
deployment "web" {
  container "app" {
    image = "x"
  }
}
deployment "web2" {
  service_account = "both"
  container "app" {
    image = "x"
  }
}
--- api/app.kdef
deployment "api" {
  container "app" {
    image = "x"
  }
}
--- job/app.kdef
deployment "job" {
  service_account = "bth"
  container "app" {
    image = "x"
  }
}
deployment "unset" {
  container "app" {
    image = "x"
  }
}
"#,
    )
    .says(
        "
        root.kdef:3:46: error[K0411]: the service account of deployment `api` is not declared
          root.kdef:7:24: declared for this namespace only
          declare it for the workload's namespace too, or without `namespace`
        root.kdef:15:1: error[K0305]: service account `scoped` is declared twice
          root.kdef:6:1: the first declaration
          keep one, or give them different namespaces
        job/app.kdef:2:21: error[K0411]: the service account of deployment `job` is not declared
          did you mean `both`?
          declare it in root.kdef with a block `service_account`
    ",
    );
    case(
        r#"
--- root.kdef
deployments = { web = { namespace = "a", service_account = "both" }, api = { namespace = "b", service_account = "both" } }
service_account "both" {}
service_account "both" {
  namespace          = "b"
  image_pull_secrets = ["only-b"]
}
--- web/app.kdef
deployment "web" {
  container "app" {
    image = "x"
  }
}
--- api/app.kdef
deployment "api" {
  container "app" {
    image = "x"
  }
}
"#,
    )
    .gives("
        service_account both namespace=a
        service_account both namespace=b image_pull_secrets=[only-b]
        deployment web namespace=a service_account=both
          container app image=x
        deployment api namespace=b service_account=both
          container app image=x
    ");
    case(
        "deployment \"d\" {\n  service_account = \"any\"\n  container \"app\" {\n    image = \"x\"\n  }\n}\n",
    )
    .gives(
        "
        deployment d service_account=any
          container app image=x
    ",
    );
}

const THREE: &str = r#"
--- root.kdef
namespaces  = ["a", "b"]
set         = { tag = "1" }
deployments = {
  web = { namespace = "a" }
  api = { namespace = "b" }
}
--- beside.kdef
configmap "beside" {
  namespace = "a"
}
--- web/app.kdef
deployment "web" {
  container "app" {
    image = "web:1"
    env_from {
      config_map = "beside"
    }
  }
}
--- api/app.kdef
configmap "api" {
  data = { tag = var.tag }
}
--- api/vars.kdef
variable "tag" {
  type = "string"
}
--- environments/live.kdef
override "configmap" "api" {
  data = { env = "live" }
}
"#;

#[test]
fn only_selects_entries() {
    case(THREE).only("web").env("live").gives(
        "
        namespace a
        deployment web namespace=a
          container app image=web:1
            env_from config_map=beside
    ",
    );
    case(THREE).only("api").only("web").env("live").gives(
        "
        namespace a
        namespace b
        deployment web namespace=a
          container app image=web:1
            env_from config_map=beside
        configmap api namespace=b data={env:live,tag:1}
    ",
    );
    case(THREE).only("wbe").only("x").says(
        "
        error[K0407]: there is no entry `wbe` in root.kdef
          did you mean `web`?
          the entries are web, api
        error[K0407]: there is no entry `x` in root.kdef
          the entries are web, api
    ",
    );
    case("configmap \"c\" {}\n").only("web").says(
        "
        error[K0407]: there is no entry `web`: the folder has no root.kdef
          render the folder that holds root.kdef
    ",
    );
}

#[test]
fn a_sub_project_by_itself_sees_itself_alone() {
    case(THREE).dir("web").says(
        "
        web/app.kdef:5:20: warning[K0701]: the project defines no configmap `beside`
          this folder is rendered by itself, without what `.` gives it: render that folder with `--only web`
          if something else creates it, list it in a block `external`
    ",
    );
    case(THREE).dir("api").set("tag", "1").gives(
        "
        configmap api data={tag:1}
    ",
    );
    case(
        r#"
--- root.kdef
deployments = { web = { path = "apps/web", namespace = "n" } }
--- vars.kdef
variable "tag" {
  type    = "string"
  default = "1"
}
--- images.kdef
images {
  web = "web"
}
--- apps/web/app.kdef
configmap "c" {
  data = { tag = var.tag, image = image("web") }
}
"#,
    )
    .dir("apps/web")
    .says(
        r#"
        apps/web/app.kdef:2:22: error[K0201]: there is no variable `tag`
          this folder is rendered by itself, without what `.` gives it: render that folder with `--only web`
          declare it in vars.kdef: `variable "tag" { type = ... }`
        apps/web/app.kdef:2:41: error[K0204]: there is no image `web`
          give it in an `images` block: images { web = "registry/name:tag" }
    "#,
    );
}

#[test]
fn roots_nest() {
    case(
        r#"
--- root.kdef
namespaces  = ["outer"]
env         = "live"
set         = { a = "outer root" }
deployments = {
  team = { path = "team", namespace = "outer", set = { b = "outer entry" } }
}
ingress_defaults {
  class  = "outer"
  issuer = "outer"
}
--- vars.kdef
variable "a" {
  type = "string"
}
variable "b" {
  type = "string"
}
variable "c" {
  type = "string"
}
--- images.kdef
images {
  web = "web:1"
}
--- environments/live.kdef
--- team/root.kdef
namespaces  = ["inner"]
env         = "other"
set         = { a = "inner root", b = "inner root", c = "inner root" }
deployments = {
  one = {}
  two = { namespace = "inner", set = { c = "inner entry" } }
}
service_account "inner" {}
ingress_defaults {
  class = "inner"
}
--- team/beside.kdef
configmap "beside" {
  data = { a = var.a, b = var.b, c = var.c, env = kdef.env }
}
--- team/one/app.kdef
deployment "one" {
  service_account = "inner"
  container "app" {
    image = image("web")
  }
  ingress {
    host = "one.example"
  }
}
--- team/two/app.kdef
configmap "two" {
  data = { a = var.a, b = var.b, c = var.c }
}
"#,
    )
    .gives(
        "
        namespace outer
        namespace inner
        service_account inner namespace=outer
        configmap beside namespace=outer data={a:outer root,b:outer entry,c:inner root,env:live}
        deployment one namespace=outer service_account=inner
          container app image=web:1
          ingress host=one.example issuer=outer class=inner
        configmap two namespace=inner data={a:outer root,b:outer entry,c:inner entry}
    ",
    );
}

#[test]
fn roots_that_lead_in_circles_or_too_deep_end() {
    case("--- root.kdef\ndeployments = [\"a\"]\n--- a/root.kdef\ndeployments = [\"b\", \"../a\", \"..\"]\n--- a/b/x.kdef\n").says("
        a/root.kdef:1:21: error[K0414]: entry `../a`: the path leads to the project itself
          definitions beside root.kdef are rendered without an entry
        a/root.kdef:1:29: error[K0414]: entry `..`: the path leads to the project itself
          definitions beside root.kdef are rendered without an entry
    ");
    let deep: String = (0..30)
        .map(|depth| {
            format!(
                "--- {}root.kdef\ndeployments = [\"a\", \"./a\"]\n",
                "a/".repeat(depth)
            )
        })
        .collect();
    case(&deep).limits(|limits| limits.project_depth = 3).says(
        "
        a/a/root.kdef:1:16: error[K0902]: projects are nested more than 3 levels deep
        a/a/root.kdef:1:21: error[K0902]: projects are nested more than 3 levels deep
    ",
    );
    case(&deep)
        .limits(|limits| {
            limits.project_depth = 30;
            limits.files = 25;
        })
        .says(
            "
            error[K0902]: the project has more than 25 sub-projects, the limit of one run
            error[K0902]: the project has more than 25 files, the limit of one run
        ",
        );
}
