//! Values files: what is read, and what of them is never shown.

use kdef_lang::ValuesFormat;

use crate::harness::{case, problems};

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

#[test]
fn values_files_are_checked() {
    case(SHOW).json("{").says("
        values.json:1:1: error[K0413]: values in `values.json`: the text is not valid JSON: EOF while parsing an object
    ");
    case(SHOW).json("{\n  \"x\": 1,\n}").says(
        "
        values.json:3:1: error[K0413]: values in `values.json`: the text is not valid JSON: trailing comma
    ",
    );
    case(SHOW).json("[1]").says(
        "
        values.json:1:1: error[K0413]: values in `values.json`: a map is required at the top level
    ",
    );
    case(SHOW).json("").says("
        values.json:1:1: error[K0413]: values in `values.json`: the text is not valid JSON: EOF while parsing a value
    ");
    case(SHOW).yaml("a: b: c\n").says(
        "
        values.yaml:1:5: error[K0413]: values in `values.yaml`: the text is not valid YAML
    ",
    );
    case(SHOW).yaml("- 1\n").says(
        "
        values.yaml:1:1: error[K0413]: values in `values.yaml`: a map is required at the top level
    ",
    );
    case(SHOW).yaml("").gives(
        "
        configmap c data={x:default}
    ",
    );
    case(SHOW).json(r#"{"x": 12345678901234567890}"#).gives(
        "
        configmap c data={x:12345678901234567890}
    ",
    );
    case(SHOW).yaml("x: 0.1\n").gives(
        "
        configmap c data={x:0.1}
    ",
    );
    let deep = format!("{{\"x\": {}1{}}}", "[".repeat(500), "]".repeat(500));
    case(SHOW).json(&deep).says("
        values.json:1:133: error[K0413]: values in `values.json`: the text is not valid JSON: recursion limit exceeded
    ");
    case(SHOW)
        .limits(|limits| limits.file_bytes = 200)
        .json(&format!("{{\"x\": \"{}\"}}", "a".repeat(300)))
        .says("
            values.json:1:1: error[K0413]: values in `values.json`: the text is larger than the limit of 200 bytes
        ");
}

/// What is in a values file from a Secret, and wrong in every way.
const SECRET_FILES: &str = r#"
deployment "web" {
  namespace = var.name
  scale {
    replicas = var.number
  }
  labels   = var.labels
  dns_policy = var.name
  container "app" {
    image = "${var.image}"
    args  = var.args
    port "${var.port}" "http" {}
    env {
      A = var.labels
    }
  }
}
if {
  condition = var.name
  configmap "c" {}
}
for "x" {
  in = var.name
  configmap "c" {}
}
configmap "${var.name}" {
  data = { a = var.labels.b, b = var.declared, c = var.color }
}
--- vars.kdef
variable "declared" {
  type = "number"
}
variable "color" {
  type = "enum[red, green]"
}
"#;

#[test]
fn nothing_of_a_secret_reaches_a_message() {
    let secret = r#"{
        "name": "hunter2 Secret",
        "number": "hunter2",
        "labels": {"a": "hunter2 secret", "b": ["hunter2"]},
        "image": "",
        "args": ["hunter2", null],
        "port": "hunter2",
        "declared": "hunter2",
        "color": "hunter2",
        "unused": "hunter2"
    }"#;
    let broken = ["{\"a\": \"hunter2", "hunter2", "{\"a\": hunter2}", "{hunter2: 1}"];
    let yaml = [
        "a: hunter2: b",
        "\"hunter2",
        "- hunter2",
        "a: *hunter2",
        "a: !hunter2 [",
        "hunter2: 1\nhunter2: 2",
    ];
    let cases = std::iter::once((secret, ValuesFormat::Json))
        .chain(broken.map(|text| (text, ValuesFormat::Json)))
        .chain(yaml.map(|text| (text, ValuesFormat::Yaml)));
    for (text, format) in cases {
        let compiled = case(SECRET_FILES).secret_values(text, format).compile();
        assert!(!compiled.diagnostics.is_empty(), "{text}");
        let said = format!("{:?}\n{}", compiled.diagnostics, problems(&compiled));
        assert!(!said.contains("hunter2"), "{said}");
        let shown: String = compiled
            .diagnostics
            .iter()
            .map(|problem| {
                kdef_source::report::terminal(problem, &compiled.sources, kdef_source::report::Style::Plain)
            })
            .collect();
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    case(SECRET_FILES)
        .secret_values(secret, ValuesFormat::Json)
        .says(r#"
            error[K0402]: `Secret/values` gives a value to variable `unused`, which nothing declares
              declare it in vars.kdef: `variable "unused" { type = ... }`
            vars.kdef:1:10: error[K0404]: the value of `declared` in `Secret/values`: a number is required, and this text is not one
              vars.kdef:2:10: declared here
            vars.kdef:4:10: error[K0404]: the value of `color` in `Secret/values`: one of "red", "green" is required
              vars.kdef:5:10: declared here
            app.kdef:2:15: error[K0501]: `namespace`: the text must consist of lower case letters, digits and `-`
            app.kdef:4:16: error[K0205]: `replicas`: a number is required, and this text is not one
            app.kdef:6:14: error[K0503]: `labels`: the text must consist of letters, digits, `-`, `_` and `.`, at ["a"]
            app.kdef:6:14: error[K0205]: `labels`: a string is required, not a list, at ["b"]
            app.kdef:7:16: error[K0306]: `dns_policy`: the text is not one of the allowed words
              allowed are `ClusterFirst`, `ClusterFirstWithHostNet`, `Default`, `None`
            app.kdef:9:13: error[K0306]: `image`: the text is empty
            app.kdef:10:13: error[K0206]: `args`: element 2 is null
            app.kdef:11:10: error[K0307]: the number is no port number; write it as in `port "8080" "http"`
            app.kdef:13:11: error[K0205]: `A`: a string is required, not a map
            app.kdef:18:15: error[K0205]: a condition must be true or false, and this text is not
            app.kdef:22:8: error[K0208]: a string cannot be iterated
              only lists and maps can
            app.kdef:25:11: error[K0501]: the name must consist of lower case letters, digits, `-` and `.`
            app.kdef:26:16: error[K0205]: `data`: a string is required, not a list
        "#);
    case(SECRET_FILES)
        .secret_values("{\"a\": hunter2}", ValuesFormat::Json)
        .says("
            error[K0413]: values in `Secret/values`: the text is not valid JSON: expected value, at line 1, column 7
        ");
}
