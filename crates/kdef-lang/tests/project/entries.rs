//! The entries of `deployments`.

use crate::harness::case;

#[test]
fn entries_may_be_a_list() {
    case("--- root.kdef\ndeployments = [\"b\", \"a\"]\n--- a/x.kdef\nconfigmap \"a\" {\n  namespace = \"n\"\n}\n--- b/x.kdef\nconfigmap \"b\" {\n  namespace = \"n\"\n}\n")
        .gives("
            configmap b namespace=n
            configmap a namespace=n
        ");
}

#[test]
fn entries_may_be_computed() {
    case(
        r#"
--- root.kdef
deployments = { for name in ["b", "a"] : name => { path = "apps/${name}", namespace = name } }
--- apps/a/x.kdef
configmap "c" {}
--- apps/b/x.kdef
configmap "c" {}
"#,
    )
    .gives(
        "
        configmap c namespace=b
        configmap c namespace=a
    ",
    );
}

#[test]
fn wrong_entries_are_reported_all_at_once() {
    case(
        r#"
--- root.kdef
deployments = {
  first    = { pth = "apps/web", path = "apps/web" }
  web      = { path = "apps/web" }
  nothing  = {}
  text     = "apps/web"
  here     = { path = "." }
  empty    = { path = "" }
  around   = { path = "apps/.." }
  outside  = { path = "../x" }
  file     = { path = "root.kdef" }
  name     = { path = "apps", namespace = "Not A Name", service_account = ["x"], env = "a/b", set = "x" }
  web      = { path = "apps/web" }
  unknown  = { path = var.x }
  number   = { path = 5 }
  none     = null
}
--- apps/web/app.kdef
configmap "c" {
  namespace = "n"
}
"#,
    )
    .says(r#"
        root.kdef:2:16: error[K0407]: entry `first`: there is no field `pth`
          did you mean `path`?
        root.kdef:4:14: error[K0407]: entry `nothing`: there is no folder `nothing`
          `path` is relative to the folder of root.kdef
        root.kdef:5:14: error[K0407]: entry `text`: a map is required, not a string
          write `text = { path = "..." }`
        root.kdef:6:23: error[K0414]: entry `here`: the path leads to the project itself
          definitions beside root.kdef are rendered without an entry
        root.kdef:7:23: error[K0414]: entry `empty`: the path leads to the project itself
          definitions beside root.kdef are rendered without an entry
        root.kdef:8:23: error[K0414]: entry `around`: the path leads to the project itself
          definitions beside root.kdef are rendered without an entry
        root.kdef:9:23: error[K0414]: entry `outside`: the path leads out of the project
        root.kdef:10:23: error[K0901]: entry `file`: `root.kdef` cannot be read: it is a file, not a folder
        root.kdef:11:43: error[K0501]: entry `name`: `namespace`: `Not A Name` must consist of lower case letters, digits and `-`
          did you mean `not-a-name`?
        root.kdef:11:75: error[K0205]: entry `name`: `service_account`: a string is required, not a list
        root.kdef:11:88: error[K0405]: `a/b` cannot be the name of an environment, since it is not that of a file
          an environment `live` is described in environments/live.kdef
        root.kdef:11:101: error[K0205]: `set`: a map is required, not a string
          write `set = { name = "value" }`
        root.kdef:12:3: error[K0407]: entry `web` is listed twice
          root.kdef:3:3: the first time
          give one of them another name, and set `path`
        root.kdef:13:23: error[K0210]: `var` cannot be used here, where only constants are allowed
          the only name that can be used here is `kdef`
        root.kdef:14:23: error[K0407]: entry `number`: there is no folder `5`
          `path` is relative to the folder of root.kdef
        root.kdef:15:14: error[K0407]: entry `none`: a map is required, not null
          write `none = { path = "..." }`
    "#);
    for (text, expected) in [
        (
            "--- root.kdef\ndeployments = {}\n",
            r#"
            root.kdef:1:15: error[K0407]: `deployments` lists no sub-project
              write an entry such as `web = { path = "apps/web" }`
        "#,
        ),
        (
            "--- root.kdef\ndeployments = []\n",
            r#"
            root.kdef:1:15: error[K0407]: `deployments` lists no sub-project
              write an entry such as `web = { path = "apps/web" }`
        "#,
        ),
        (
            "--- root.kdef\ndeployments = \"apps\"\n",
            "
            root.kdef:1:15: error[K0407]: `deployments`: a map or a list is required, not a string
        ",
        ),
        (
            "--- root.kdef\ndeployments = [\"a\", \"a\", 5, null]\n--- a/x.kdef\n",
            r#"
            root.kdef:1:21: error[K0407]: entry `a` is listed twice
            root.kdef:1:26: error[K0407]: a list of entries holds paths, not a number
              to say more of an entry, write a map: `web = { path = "apps/web" }`
            root.kdef:1:29: error[K0407]: a list of entries holds paths, not null
              to say more of an entry, write a map: `web = { path = "apps/web" }`
            "#,
        ),
        (
            "--- root.kdef\n",
            "
            root.kdef:1:1: error[K0303]: `root.kdef` needs the attribute `deployments`
        ",
        ),
        (
            "--- root.kdef\ndeployments = [\"a\"]\nimages {}\nnamespace = \"x\"\nnamespaces = \"a\"\nset = [1]\nenv = []\n--- a/x.kdef\n",
            r#"
            root.kdef:2:1: error[K0301]: root.kdef has no block `images`
              `images` belongs in vars.kdef
            root.kdef:3:1: error[K0302]: root.kdef has no attribute `namespace`
              `namespace` is a block: write `namespace "name" { ... }`
            root.kdef:4:14: error[K0205]: `namespaces`: a list is required, not a string
              put it in brackets: `[ ... ]`
            root.kdef:5:7: error[K0205]: `set`: a map is required, not a list
              write `set = { name = "value" }`
            root.kdef:6:7: error[K0205]: `env`: a string is required, not a list
            "#,
        ),
        (
            "--- root.kdef\ndeployments = [image(\"a\")]\n",
            "
            root.kdef:1:16: error[K0210]: `image` cannot be called here, where only constants are allowed
        ",
        ),
        (
            "--- root.kdef\ndeployments = {\n",
            "
            root.kdef:1:15: error[K0102]: this `{` is never closed
              add the missing `}`
        ",
        ),
    ] {
        case(text).says(expected);
    }
}
