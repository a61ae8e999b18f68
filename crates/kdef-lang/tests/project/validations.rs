//! Validations of variables and inputs, and values that no message shows.

use crate::harness::{case, problems};

/// A project that shows `var.n`, whose type is a number, with a condition and a message.
fn with_validation(condition: &str, message: &str) -> String {
    format!(
        r#"
configmap "c" {{
  data = {{ n = "${{var.n}}" }}
}}
--- vars.kdef
variable "n" {{
  type    = number
  default = 3
  validation {{
    condition = {condition}
    message   = {message}
  }}
}}
variable "most" {{
  type    = number
  default = 5
}}
"#
    )
}

#[test]
fn a_value_that_a_condition_refuses_is_reported_where_it_comes_from() {
    let files = with_validation("var.n <= var.most", "\"at most ${var.most}, not ${var.n}\"");
    case(&files).gives("configmap c data={n:3}");
    case(&files)
        .set("n", "9")
        .set("most", "9")
        .gives("configmap c data={n:9}");
    case(&files).set("n", "6").says(
        "
        vars.kdef:1:10: error[K0416]: the value of `n` in `--set`: at most 5, not 6
          vars.kdef:4:3: by this validation
    ",
    );
    case(&files).yaml("other: 1\nmost: 2\n").says(
        "
        vars.kdef:3:13: error[K0416]: the default of `n`: at most 2, not 3
          vars.kdef:4:3: by this validation
        values.yaml:1:1: error[K0402]: a value is given to variable `other`, which nothing declares
          declare it in vars.kdef: `variable \"other\" { type = ... }`
    ",
    );
    let environment = "--- environments/live.kdef\nuse_vars {\n  n = 7\n}\n";
    case(&format!("{files}{environment}")).env("live").says(
        "
        environments/live.kdef:2:3: error[K0416]: the value of `n`: at most 5, not 7
          vars.kdef:4:3: by this validation
    ",
    );
}

#[test]
fn every_condition_is_asked_and_what_has_no_value_is_not() {
    let two = with_validation("var.n > 10", "\"too small\"").replace(
        "    message   = \"too small\"\n  }",
        "    message   = \"too small\"\n  }\n  validation {\n    condition = var.n != 3\n    message   = \"unlucky\"\n  }",
    );
    case(&two).says(
        "
        vars.kdef:3:13: error[K0416]: the default of `n`: too small
          vars.kdef:4:3: by this validation
        vars.kdef:3:13: error[K0416]: the default of `n`: unlucky
          vars.kdef:8:3: by this validation
    ",
    );
    case(&two).set("n", "x").says(
        "
        vars.kdef:1:10: error[K0404]: the value of `n` in `--set`: a number is required, and this text is not one
          vars.kdef:2:13: declared here
    ",
    );
    case(&two.replace("default = 3\n", "")).says(
        "
        vars.kdef:1:10: error[K0401]: variable `n` has no value
          app.kdef:2:19: used here
          give it a `default`, or a value with `--set n=...` or in a values file
    ",
    );
}

#[test]
fn conditions_that_are_wrong_say_so() {
    for (condition, message, expected) in [
        (
            "var.nn == 3",
            "\"x\"",
            "
            vars.kdef:5:21: error[K0201]: there is no variable `nn`
              did you mean `n`?
            ",
        ),
        (
            "var.n",
            "\"x\"",
            "
            vars.kdef:5:17: error[K0205]: a condition must be true or false, not a number
            ",
        ),
        (
            "null",
            "\"x\"",
            "
            vars.kdef:5:17: error[K0206]: a condition is null, and must be true or false
            ",
        ),
        (
            "local.x && env.X == \"\"",
            "\"x\"",
            "
            vars.kdef:5:17: error[K0201]: `local` cannot be used in a validation, which sees variables only
              name the variables that it depends on
            vars.kdef:5:28: error[K0201]: `env` cannot be used in a validation, which sees variables only
              name the variables that it depends on
            ",
        ),
        (
            "false",
            "\"${var.x}\"",
            "
            vars.kdef:3:13: error[K0416]: the default of `n` is refused
              vars.kdef:4:3: by this validation
            vars.kdef:6:24: error[K0201]: there is no variable `x`
              there is `most`, `n`
            ",
        ),
        ("kdef.env == \"\" && try(var.n > 2, false)", "\"x\"", ""),
    ] {
        let files = with_validation(condition, message);
        if condition.contains("try") && !kdef_lang::functions::names().any(|name| name == "try") {
            continue;
        }
        case(&files).says(expected);
    }
    let foreign = with_validation("true", "\"x\"").replace("    message   =", "    error_message =");
    case(&foreign).says(
        "
        vars.kdef:6:5: error[K0302]: `validation` has no attribute `error_message`
          did you mean `message`?
    ",
    );
    case(
        "\n--- app.kdef\n--- vars.kdef\nvariable \"n\" {\n  type = any\n  default = 1\n  validation {}\n}\n",
    )
    .says(
        "
        vars.kdef:4:3: error[K0303]: `validation` needs the attribute `condition`
        vars.kdef:4:3: error[K0303]: `validation` needs the attribute `message`
    ",
    );
}

