//! `kdef validate`: the summary.

use insta::assert_snapshot;

use crate::env::TestEnv;

#[test]
fn the_summary_counts_the_kinds_that_occur() {
    let env = TestEnv::new(&[(
        "k8s/app.kdef",
        r#"deployment "api" {
  container "api" {
    image = "api:1"

    port "8080" "http" {}
  }

  service {}
}

configmap "a" {}

configmap "b" {}
"#,
    )]);
    assert_snapshot!(env.run(&["validate", "k8s"]), @"
    status 0
    --- stdout
    valid: 2 ConfigMaps, 1 Service, 1 Deployment in `k8s`
    ");
    assert_snapshot!(env.run_in("k8s", &["validate"]), @"
    status 0
    --- stdout
    valid: 2 ConfigMaps, 1 Service, 1 Deployment in this folder
    ");
}

#[test]
fn nothing_to_render_is_a_warning() {
    let env = TestEnv::new(&[("empty/README.md", "")]);
    assert_snapshot!(env.run(&["validate", "empty"]), @"
    status 0
    --- stdout
    valid: no objects in `empty`
    --- stderr
    warning[K0412]: there is nothing to render in `empty`
     |
     = help: kdef reads the `.kdef` files of the folder itself, and of those that `deployments` in its `root.kdef` lists

    warning: 1 warning
    ");
    assert_eq!(env.run(&["validate", "empty", "--strict"]).status, Some(1));
}

#[test]
fn all_environments_are_checked_and_each_problem_is_shown_once() {
    let env = TestEnv::new(&[
        (
            "vars.kdef",
            r#"variable "size" {
  type    = "enum[small, large]"
  default = "small"
}
"#,
        ),
        (
            "app.kdef",
            r#"configmap "app" {
  data = { size = var.size, zone = var.zone }
}
"#,
        ),
        ("environments/live.kdef", "use_vars {\n  size = \"huge\"\n}\n"),
        ("environments/test.kdef", "override \"configmap\" \"ap\" {}\n"),
        ("environments/demo.kdef", "override \"configmap\" \"ap\" {}\n"),
    ]);
    assert_snapshot!(env.run(&["validate", "--all-envs"]), @r#"
    status 1
    --- stderr
    error[K0406]: there is no configmap `ap` to override
     --> environments/demo.kdef:1:22
      |
    1 | override "configmap" "ap" {}
      |                      ^^^^
      |
      = help: did you mean `app`?
      = help: this is so in the environment `demo`

    error[K0201]: there is no variable `zone`
     --> app.kdef:2:40
      |
    2 |   data = { size = var.size, zone = var.zone }
      |                                        ^^^^
      |
      = help: there is `size`

    error[K0404]: the value of `size`: one of "small", "large" is required
     --> environments/live.kdef:2:3
      |
    2 |   size = "huge"
      |   ^^^^^^^^^^^^^
      |
     ::: vars.kdef:2:13
      |
    2 |   type    = "enum[small, large]"
      |             -------------------- declared here
      |
      = help: this is so in the environment `live`

    error[K0406]: there is no configmap `ap` to override
     --> environments/test.kdef:1:22
      |
    1 | override "configmap" "ap" {}
      |                      ^^^^
      |
      = help: did you mean `app`?
      = help: this is so in the environment `test`

    error: 4 errors
    "#);
    assert_snapshot!(env.run(&["validate", "--all-envs", "--env", "live"]), @"
    status 2
    --- stderr
    error: the argument '--all-envs' cannot be used with '--env <NAME>'

    Usage: kdef validate --all-envs [DIR]

    For more information, try '--help'.
    ");

    env.write(
        "app.kdef",
        "configmap \"ap\" {\n  data = { size = var.size }\n}\n",
    );
    env.write("environments/live.kdef", "use_vars {\n  size = \"large\"\n}\n");
    assert_snapshot!(env.run(&["validate", "--all-envs"]), @"
    status 0
    --- stdout
    valid: 1 ConfigMap in this folder for the environment `demo`
    valid: 1 ConfigMap in this folder for the environment `live`
    valid: 1 ConfigMap in this folder for the environment `test`
    ");
    assert_snapshot!(env.run(&["validate", "--all-envs", "--format", "json"]), @"
    status 0
    --- stdout
    []
    ");
}

#[test]
fn a_project_without_environments_is_checked_as_it_is() {
    let env = TestEnv::new(&[("app.kdef", "configmap \"app\" {}\n")]);
    assert_snapshot!(env.run(&["validate", "--all-envs"]), @"
    status 0
    --- stdout
    valid: 1 ConfigMap in this folder
    ");
}
