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
