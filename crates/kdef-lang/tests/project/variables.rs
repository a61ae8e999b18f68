//! Variables: types, sources and their order, missing and undeclared ones.

use crate::harness::{Case, case};

/// A project that shows the value of `var.x` in a configmap.
const SHOW: &str = r#"
configmap "c" {
  data = { x = "${var.x}" }
}
--- vars.kdef
variable "x" {
  type    = "string"
  default = "default"
}
"#;

/// The same with a root, an entry, and environments in both places.
const LAYERS: &str = r#"
--- root.kdef
env         = "live"
set         = { x = "root set" }
deployments = { web = { path = "web", namespace = "n", set = { x = "entry set" } } }
--- vars.kdef
variable "x" {
  type    = "string"
  default = "outer default"
}
--- environments/live.kdef
use_vars {
  x = "outer use_vars"
}
--- web/app.kdef
configmap "c" {
  data = { x = var.x }
}
--- web/vars.kdef
import = "imported.vars"
variable "x" {
  type    = "string"
  default = "inner default"
}
--- web/imported.vars
variable "x" {
  type    = "string"
  default = "imported default"
}
--- web/environments/live.kdef
use_vars {
  x = "inner use_vars"
}
"#;

/// Returns [`LAYERS`] without the lines that hold one of the texts.
fn layers_without(texts: &[&str]) -> String {
    let kept = LAYERS
        .lines()
        .filter(|line| !texts.iter().any(|text| line.contains(text)));
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn sources_have_an_order() {
    let gives = |case: Case, value: &str| {
        case.gives(&format!("configmap c namespace=n data={{x:{value}}}"));
    };
    gives(case(LAYERS).json(r#"{"x": "values"}"#).set("x", "cli"), "cli");
    gives(case(LAYERS).set("x", "first").set("x", "last"), "last");
    gives(case(LAYERS).json(r#"{"x": "json"}"#).yaml("x: yaml"), "yaml");
    gives(case(LAYERS).json(r#"{"x": null}"#), "inner use_vars");
    gives(case(LAYERS), "inner use_vars");
    gives(case(&layers_without(&["inner use_vars"])), "outer use_vars");
    gives(case(&layers_without(&["use_vars\""])), "entry set");
    let no_entry = LAYERS.replace(", set = { x = \"entry set\" }", "");
    let no_entry = no_entry
        .replace("x = \"outer use_vars\"", "")
        .replace("x = \"inner use_vars\"", "");
    gives(case(&no_entry), "root set");
    let defaults = no_entry.replace("set         = { x = \"root set\" }\n", "");
    gives(case(&defaults), "inner default");
    let no_inner = defaults.replace("\"inner default\"", "null").replace(
        "variable \"x\" {\n  type    = \"string\"\n  default = null\n}\n",
        "",
    );
    gives(case(&no_inner), "imported default");
    let from = "variable \"x\" {\n  type = string\n  default = \"vars-from\"\n}\n";
    gives(case(&no_inner).vars_from("extra.kdef", from), "vars-from");
    gives(case(&defaults).vars_from("extra.kdef", from), "inner default");
    let no_import = no_inner.replace("import = \"imported.vars\"\n", "");
    gives(case(&no_import), "outer default");
}

#[test]
fn all_layers_reach_what_stands_beside_the_root() {
    let files = r#"
--- root.kdef
set         = { a = "root set" }
deployments = ["web"]
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
variable "unused" {
  type = "string"
}
--- shared.kdef
configmap "shared" {
  namespace = "n"
  data      = { a = var.a, b = var.b, c = var.c, d = var.d }
}
--- web/vars.kdef
variable "unused" {
  type    = "string"
  default = "given further down"
}
--- environments/live.kdef
use_vars {
  b = "use_vars"
}
"#;
    case(files).env("live").set("c", "cli").yaml("d: values").gives(
        "
            configmap shared namespace=n data={a:root set,b:use_vars,c:cli,d:values}
        ",
    );
}

#[test]
fn vars_from_works_without_a_vars_file() {
    case("configmap \"c\" {\n  data = { x = var.x }\n}\n")
        .vars_from(
            "extra.kdef",
            "variable \"x\" {\n  type    = \"string\"\n  default = \"extra\"\n}\n",
        )
        .gives(
            "
            configmap c data={x:extra}
        ",
        );
    case("configmap \"c\" {}\n")
        .vars_from(
            "extra.kdef",
            "import = \"x.kdef\"\ningress_defaults {\n}\nvariable \"y\" {\n  type = nothing\n}\n",
        )
        .says("
            extra.kdef:1:1: warning[K0309]: this has no effect in a file that is given from outside the project
            extra.kdef:2:1: warning[K0309]: this has no effect in a file that is given from outside the project
            extra.kdef:4:10: error[K0401]: variable `y` has no value
              give it a `default`, or a value with `--set y=...` or in a values file
            extra.kdef:5:10: error[K0403]: there is no type `nothing`
              types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), tuple([T, U]) and object({ a = T, b = optional(T) })
        ");
}

#[test]
fn text_is_read_as_the_declared_type() {
    let files = r#"
configmap "c" {
  data = {
    next   = var.number + 1
    not    = !var.bool
    first  = var.list[0]
    color  = var.color
    any    = var.any.a
    string = var.string
  }
}
--- vars.kdef
variable "number" {
  type    = number
  default = "1"
}
variable "bool" {
  type = "bool"
}
variable "list" {
  type = "list"
}
variable "color" {
  type    = "enum[red, green]"
  default = "red"
}
variable "any" {
  type = "any"
}
variable "string" {
  type = string
}
"#;
    case(files)
        .set("number", "41")
        .set("bool", "false")
        .set("list", r#"["a", "b"]"#)
        .set("color", "green")
        .set("any", r#"{"a": 1}"#)
        .set("string", "007")
        .gives(
            "
            configmap c data={any:1,color:green,first:a,next:42,not:true,string:007}
        ",
        );
}

#[test]
fn types_are_enforced_on_every_source() {
    let files = r#"
--- root.kdef
set         = { n = "four" }
deployments = {
  web = { set = { n = [1], color = "blue" } }
}
--- vars.kdef
variable "n" {
  type    = "number"
  default = "one"
}
variable "color" {
  type    = "enum[red, green]"
  default = "rde"
}
variable "list" {
  type    = "list"
  default = {}
}
--- web/app.kdef
--- environments/live.kdef
use_vars {
  n = true
}
"#;
    case(files)
        .env("live")
        .set("n", "x")
        .set("list", "a,b")
        .json("{\n  \"color\": \"green\", \"n\": \"y\"}")
        .yaml("# a comment\nn: [2]\n")
        .says(r#"
            root.kdef:1:21: error[K0404]: the value of `n`: a number is required, and this text is not one
              vars.kdef:2:13: declared here
            root.kdef:3:23: error[K0404]: the value of `n`: a number is required, not a list
              vars.kdef:2:13: declared here
            root.kdef:3:36: error[K0404]: the value of `color`: one of "red", "green" is required
              vars.kdef:6:13: declared here
            vars.kdef:1:10: error[K0404]: the value of `n` in `--set`: a number is required, and this text is not one
              vars.kdef:2:13: declared here
            vars.kdef:3:13: error[K0404]: the default of `n`: a number is required, and this text is not one
              vars.kdef:2:13: declared here
            vars.kdef:7:13: error[K0404]: the default of `color`: one of "red", "green" is required; did you mean "red"?
              vars.kdef:6:13: declared here
            vars.kdef:9:10: error[K0404]: the value of `list` in `--set`: a list is required, written as JSON, such as ["a", "b"]
              vars.kdef:10:13: declared here
            vars.kdef:11:13: error[K0404]: the default of `list`: a list is required, not a map
              vars.kdef:10:13: declared here
            environments/live.kdef:2:3: error[K0404]: the value of `n`: a number is required, not a bool
              vars.kdef:2:13: declared here
            values.yaml:2:1: error[K0404]: the value of `n`: a number is required, not a list
              vars.kdef:2:13: declared here
        "#);
}

#[test]
fn declarations_are_checked() {
    case(
        r#"
--- app.kdef
configmap "c" {
  data = { a = "${var.twice}${var.ok}" }
}
--- vars.kdef
variable "a" {
  type = "strin"
}
variable "b" {
  default = 1
}
variable "c" {
  type = "enum[]"
  description = ["x"]
}
variable "${"d"}" {
  type = "string"
}
variable "e" {
  type    = "string"
  default = var.a
}
variable "f" {
  type    = "string"
  default = file("x")
}
variable "twice" {
  type    = "string"
  default = "first"
}
variable "twice" {
  type    = "string"
  default = "second"
}
variable "ok" {
  type    = "string"
  default = kdef.env
}
deployment "x" {}
"#,
    )
    .says(
        r#"
        vars.kdef:1:10: error[K0401]: variable `a` has no value
          give it a `default`, or a value with `--set a=...` or in a values file
        vars.kdef:2:10: error[K0403]: there is no type `strin`
          did you mean `string`?
          types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), tuple([T, U]) and object({ a = T, b = optional(T) })
        vars.kdef:4:1: error[K0303]: `variable` needs the attribute `type`
        vars.kdef:7:10: error[K0401]: variable `c` has no value
          give it a `default`, or a value with `--set c=...` or in a values file
        vars.kdef:8:10: error[K0403]: an enum needs at least one word
          types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), tuple([T, U]) and object({ a = T, b = optional(T) })
        vars.kdef:9:17: error[K0205]: `description`: a string is required, not a list
        vars.kdef:11:10: error[K0403]: the name of a variable is written out, and not empty
        vars.kdef:16:13: error[K0210]: `var` cannot be used here, where only constants are allowed
          the only name that can be used here is `kdef`
        vars.kdef:20:13: error[K0210]: `file` cannot be called here, where only constants are allowed
        vars.kdef:22:10: warning[K0309]: this declaration of `twice` has no effect, since another one follows
          vars.kdef:26:10: the one that counts
        vars.kdef:34:1: error[K0301]: a variable file has no block `deployment`
          `deployment` belongs in a definition file
    "#,
    );
}

#[test]
fn types_may_be_bare_or_in_quotes_and_nest() {
    let files = |ty: &str| {
        format!(
            r#"
for "site" "var.sites" {{
  configmap "${{site.id}}" {{
    data = {{ size = site.size, n = site.limits.n + 1, zones = "%{{ for z in site.zones }}${{z}}%{{ endfor }}" }}
  }}
}}
--- vars.kdef
variable "sites" {{
  type = {ty}
}}
"#
        )
    };
    let bare = r#"list(object({
    id     = string
    size   = optional("enum[small, large]", "small")
    zones  = optional(set(string), [])
    limits = optional(object({ n = optional(number, 3) }), {})
  }))"#;
    let quoted = "\"list(object({ id = string, size = optional(enum[small, large], \\\"small\\\"), \
                  zones = optional(set(string), []), limits = optional(object({ n = optional(number, 3) }), {}) }))\"";
    for ty in [bare, quoted] {
        case(&files(ty))
            .yaml("sites:\n- id: a\n- {id: b, size: large, zones: [w, v, w], limits: {n: '1'}}\n")
            .gives(
                "
                configmap a data={n:4,size:small,zones:}
                configmap b data={n:2,size:large,zones:vw}
            ",
            );
        case(&files(ty))
            .set("sites", r#"[{"id": "a", "zones": "x"}]"#)
            .says(r#"
                vars.kdef:1:10: error[K0404]: the value of `sites` in `--set`: a list is required, not a string, at [0].zones
                  vars.kdef:2:10: declared here
            "#);
        case(&files(ty)).json(r#"{"sites": [{"id": "a", "sise": "large"}]}"#).says(
            r#"
                values.json:1:2: error[K0404]: the value of `sites`: there is no attribute `sise`, at [0]; did you mean `size`?
                  vars.kdef:2:10: declared here
            "#,
        );
    }
}

#[test]
fn what_is_wrong_with_a_type_is_said_where_it_stands() {
    for (ty, expected) in [
        (
            "list(strin)",
            "
            vars.kdef:2:15: error[K0403]: there is no type `strin`
              did you mean `string`?
              types are string, number, bool, any, enum[a, b], list(T), set(T), map(T), tuple([T, U]) and object({ a = T, b = optional(T) })
            ",
        ),
        (
            "object({ a = string, b = optional(number, \"x\") })",
            "
            vars.kdef:2:52: error[K0403]: the default of the attribute: a number is required, and this text is not one
            ",
        ),
        (
            "object({ a = optional(number, var.b) })",
            "
            vars.kdef:2:40: error[K0403]: the default of an attribute cannot be computed
              a default is a value that is written out, without names and functions
            ",
        ),
        (
            "optional(string)",
            "
            vars.kdef:2:10: error[K0403]: `optional` is for the attributes of an `object` only
              a variable is optional with `default = null`
            ",
        ),
        (
            "list(\"map(object)\")",
            "
            vars.kdef:2:15: error[K0403]: `object` takes attributes in braces, as in object({ name = string })
            ",
        ),
    ] {
        case(&format!(
            "\n--- app.kdef\n--- vars.kdef\nvariable \"x\" {{\n  type = {ty}\n  default = null\n}}\n"
        ))
        .says(expected);
    }
}

#[test]
fn a_default_of_null_makes_a_variable_optional() {
    case(
        r#"
configmap "c" {
  namespace = var.x
  data      = { is_null = var.x == null }
}
--- vars.kdef
variable "x" {
  type    = "string"
  default = null
}
"#,
    )
    .gives(
        "
        configmap c data={is_null:true}
    ",
    );
}

#[test]
fn a_missing_variable_points_at_its_declaration_and_first_use() {
    let files = r#"
deployment "web" {
  container "app" {
    image = "web:${var.tag}"
    env {
      A = var.tag + 1
    }
  }
}
if {
  condition = false
  for "x" "var.items" {
    configmap "c" {}
  }
}
--- vars.kdef
variable "tag" {
  type = "string"
}
variable "unused" {
  type = "string"
}
variable "items" {
  type = "list"
}
"#;
    case(files).says(
        "
        vars.kdef:1:10: error[K0401]: variable `tag` has no value
          app.kdef:3:20: used here
          give it a `default`, or a value with `--set tag=...` or in a values file
        vars.kdef:4:10: error[K0401]: variable `unused` has no value
          give it a `default`, or a value with `--set unused=...` or in a values file
        vars.kdef:7:10: error[K0401]: variable `items` has no value
          app.kdef:11:11: used here
          give it a `default`, or a value with `--set items=...` or in a values file
    ",
    );
    case(files)
        .set("tag", "1")
        .set("unused", "")
        .set("items", "[]")
        .says("");
}

#[test]
fn undeclared_variables_are_errors() {
    case(SHOW).set("y", "1").says(
        "
        error[K0402]: `--set` gives a value to variable `y`, which nothing declares
          declare it in vars.kdef: `variable \"y\" { type = ... }`
    ",
    );
    case(SHOW).set("X", "1").says(
        "
        error[K0402]: `--set` gives a value to variable `X`, which nothing declares
          did you mean `x`?
    ",
    );
    case(SHOW).json(r#"{"unused": 1, "x": 2}"#).says(
        r#"
        values.json:1:2: error[K0402]: a value is given to variable `unused`, which nothing declares
          declare it in vars.kdef: `variable "unused" { type = ... }`
    "#,
    );
    case(SHOW).yaml("x: 1\nnested:\n  x: 2\n").says(
        r#"
        values.yaml:2:1: error[K0402]: a value is given to variable `nested`, which nothing declares
          declare it in vars.kdef: `variable "nested" { type = ... }`
    "#,
    );
    case("configmap \"c\" {\n  data = { x = var.list[1], y = var.y }\n}\n")
        .json(r#"{"list": [1, "two"], "y": "json"}"#)
        .set("y", "cli")
        .gives(
            "
            configmap c data={x:two,y:cli}
        ",
        );
    case("if {\n  condition = false\n  configmap \"c\" {\n    data = { x = var.x }\n  }\n}\nconfigmap \"d\" {}\n")
        .json(r#"{"x": 1}"#)
        .gives("
            configmap d
        ");
    case(
        r#"
--- root.kdef
set         = { rot = "1", inner = "declared below" }
deployments = {
  web = { namespace = "n", set = { entri = "2" } }
  api = { namespace = "n" }
}
--- web/app.kdef
--- api/app.kdef
configmap "c" {
  data = { inner = var.inner }
}
--- api/vars.kdef
variable "inner" {
  type = "string"
}
variable "entry" {
  type    = "string"
  default = ""
}
--- environments/live.kdef
use_vars {
  used = 3
}
"#,
    )
    .env("live")
    .says(
        r#"
        root.kdef:1:23: error[K0402]: a value is given to variable `rot`, which nothing declares
          declare it in vars.kdef: `variable "rot" { type = ... }`
        root.kdef:3:44: error[K0402]: a value is given to variable `entri`, which nothing declares
          did you mean `entry`?
        environments/live.kdef:2:3: error[K0402]: a value is given to variable `used`, which nothing declares
          declare it in vars.kdef: `variable "used" { type = ... }`
    "#,
    );
}
