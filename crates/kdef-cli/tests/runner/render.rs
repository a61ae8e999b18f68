//! `kdef render`: the stream and the files.

use std::fs::File;

use insta::assert_snapshot;

use crate::env::{TestEnv, listed, piped};

const SHOP: &[(&str, &str)] = &[
    (
        "root.kdef",
        r#"namespaces = ["shop"]

deployments = {
  api = { namespace = "shop" }
}
"#,
    ),
    (
        "api/app.kdef",
        r#"deployment "api" {
  container "api" {
    image = "registry.example/api:1"

    port "8080" "http" {}
  }

  service {}
}

configmap "settings" {
  data = {
    mode = "fast"
  }
}
"#,
    ),
];

#[test]
fn the_stream_holds_every_object_in_order() {
    let env = TestEnv::new(SHOP);
    assert_snapshot!(env.run(&["render"]), @"
    status 0
    --- stdout
    apiVersion: v1
    kind: Namespace
    metadata:
      labels:
        app.kubernetes.io/managed-by: kdef
      name: shop
    ---
    apiVersion: v1
    data:
      mode: fast
    kind: ConfigMap
    metadata:
      labels:
        app.kubernetes.io/managed-by: kdef
      name: settings
      namespace: shop
    ---
    apiVersion: v1
    kind: Service
    metadata:
      labels:
        app.kubernetes.io/managed-by: kdef
        app.kubernetes.io/name: api
      name: api
      namespace: shop
    spec:
      ports:
      - name: http
        port: 8080
        protocol: TCP
        targetPort: 8080
      selector:
        app.kubernetes.io/name: api
      type: ClusterIP
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      labels:
        app.kubernetes.io/managed-by: kdef
        app.kubernetes.io/name: api
      name: api
      namespace: shop
    spec:
      replicas: 1
      selector:
        matchLabels:
          app.kubernetes.io/name: api
      template:
        metadata:
          labels:
            app.kubernetes.io/managed-by: kdef
            app.kubernetes.io/name: api
        spec:
          containers:
          - image: registry.example/api:1
            name: api
            ports:
            - containerPort: 8080
              name: http
              protocol: TCP
    ");
}

#[test]
fn output_dir_gets_a_file_for_each_block() {
    let env = TestEnv::new(SHOP);
    env.write("out/notes.txt", "kept");
    env.write("out/api.yaml", "replaced");
    assert_snapshot!(env.run(&["render", "--output-dir", "out"]), @"
    status 0
    --- stderr
    wrote out/api.yaml
    wrote out/configmap-settings.yaml
    wrote out/namespace-shop.yaml
    ");
    assert_eq!(
        listed(&env.path("out")),
        [
            "api.yaml",
            "configmap-settings.yaml",
            "namespace-shop.yaml",
            "notes.txt",
        ]
    );
    assert_snapshot!(env.read("out/configmap-settings.yaml"), @"
    apiVersion: v1
    data:
      mode: fast
    kind: ConfigMap
    metadata:
      labels:
        app.kubernetes.io/managed-by: kdef
      name: settings
      namespace: shop
    ");
    let api = env.read("out/api.yaml");
    assert!(
        api.contains("kind: Service\n") && api.contains("kind: Deployment\n"),
        "{api}"
    );
    let deeper = env.run(&["render", "--output-dir", "new/deeper"]);
    assert_eq!(deeper.status, Some(0));
    assert_eq!(listed(&env.path("new/deeper")).len(), 3);
}

#[test]
fn what_cannot_be_written_is_status_3() {
    let env = TestEnv::new(SHOP);
    assert_snapshot!(env.run(&["render", "--output-dir", "root.kdef"]), @"
    status 3
    --- stderr
    error: cannot make the folder `root.kdef`: file exists
    ");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = env.command(&["render"]).stdout(full).output();
    assert_snapshot!(env.finish(output.unwrap()), @"
    status 3
    --- stderr
    error: cannot write to the standard output: no space left on device
    ");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let env = TestEnv::new(SHOP);
    let mut child = piped(&mut env.command(&["render"]));
    drop(child.stdout.take());
    assert_eq!(env.finish(child.wait_with_output().unwrap()).output(), "");
}

#[test]
fn nothing_to_render_is_an_error() {
    let env = TestEnv::new(&[("empty/README.md", ""), ("apps/api/app.kdef", "")]);
    assert_snapshot!(env.run(&["render", "empty"]), @"
    status 1
    --- stderr
    error[K0412]: there is nothing to render in `empty`
     |
     = help: kdef reads the `.kdef` files of the folder itself, and of those that `deployments` in its `root.kdef` lists

    error: 1 error
    ");
    env.write(
        "apps/root.kdef",
        "namespaces = [\"shop\"]\n\ndeployments = {\n  api = { namespace = \"shop\" }\n}\n",
    );
    let run = env.run(&["render", "apps", "--output-dir", "out"]);
    assert_eq!(run.status, Some(1), "a namespace alone does not count: {run}");
    assert!(!env.path("out").exists());
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let env = TestEnv::new(SHOP);
    let output = env.run(&["render"]).output();
    assert_eq!(env.run(&["render"]).output(), output, "the second time");

    let reversed: Vec<(&str, &str)> = SHOP.iter().rev().copied().collect();
    let other = TestEnv::new(&reversed);
    assert_eq!(
        other.run(&["render"]).output(),
        output,
        "files written in another order"
    );

    let nested: Vec<(String, &str)> = SHOP
        .iter()
        .map(|(path, text)| (format!("deep/down/{path}"), *text))
        .collect();
    let nested: Vec<(&str, &str)> = nested.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let elsewhere = TestEnv::new(&nested);
    let run = elsewhere.run(&["render", "deep/down"]);
    assert_eq!(run.output(), output, "in another folder");
}

#[test]
fn data_keeps_its_escape_sequences() {
    let env = TestEnv::new(&[(
        "app.kdef",
        "configmap \"a\" {\n  data = {\n    prompt = \"\\u001b[1m$\"\n  }\n}\n",
    )]);
    let stream = env.run(&["render", "--color", "never"]).output();
    assert!(stream.contains("[1m$"), "{stream}");
}