#[test]
fn a_null_is_asked_about_as_any_value() {
    let files =
        with_validation("var.n == null || var.n > 2", "\"x\"").replace("default = 3", "default = null");
    case(&files.replace("${var.n}", "none")).gives("configmap c data={n:none}");
    let careless = with_validation("var.n > 2", "\"x\"").replace("default = 3", "default = null");
    case(&careless.replace("${var.n}", "none")).says(
        "
        vars.kdef:5:17: error[K0206]: `>` needs a number, and this is null
    ",
    );
}

#[test]
fn inputs_of_components_are_validated() {
    let files = r#"
component "web" {
  input "replicas" {
    type    = number
    default = 1
    validation {
      condition = input.replicas <= input.most
      message   = "at most ${input.most}, for ${self.name}"
    }
  }
  input "most" {
    type    = number
    default = 5
  }
  configmap "${self.name}" {}
}
use "web" "a" {}
use "web" "b" { replicas = 2 + 4 }
use "web" "c" { most = 0 }
"#;
    case(files).says(
        "
        app.kdef:17:28: error[K0416]: the input `replicas` of component `web`: at most 5, for b
          app.kdef:5:5: by this validation
        app.kdef:18:1: error[K0416]: the input `replicas` of component `web`: at most 0, for c
          app.kdef:5:5: by this validation
    ",
    );
}

/// A project with a sensitive variable, and a place where messages are provoked.
fn with_secret(declaration: &str, use_of_it: &str) -> String {
    format!(
        r#"
{use_of_it}
--- vars.kdef
variable "password" {{
  sensitive = true
  {declaration}
}}
"#
    )
}

#[test]
fn sensitive_values_are_in_no_message() {
    let any = "type = any";
    let string = "type = string";
    let refused = "type = string\n  validation {\n    condition = false\n    message   = \"weak: ${var.password}\"\n  }";
    let refused_kindly =
        "type = string\n  validation {\n    condition = false\n    message   = \"it is weak\"\n  }";
    let number = "type = number";
    for (declaration, use_of_it, expected) in [
        (
            string,
            "deployment \"d\" { scale { replicas = var.password } }",
            "error[K0205]: `replicas`: a number is required, and this text is not one",
        ),
        (
            string,
            "configmap \"c\" { data = { x = image(var.password) } }",
            "error[K0204]: there is no image `(sensitive)`",
        ),
        (
            string,
            "configmap \"c\" { data = { x = {}[var.password] } }",
            "error[K0202]: there is no such key in this map",
        ),
        (
            refused,
            "",
            "error[K0416]: the value of `password` in `--set` is refused",
        ),
        (
            refused_kindly,
            "",
            "error[K0416]: the value of `password` in `--set`: it is weak",
        ),
        (
            number,
            "",
            "error[K0404]: the value of `password` in `--set`: a number is required, and this text is not one",
        ),
        (
            "type = enum[hunter1]",
            "",
            "error[K0404]: the value of `password` in `--set`: one of \"hunter1\" is required",
        ),
        (
            any,
            "configmap \"c\" { data = { x = file(\"${var.password}/x\") } }",
            "(sensitive)/x",
        ),
    ] {
        let compiled = case(&with_secret(declaration, use_of_it))
            .set("password", "hunter2")
            .compile();
        let said = problems(&compiled);
        assert!(said.contains(expected), "{use_of_it}\n{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn excerpts_do_not_show_where_sensitive_values_are_written() {
    use kdef_source::report::{Style, terminal};
    let files = r#"
--- root.kdef
set         = { password = "from-the-root" }
deployments = { web = { namespace = "n", set = { password = "from-the-entry" } } }
--- vars.kdef
variable "password" {
  type      = number
  default   = "from-the-default"
  sensitive = true
}
--- environments/live.kdef
use_vars {
  password = "from-the-environment"
}
--- web/app.kdef
"#;
    let compiled = case(files)
        .env("live")
        .json(r#"{"password": "from-values"}"#)
        .compile();
    let shown: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|problem| terminal(problem, &compiled.sources, Style::Plain))
        .collect();
    assert_eq!(shown.len(), 5, "{shown:#?}");
    for text in shown {
        assert!(text.contains("error[K0404]"), "{text}");
        assert!(!text.contains("from-"), "{text}");
    }
}

#[test]
fn a_wrong_flag_hides_the_values_too() {
    let files = with_secret(
        "type = string",
        "configmap \"c\" { data = { x = image(var.password) } }",
    )
    .replace("sensitive = true", "sensitive = \"yes\"");
    case(&files).set("password", "hunter2").says(
        "
        vars.kdef:2:15: error[K0205]: `sensitive`: a bool is required, and this text is neither \"true\" nor \"false\"
        app.kdef:1:36: error[K0204]: there is no image `(sensitive)`
          give it in an `images` block: images { (sensitive) = \"registry/name:tag\" }
    ",
    );
}
