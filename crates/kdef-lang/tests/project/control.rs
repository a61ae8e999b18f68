//! `if`, `else` and `for`.

use crate::harness::case;

#[test]
fn if_and_else_choose() {
    case(
        r#"
if {
  condition = var.tier == "gold"
  configmap "gold" {}
} else if {
  condition = var.tier == "silver"
  configmap "silver" {}
} else {
  configmap "other" {}
}
if {
  condition = "true"
  if {
    condition = var.tier != "gold"
    configmap "inner" {}
  }
}
--- vars.kdef
variable "tier" {
  type    = "string"
  default = "silver"
}
"#,
    )
    .gives(
        "
        configmap silver
        configmap inner
    ",
    );
}

#[test]
fn for_repeats() {
    case(
        r#"
for "site" "var.sites" {
  configmap "a-${site.id}" {}
}
for "site" {
  in = var.sites
  for "index, zone" {
    in = site.zones
    configmap "${site.id}-${index}-${zone}" {}
  }
}
for "key, value" {
  in = { b = 2, a = 1 }
  configmap "${key}${value}" {
    data = { value = value }
  }
}
for "x" "var.none" {
  configmap "never" {}
}
--- vars.kdef
variable "sites" {
  type    = "list"
  default = [{ id = "x", zones = ["p", "q"] }, { id = "y", zones = [] }]
}
variable "none" {
  type    = "list"
  default = []
}
"#,
    )
    .gives(
        "
        configmap a-x
        configmap a-y
        configmap x-0-p
        configmap x-1-q
        configmap a1 data={value:1}
        configmap b2 data={value:2}
    ",
    );
}

#[test]
fn they_stand_inside_blocks_too() {
    case(
        r#"
deployment "web" {
  for "name" {
    in = ["a", "b"]
    container "${name}" {
      image = "${name}:1"
      for "port" {
        in = [8080, 9090]
        port "${port}" "p${port}" {}
      }
      if {
        condition = name == "a"
        env {
          A = "1"
        }
      }
      env {
        B = name
      }
    }
  }
}
"#,
    )
    .gives(
        "
        deployment web
          container a image=a:1
            port 8080 p8080
            port 9090 p9090
            env A=1 B=a
          container b image=b:1
            port 8080 p8080
            port 9090 p9090
            env B=b
    ",
    );
}

#[test]
fn what_is_not_taken_is_checked_by_the_schema() {
    case(
        r#"
if {
  condition = false
  deploymnt "web" {}
  deployment "web" {
    container "app" {
      imge = var.nothing
    }
  }
  images {
    a = "b"
  }
}
for "x" {
  in = []
  configmap "a" {
    dta = {}
  }
}
"#,
    )
    .says(
        "
        app.kdef:3:3: error[K0301]: a definition file has no block `deploymnt`
          did you mean `deployment`?
        app.kdef:6:7: error[K0302]: `container` has no attribute `imge`
          did you mean `image`?
        app.kdef:9:3: warning[K0309]: `images` has no effect inside `if`
          put it beside the other blocks of the file
        app.kdef:16:5: error[K0302]: `configmap` has no attribute `dta`
          did you mean `data`?
    ",
    );
}

