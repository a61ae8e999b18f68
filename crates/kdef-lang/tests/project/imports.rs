//! `import` and `images`: where they are found, and what wins.

use crate::harness::case;

#[test]
fn imports_nest_and_later_ones_win() {
    case(
        r#"
configmap "c" {
  data = { a = var.a, b = var.b, c = var.c, image = image("web"), own = image("own") }
}
--- vars.kdef
import = ["shared/one.kdef", "two.kdef"]
images {
  own = "own:1"
}
--- shared/one.kdef
import = "deep/three.txt"
variable "a" {
  type    = "string"
  default = "one"
}
variable "b" {
  type    = "string"
  default = "one"
}
images {
  web = "web:one"
}
--- shared/deep/three.txt
variable "b" {
  type    = "string"
  default = "three"
}
variable "c" {
  type    = "string"
  default = "three"
}
--- two.kdef
variable "a" {
  type    = "string"
  default = "two"
}
images {
  web = "web:two"
}
"#,
    )
    .gives(
        "
        configmap c data={a:two,b:one,c:three,image:web:two,own:own:1}
    ",
    );
}

#[test]
fn wrong_imports_are_reported() {
    case(
        r#"
configmap "c" {
  data = { a = var.anything }
}
--- vars.kdef
import = ["none.kdef", "../up.kdef", "/etc/passwd", "folder", "self.kdef", 5, broken, "bad.kdef", "bad\\name"]
--- folder/x.kdef
--- self.kdef
import = "ring/other.kdef"
--- ring/other.kdef
import = "../self.kdef"
--- bad.kdef
deployment "web" {}
variable = 3
"#,
    )
    .says(
        r#"
        vars.kdef:1:11: error[K0901]: `none.kdef` cannot be read: no such file or folder
        vars.kdef:1:24: error[K0414]: `import`: the path leads out of the project
          paths are relative to the file that imports, and stay inside the project
        vars.kdef:1:38: error[K0414]: `import`: the path is absolute; write it relative to the project
          paths are relative to the file that imports, and stay inside the project
        vars.kdef:1:53: error[K0901]: `folder` cannot be read: it is a folder, not a file
        vars.kdef:1:76: error[K0408]: `import` takes paths, not a number
          write `import = "../shared/vars.kdef"`, or a list of paths
        vars.kdef:1:79: error[K0210]: `broken` cannot be used here, where only constants are allowed
          the only name that can be used here is `kdef`
          write a text in quotes: "broken"
        vars.kdef:1:99: error[K0414]: `import`: the path holds a control character or a backslash
          paths are relative to the file that imports, and stay inside the project
        ring/other.kdef:1:10: error[K0408]: `self.kdef` imports itself
          the imports lead in a circle: self.kdef -> ring/other.kdef -> self.kdef
        bad.kdef:1:1: error[K0301]: a variable file has no block `deployment`
          `deployment` belongs in a definition file
        bad.kdef:2:1: error[K0302]: a variable file has no attribute `variable`
          `variable` is a block: write `variable "name" { ... }`
    "#,
    );
    case("configmap \"c\" {}\n--- vars.kdef\nimport = \"vars.kdef\"\n").says(
        "
        vars.kdef:1:10: error[K0408]: `vars.kdef` imports itself
          the imports lead in a circle: vars.kdef -> vars.kdef
    ",
    );
    let chain: String = (0..100)
        .map(|index| format!("--- v/{index}.kdef\nimport = \"{}.kdef\"\n", index + 1))
        .collect();
    case(&format!(
        "configmap \"c\" {{}}\n--- vars.kdef\nimport = \"v/0.kdef\"\n{chain}"
    ))
    .says(
        "
        v/62.kdef:1:10: error[K0902]: more than 64 files import each other in a row
    ",
    );
    let diamond: String = (0..40)
        .map(|index| {
            format!(
                "--- v{index}.kdef\nimport = [\"v{0}.kdef\", \"v{0}.kdef\"]\n",
                index + 1
            )
        })
        .collect();
    case(&format!(
        "configmap \"c\" {{}}\n--- vars.kdef\nimport = \"v0.kdef\"\n{diamond}--- v40.kdef\n"
    ))
    .gives("configmap c");
}

#[test]
fn a_syntax_error_in_a_variable_file_is_all_that_is_said() {
    case(
        r#"
--- root.kdef
deployments = ["web", "api"]
--- vars.kdef
variable "a" {
  type = "string
}
--- web/app.kdef
configmap "c" {
  namespace = "n"
  data      = { a = var.a, b = var.b }
}
--- api/app.kdef
configmap "c" {
  namespace = var.a
}
"#,
    )
    .set("b", "1")
    .says(
        r#"
        vars.kdef:2:10: error[K0102]: this string has no closing quote
          a quoted string ends on its line; write \n for a line break, or use a heredoc (`<<EOT`)
    "#,
    );
}

#[test]
fn images_are_found_on_the_whole_walk() {
    case(
        r#"
--- root.kdef
deployments = { web = { path = "apps/web", namespace = "n" }, api = { path = "apps/api", namespace = "n" } }
--- vars.kdef
images {
  vars = "vars"
}
--- images.kdef
images {
  root     = "root"
  web      = "root"
  null     = null
  number   = 5
}
images {
  hyphen-ated = "hyphen"
}
--- apps/all.kdef
images {
  web = "apps"
  mid = "apps"
}
deployment "not_read" {}
--- apps/web/app.kdef
images {
  web = "leaf"
}
configmap "c" {
  data = { a = image("root"), b = image("web"), c = image("mid"), d = image("vars"), e = image("hyphen-ated"), f = image("number") }
}
--- apps/api/app.kdef
configmap "c" {
  data = { b = image("web") }
}
"#,
    )
    .gives("
        configmap c namespace=n data={a:root,b:leaf,c:apps,d:vars,e:hyphen,f:5}
        configmap c namespace=n data={b:apps}
    ");
    case(
        r#"
images {
  a = var.x
  b = ["x"]
  c {}
}
configmap "c" {
  data = { a = image("a"), b = image("nope") }
}
"#,
    )
    .says(
        r#"
        app.kdef:2:7: error[K0210]: `var` cannot be used here, where only constants are allowed
          the only name that can be used here is `kdef`
        app.kdef:3:7: error[K0205]: `b`: a string is required, not a list
        app.kdef:4:3: error[K0301]: `images` holds attributes only, and no block `c`
    "#,
    );
}
