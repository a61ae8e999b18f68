//! Locals: what they see, who sees them, and circles.

use crate::harness::case;

#[test]
fn locals_use_variables_functions_and_each_other() {
    case(
        r#"
for "host" "local.hosts" {
  configmap "${host}" {
    data = { env = local.where, first = local["hosts"][0], all = join_ }
  }
}
--- vars.kdef
locals {
  hosts = [for site in var.sites : "${site}${local.suffix}"]
}
variable "sites" {
  type = list(string)
}
locals {
  suffix = ".${local.domain}"
  domain = "example.com"
  where  = "${kdef.env}-${env.REGION}"
}
--- environments/live.kdef
override "configmap" "a.example.com" {
  data = { first = local.domain }
}
"#
        .replace(", all = join_", "")
        .as_str(),
    )
    .env("live")
    .process_env("REGION", "nl")
    .set("sites", r#"["b", "a"]"#)
    .gives(
        "
        configmap b.example.com data={env:live-nl,first:b.example.com}
        configmap a.example.com data={env:live-nl,first:example.com}
    ",
    );
}

#[test]
fn the_nearest_declaration_wins_and_is_evaluated_for_each_mount() {
    let files = r#"
--- root.kdef
deployments = {
  a = { namespace = "a", set = { site = "first" } }
  b = { namespace = "b", set = { site = "second" } }
}
--- vars.kdef
variable "site" {
  type = string
}
locals {
  host  = "${local.name}.${var.site}"
  name  = "outer"
  other = "outer"
}
--- shared.kdef
configmap "shared" {
  namespace = "a"
  data      = { other = local.other }
}
--- a/app.kdef
configmap "c" {
  data = { host = local.host, other = local.other }
}
--- a/vars.kdef
import = "imported.vars"
locals {
  name = "inner"
}
--- a/imported.vars
locals {
  name  = "imported"
  other = "imported"
}
--- b/app.kdef
configmap "c" {
  data = { host = local.host, other = local.other }
}
"#;
    case(files).gives(
        "
        configmap shared namespace=a data={other:outer}
        configmap c namespace=a data={host:inner.first,other:imported}
        configmap c namespace=b data={host:outer.second,other:outer}
    ",
    );
    case(files)
        .vars_from("extra.kdef", "locals {\n  other = \"given\"\n}\n")
        .gives(
            "
        configmap shared namespace=a data={other:outer}
        configmap c namespace=a data={host:inner.first,other:given}
        configmap c namespace=b data={host:outer.second,other:given}
    ",
        );
}

#[test]
fn circles_are_reported_once() {
    case(
        r#"
configmap "c" {
  data = { x = local.a, y = local.after, ok = local.ok }
}
--- vars.kdef
locals {
  b     = local.c
  a     = upper(local.b)
  c     = [for x in [1] : local.a]
  self  = "${local.self}"
  after = local.a + 1
  ok    = [for local in [{ ok = 1 }] : local.ok][0]
}
"#
        .replace("upper(local.b)", "\"x${local.b}\"")
        .as_str(),
    )
    .says(
        "
        vars.kdef:3:3: error[K0417]: `local.a` depends on itself
          the way back is local.a -> local.b -> local.c -> local.a
        vars.kdef:5:3: error[K0417]: `local.self` depends on itself
          the way back is local.self -> local.self
    ",
    );
}

#[test]
fn what_is_wrong_with_a_local_is_said_once_also_when_it_is_unused() {
    case(
        r#"
--- root.kdef
deployments = {
  a = { namespace = "a" }
  b = { namespace = "b" }
}
--- a/app.kdef
configmap "c" { data = { x = local.hots, y = var.host, z = host } }
--- b/app.kdef
--- vars.kdef
locals {
  host = "x"
  bad  = var.nothing + local.nowhere
  all  = local
  any  = local[local.host]
}
locals {
  host = "z"
}
"#,
    )
    .says(
        r#"
        vars.kdef:2:3: warning[K0309]: this declaration of local `host` has no effect, since another one follows
          vars.kdef:8:3: the one that counts
        vars.kdef:3:14: error[K0201]: there is no variable `nothing`
          declare it in vars.kdef: `variable "nothing" { type = ... }`
        vars.kdef:3:30: error[K0201]: there is no local `nowhere`
          there is `all`, `any`, `bad`, `host`
        vars.kdef:4:10: error[K0208]: `local` cannot be used as a whole while its elements are computed
          name one local, as in `local.name`
        vars.kdef:5:10: error[K0208]: `local` cannot be used as a whole while its elements are computed
          name one local, as in `local.name`
        a/app.kdef:1:36: error[K0201]: there is no local `hots`
          did you mean `host`?
        a/app.kdef:1:50: error[K0201]: there is no variable `host`
          did you mean `local.host`?
        a/app.kdef:1:60: error[K0201]: `host` is not defined
          did you mean `local.host`?
    "#,
    );
    case(
        r#"
--- app.kdef
--- vars.kdef
locals "x" {
  variable {}
}
"#,
    )
    .says(
        "
        vars.kdef:1:8: error[K0304]: `locals` takes no label
          write `locals { ... }`
        vars.kdef:2:3: error[K0301]: `locals` holds attributes only, and no block `variable`
          `variable` belongs in vars.kdef
    ",
    );
}

#[test]
fn variables_are_used_by_way_of_locals() {
    let files = r#"
--- root.kdef
deployments = {
  web = { namespace = "n", set = { site = "nl" } }
}
--- vars.kdef
variable "site" {
  type = string
}
variable "top" {
  type = string
}
locals {
  host = local.long
  long = "${var.site}.example.com"
  deep = { a = local.tops }
  tops = "${var.top}${var.undeclared}"
}
--- shared.kdef
configmap "shared" {
  namespace = "n"
  data      = local.deep
}
--- web/app.kdef
configmap "c" {
  data = { x = local.host }
}
"#;
    case(files).set("top", "t").json(r#"{"undeclared": "u"}"#).gives(
        "
        configmap shared namespace=n data={a:tu}
        configmap c namespace=n data={x:nl.example.com}
    ",
    );
    let no_entry = files.replace(", set = { site = \"nl\" }", "");
    case(&no_entry)
        .set("top", "t")
        .json(r#"{"undeclared": "u"}"#)
        .says(
            "
        vars.kdef:1:10: error[K0401]: variable `site` has no value
          vars.kdef:9:13: used here
          give it a `default`, or a value with `--set site=...` or in a values file
    ",
        );
}

#[test]
fn locals_stand_in_variable_files_only() {
    case("configmap \"c\" { data = { x = local.x } }\nlocals {\n  x = 1\n}\n").says(
        "
        app.kdef:1:36: error[K0201]: there is no local `x`
        app.kdef:2:1: error[K0301]: a definition file has no block `locals`
          `locals` belongs in vars.kdef
    ",
    );
}

#[test]
fn long_chains_of_locals_are_computed() {
    let chain: String = (0..3_000)
        .map(|index| format!("  l{index} = local.l{}\n", index + 1))
        .collect();
    case(&format!(
        "configmap \"c\" {{ data = {{ x = local.l0 }} }}\n--- vars.kdef\nlocals {{\n{chain}  l3000 = \"end\"\n}}\n"
    ))
    .gives("configmap c data={x:end}");
}
