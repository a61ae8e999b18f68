//! `component` and `use`.

use crate::harness::case;

const WEB: &str = r#"
--- components/web.kdef
component "web" {
  input "image" { type = string }
  input "host" {
    type    = string
    default = null
  }
  input "replicas" {
    type    = number
    default = 2
  }
  deployment "${self.name}" {
    scale { replicas = input.replicas }
    container "app" {
      image = input.image
    }
    if {
      condition = input.host != null
      ingress { host = input.host }
    }
  }
  for "suffix" {
    in = ["a", "b"]
    configmap "${self.name}-${suffix}" {}
  }
}
"#;

fn with_web(app: &str) -> String {
    format!("{app}{WEB}")
}

#[test]
fn a_component_is_made_with_the_inputs_of_each_use() {
    case(&with_web(
        r#"
images { shop = "registry/shop:1" }
use "web" "front" {
  image    = image("shop")
  host     = "shop.example"
  replicas = "3"
}
for "site" {
  in = var.sites
  use "web" "shop-${site}" { image = "site:${site}" }
}
--- vars.kdef
variable "sites" {
  type    = list(string)
  default = ["nl"]
}
"#,
    ))
    .gives(
        "
        deployment front
          scale replicas=3
          container app image=registry/shop:1
          ingress host=shop.example
        configmap front-a
        configmap front-b
        deployment shop-nl
          scale replicas=2
          container app image=site:nl
        configmap shop-nl-a
        configmap shop-nl-b
        ",
    );
}

#[test]
fn wrong_inputs_are_errors_at_the_use() {
    case(&with_web(
        r#"
use "web" "front" {
  imgae = "a:1"
}
use "web" "shop" {
  image    = "a:1"
  replicas = "many"
  colour   = "red"
}
use "web" "bare" {}
use "web" "${1 + true}" { image = "a:1" }
use "web" { image = "a:1" }
use "wbe" "typo" {}
"#,
    ))
    .says(
        "
        app.kdef:2:3: error[K0420]: component `web` has no input `imgae`
          components/web.kdef:1:11: the component
          did you mean `image`?
        app.kdef:6:14: error[K0404]: the input `replicas` of component `web`: a number is required, and this text is not one
          components/web.kdef:8:15: declared here
        app.kdef:7:3: error[K0420]: component `web` has no input `colour`
          components/web.kdef:1:11: the component
          its inputs are host, image, replicas
        app.kdef:9:1: error[K0420]: component `web` needs the input `image`
          components/web.kdef:2:9: declared here
          write `image = ...` in this block
        app.kdef:10:18: error[K0205]: `+` needs a number, not a bool
        app.kdef:11:1: error[K0304]: `use` needs a label for its name
          write `use \"component\" \"name\" { ... }`
        app.kdef:12:5: error[K0418]: there is no component `wbe`
          did you mean `web`?
        ",
    );
}

#[test]
fn a_component_sees_its_inputs_only() {
    case(
        r#"
component "c" {
  configmap "${self.name}" {
    data = {
      a = var.x
      b = kdef.env
      c = env.HOME
      d = file("note.txt")
      e = input.nothing
    }
  }
}
use "c" "one" {}
use "c" "two" {}
--- vars.kdef
variable "x" {
  type    = string
  default = "x"
}
--- note.txt
note
"#,
    )
    .says(
        "
        app.kdef:4:11: error[K0201]: `var` cannot be used in a component, which sees its inputs only
          app.kdef:12:1: used here
          declare an `input` for it, and give that a value in `use`
        app.kdef:5:11: error[K0201]: `kdef` cannot be used in a component, which sees its inputs only
          app.kdef:12:1: used here
          declare an `input` for it, and give that a value in `use`
        app.kdef:6:11: error[K0201]: `env` cannot be used in a component, which sees its inputs only
          app.kdef:12:1: used here
          declare an `input` for it, and give that a value in `use`
        app.kdef:8:17: error[K0201]: there is no input `nothing`
          app.kdef:12:1: used here
        ",
    );
}