#[test]
fn malformed_control_is_reported() {
    for (text, expected) in [
        (
            "if {\n  configmap \"a\" {}\n}",
            "
            app.kdef:1:1: error[K0310]: `if` needs a `condition`
              write `condition = ...` inside the block
        ",
        ),
        (
            "if \"x\" {\n  condition = true\n}",
            "
            app.kdef:1:4: error[K0310]: `if` takes no label
              write `if { condition = ... }`
        ",
        ),
        (
            "if {\n  condition = true\n  replicas = 3\n}",
            "
            app.kdef:3:3: error[K0310]: `if` holds blocks, and no attribute `replicas`
              for an attribute that depends on something, write `name = condition ? value : null`
        ",
        ),
        (
            "else {\n}",
            "
            app.kdef:1:1: error[K0310]: this `else` does not follow an `if`
              `else` stands directly after the closing brace of its `if`
        ",
        ),
        (
            "if {\n  condition = true\n} else {\n} else {\n}",
            "
            app.kdef:4:3: error[K0310]: this `else` does not follow an `if`
              `else` stands directly after the closing brace of its `if`
        ",
        ),
        (
            "if {\n  condition = true\n} else if {\n}",
            "
            app.kdef:3:3: error[K0310]: `if` needs a `condition`
              write `condition = ...` inside the block
        ",
        ),
        (
            "if {\n  condition = true\n} else \"x\" {\n}",
            "
            app.kdef:3:8: error[K0310]: `else` takes no label
              write `else { ... }` or `else if { condition = ... }`
        ",
        ),
        (
            "if {\n  condition = 3\n}",
            "
            app.kdef:2:15: error[K0205]: a condition must be true or false, not a number
        ",
        ),
        (
            "if {\n  condition = null\n}",
            "
            app.kdef:2:15: error[K0206]: a condition is null, and must be true or false
        ",
        ),
        (
            "for \"x\" {\n}",
            r#"
            app.kdef:1:5: error[K0310]: `for` needs something to iterate
              write `for "item" { in = var.items ... }` or `for "item" "var.items" { ... }`
        "#,
        ),
        (
            "for {\n  in = []\n}",
            r#"
            app.kdef:1:1: error[K0310]: `for` takes one or two labels
              write `for "item" { in = var.items ... }` or `for "item" "var.items" { ... }`
        "#,
        ),
        (
            "for \"x\" \"y\" \"z\" {\n}",
            r#"
            app.kdef:1:1: error[K0310]: `for` takes one or two labels
              write `for "item" { in = var.items ... }` or `for "item" "var.items" { ... }`
        "#,
        ),
        (
            "for \"x\" \"var.a\" {\n  in = []\n}",
            "
            app.kdef:2:3: error[K0310]: this `for` names what it iterates twice
              app.kdef:1:9: here as a label
              keep one of them
        ",
        ),
        (
            "for \"x y\" {\n  in = []\n}",
            r#"
            app.kdef:1:5: error[K0310]: the first label of `for` is no name
              write `for "item" ...`, or `for "key, value" ...` to have the key too
        "#,
        ),
        (
            "for \"x\" \"\" {\n}",
            r#"
            app.kdef:1:9: error[K0310]: the second label of `for` names nothing to iterate
              write `for "item" { in = var.items ... }` or `for "item" "var.items" { ... }`
        "#,
        ),
        (
            "for \"x\" \"nothing.a\" {\n}",
            r#"
            app.kdef:1:9: error[K0201]: `nothing` is not defined
              the names here are `local`, `var`, `env`, `kdef`
        "#,
        ),
        (
            "for \"x\" {\n  in = 5\n}",
            "
            app.kdef:2:8: error[K0208]: a number cannot be iterated
              only lists and maps can
        ",
        ),
        (
            "for \"x\" {\n  in = [1]\n  name = 5\n}",
            "
            app.kdef:3:3: error[K0310]: `for` holds blocks, and no attribute `name`
              `for` itself takes the attribute `in` only
        ",
        ),
        (
            "configmap \"a\" {\n  data = {}\n  for \"x\" {\n    in = []\n    data = {}\n  }\n}",
            "
            app.kdef:5:5: error[K0310]: `for` holds blocks, and no attribute `data`
              `for` itself takes the attribute `in` only
            ",
        ),
    ] {
        case(text).says(expected);
    }
}

#[test]
fn an_error_in_a_loop_is_reported_once() {
    case(
        r#"
for "x" {
  in = [1, 2, 3]
  configmap "c${x}" {
    data = { a = var.nothing, b = [x] }
  }
}
"#,
    )
    .says(
        "
        app.kdef:4:22: error[K0201]: there is no variable `nothing`
          declare it in vars.kdef: `variable \"nothing\" { type = ... }`
        app.kdef:4:35: error[K0205]: `data`: a string is required, not a list
    ",
    );
}

#[test]
fn single_blocks_from_two_branches_conflict() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
  }
  for "n" {
    in = [1, 2]
    scale {
      replicas = n
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:7:5: error[K0305]: there is a block `scale` already; it may stand once
          app.kdef:7:5: the first one
          merge the two
    ",
    );
}