#[test]
fn a_component_has_locals_of_its_own() {
    case(
        r#"
component "c" {
  input "name" { type = string }
  locals {
    host = "${local.base}.example"
    base = "${input.name}-${self.name}"
  }
  configmap "${self.name}" { data = { host = local.host } }
}
use "c" "one" { name = "a" }
use "c" "two" { name = "b" }
--- vars.kdef
locals { host = "not this one" }
"#,
    )
    .gives(
        "
        configmap one data={host:a-one.example}
        configmap two data={host:b-two.example}
        ",
    );
    case(
        r#"
component "c" {
  locals {
    a = local.b
    b = local.a
    c = var.x
  }
  configmap "${self.name}" { data = { d = local.nothing } }
}
use "c" "one" {}
"#,
    )
    .says(
        "
        app.kdef:3:5: error[K0417]: `local.a` depends on itself
          app.kdef:9:1: used here
          the way back is local.a -> local.b -> local.a
        app.kdef:5:9: error[K0201]: `var` cannot be used in a component, which sees its inputs only
          app.kdef:9:1: used here
          declare an `input` for it, and give that a value in `use`
        app.kdef:7:49: error[K0201]: there is no local `nothing`
          app.kdef:9:1: used here
          there is `a`, `b`, `c`
        ",
    );
}

#[test]
fn the_deepest_component_of_a_name_wins() {
    case(
        r#"
--- root.kdef
namespaces  = ["n"]
deployments = { "apps/shop" = { namespace = "n" } }
--- parts.kdef
component "a" {
  configmap "a-of-root" {}
}
component "b" {
  configmap "b-of-root" {}
}
component "c" {
  configmap "c-of-root" {}
}
--- apps/components/b.kdef
component "b" {
  configmap "b-of-apps" {}
}
--- apps/shop/app.kdef
use "a" "x" {}
use "b" "x" {}
use "c" "x" {}
component "c" {
  configmap "c-of-shop" {}
}
"#,
    )
    .gives(
        "
        namespace n
        configmap a-of-root namespace=n
        configmap b-of-apps namespace=n
        configmap c-of-shop namespace=n
        ",
    );
}

#[test]
fn components_use_components_but_not_themselves() {
    case(
        r#"
component "inner" {
  input "value" { type = string }
  configmap "${self.name}" { data = { value = input.value } }
}
component "outer" {
  use "inner" "${self.name}-1" { value = "one" }
  use "inner" "${self.name}-2" { value = "two" }
}
use "outer" "top" {}
"#,
    )
    .gives(
        "
        configmap top-1 data={value:one}
        configmap top-2 data={value:two}
        ",
    );
    case(
        r#"
component "a" {
  use "b" "x" {}
}
component "b" {
  use "c" "x" {}
}
component "c" {
  use "b" "x" {}
}
use "a" "top" {}
"#,
    )
    .says(
        "
        app.kdef:8:7: error[K0419]: component `b` uses itself
          the way back is b -> c -> b
        ",
    );
}

#[test]
fn overrides_reach_the_inputs_and_the_objects() {
    case(&with_web(
        r#"
use "web" "front" {
  image = "front:1"
  host  = "front.example"
}
use "web" "back" { image = "back:1" }
--- environments/live.kdef
override "use" "front" {
  image = "front:2"
}
override "deployment" "front" {
  container "app" { image_pull_policy = "Always" }
}
override "use" "back" { host = "back.example" }
"#,
    ))
    .env("live")
    .gives(
        "
        deployment front
          scale replicas=2
          container app image=front:2 image_pull_policy=Always
          ingress host=front.example
        configmap front-a
        configmap front-b
        deployment back
          scale replicas=2
          container app image=back:1
          ingress host=back.example
        configmap back-a
        configmap back-b
        ",
    );
    case(&with_web(
        r#"
use "web" "front" { image = "front:1" }
--- environments/live.kdef
override "use" "fron" { image = "front:2" }
override "component" "web" {}
override "use" "front" { colour = "red" }
"#,
    ))
    .env("live")
    .says(
        "
        environments/live.kdef:1:16: error[K0406]: there is no use `fron` to override
          did you mean `front`?
        environments/live.kdef:2:10: error[K0406]: there is no kind of block `component` to override
          name a block of a definition file, such as `deployment`, or `app` for any workload
        environments/live.kdef:3:26: error[K0420]: component `web` has no input `colour`
          components/web.kdef:1:11: the component
          its inputs are host, image, replicas
        ",
    );
}

#[test]
fn problems_of_a_component_name_the_use() {
    case(
        r#"
component "c" {
  deployment "${self.name}" {
    container "Bad" { image = "a:1" }
  }
  secret "${self.name}" { type = 1 + "x" }
}
component "d" {
  use "c" "in-d" {}
}
use "d" "top" {}
"#,
    )
    .says(
        "
        app.kdef:3:15: error[K0501]: the name `Bad` must consist of lower case letters, digits and `-`
          app.kdef:8:3: used here
          app.kdef:10:1: used here
          did you mean `bad`?
        app.kdef:5:38: error[K0205]: `+` needs a number, and this text is not
          app.kdef:8:3: used here
          app.kdef:10:1: used here
          join texts in a template: \"${a}${b}\"
        ",
    );
}

#[test]
fn a_component_is_checked_where_it_stands() {
    case(
        r#"
component "twice" {
  input "a" { type = strin }
  input "a" { type = string }
  deployment "x" {
    contaner "x" {}
  }
}
component "twice" {}
component "${var.x}" {}
component {}
if {
  condition = true
  component "inside" {}
}
configmap "c" {}
--- components/other.kdef
component "other" {
  images {}
}
configmap "c" {}
"#,
    )
    .says(
        "
        app.kdef:2:22: error[K0403]: there is no type `strin`
          did you mean `string`?
          types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), tuple([T, U]) and object({ a = T, b = optional(T) })
        app.kdef:3:9: error[K0305]: there is an input `a` already
          app.kdef:2:9: the first one
          keep one of them
        app.kdef:5:5: error[K0301]: `deployment` has no block `contaner`
          did you mean `container`?
        app.kdef:8:11: error[K0305]: there is a component `twice` in this folder already
          app.kdef:1:11: the first one
          give one of them another name
        app.kdef:9:11: error[K0304]: the name of a component is written out, and not empty
        app.kdef:10:1: error[K0304]: `component` needs a label for its name
          write `component \"name\" { ... }`
        app.kdef:13:3: warning[K0309]: `component` has no effect inside `if`
          put it beside the other blocks of the file
        components/other.kdef:2:3: error[K0301]: `component` has no block `images`
          `images` belongs in vars.kdef
        components/other.kdef:4:1: error[K0301]: a components file has no block `configmap`
          `configmap` belongs in a definition file
        ",
    );
}

#[test]
fn components_are_bounded() {
    let chain = |uses: &str| {
        let level = |level: usize| {
            let uses = uses.replace("NEXT", &format!("c{}", level + 1));
            format!("component \"c{level}\" {{\n{uses}}}\n")
        };
        let levels: String = (0..70).map(level).collect();
        format!("use \"c0\" \"top\" {{}}\n{levels}component \"c70\" {{}}\n")
    };
    let doubling = chain("  use \"NEXT\" \"a\" {}\n  use \"NEXT\" \"b\" {}\n");
    let compiled = case(&doubling).limits(|limits| limits.blocks = 1000).compile();
    let limit = "the project expands to more than 1000 blocks, the limit of one run";
    let found: Vec<&str> = compiled.diagnostics.iter().map(|it| &*it.message).collect();
    assert!(found.contains(&limit), "{found:?}");
    assert_eq!(found.iter().filter(|message| **message == limit).count(), 1);

    let compiled = case(&chain("  use \"NEXT\" \"a\" {}\n")).compile();
    let found: Vec<&str> = compiled.diagnostics.iter().map(|it| &*it.message).collect();
    assert_eq!(found, ["more than 64 components use each other in a row"]);
}

#[test]
fn nested_roots_see_the_components_and_locals_outside() {
    case(
        r#"
--- root.kdef
deployments = { team = { namespace = "n" } }
--- vars.kdef
locals { zone = "eu" }
--- components/settings.kdef
component "settings" {
  input "zone" { type = string }
  configmap "${self.name}" { data = { zone = input.zone } }
}
--- team/root.kdef
deployments = ["shop"]
--- team/shop/app.kdef
use "settings" "app" { zone = local.zone }
"#,
    )
    .gives(
        "
        configmap app namespace=n data={zone:eu}
        ",
    );
}
