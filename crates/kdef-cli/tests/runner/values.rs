//! `--set`, `--values`, `--vars-from`, `--env` and `--only`.

use insta::assert_snapshot;

use crate::env::TestEnv;

/// A project that shows its variables as the data of a ConfigMap.
const PROJECT: &[(&str, &str)] = &[
    (
        "app.kdef",
        r#"configmap "settings" {
  data = {
    tag      = var.tag
    replicas = "${var.replicas}"
    hosts    = "${var.hosts[0]}"
  }
}
"#,
    ),
    (
        "vars.kdef",
        r#"variable "tag" {
  type    = "string"
  default = "v1"
}

variable "replicas" {
  type    = "number"
  default = 1
}

variable "hosts" {
  type    = "list"
  default = ["localhost"]
}
"#,
    ),
];

/// Renders with the arguments and returns the lines of the ConfigMap's data.
fn data(env: &TestEnv, arguments: &[&str]) -> Vec<String> {
    let stream = env.run(&[&["render"], arguments].concat()).output();
    let data = stream.lines().skip_while(|line| *line != "data:").skip(1);
    data.take_while(|line| line.starts_with("  "))
        .map(|line| line.trim_start().replace('"', ""))
        .collect()
}

#[test]
fn settings_are_read_as_the_declared_type() {
    let env = TestEnv::new(PROJECT);
    let cases: &[(&[&str], [&str; 3])] = &[
        (&[], ["hosts: localhost", "replicas: 1", "tag: v1"]),
        (
            &["--set", "tag=v2", "--set", "replicas=3"],
            ["hosts: localhost", "replicas: 3", "tag: v2"],
        ),
        (
            &["--set", "tag=v2,replicas=3"],
            ["hosts: localhost", "replicas: 3", "tag: v2"],
        ),
        (
            &["--set", r#"hosts=["a.example", "b.example"],tag=a, b and c"#],
            ["hosts: a.example", "replicas: 1", "tag: a, b and c"],
        ),
        (
            &["--set", "tag=v2", "--set", "tag=v3"],
            ["hosts: localhost", "replicas: 1", "tag: v3"],
        ),
    ];
    for (arguments, expected) in cases {
        assert_eq!(data(&env, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn wrong_settings_are_problems_of_the_input() {
    let env = TestEnv::new(PROJECT);
    assert_snapshot!(env.run(&["render", "--set", "tag", "--set", "db.password=hunter2"]), @r#"
    status 1
    --- stderr
    error[K0415]: `--set tag` gives no value
     |
     = help: write `name=value`, as in `--set replicas=3`; `name=` sets an empty text

    error[K0415]: `--set db.password=...` names no variable
     |
     = help: set the whole variable, as JSON: `--set 'db={"key": "value"}'`

    error: 2 errors
    "#);
    let run = env.run(&["render", "--set", "repliacs=3"]);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("did you mean `replicas`?"), "{run}");
    let run = env.run(&["render", "--set", "replicas=many"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0404] vars.kdef:6:10", "error: 1 error"]);
}

/// Values are often secret, and what a pipeline prints is kept.
#[test]
fn no_value_that_is_given_is_shown() {
    let env = TestEnv::new(PROJECT);
    env.write(
        "one-line.json",
        r#"{"replicas": "hunter2", "tag": ["hunter2"], "other": "hunter2"}"#,
    );
    env.write("broken.json", r#"{"replicas": "hunter2", "tag": hunter2}"#);
    env.write("broken.yaml", "replicas: \"hunter2\ntag: hunter2\n");
    for arguments in [
        ["--set", "replicas=hunter2,hosts=[hunter2,other=hunter2"],
        ["--set", "replicas=hunter2,other=hunter2"],
        ["--values", "one-line.json"],
        ["--values", "broken.json"],
        ["--values", "broken.yaml"],
    ] {
        for format in ["human", "json", "github"] {
            let run = env.run(&[&["render", "--format", format], &arguments[..]].concat());
            assert_eq!(run.status, Some(1), "{run}");
            assert!(!run.to_string().contains("hunter2"), "{run}");
        }
    }
    let run = env.run(&["render", "--values", "one-line.json"]);
    assert!(run.stderr.contains("--> one-line.json:1:2"), "{run}");
}

#[test]
fn values_are_json_or_yaml_from_files_or_the_standard_input() {
    let env = TestEnv::new(PROJECT);
    env.write("values.json", r#"{"tag": "json", "replicas": 2}"#);
    env.write("values.yaml", "tag: yaml\nhosts:\n  - y.example\n");
    env.write("plain", "{\"tag\": \"plain\"}");
    let json = ["hosts: localhost", "replicas: 2", "tag: json"];
    assert_eq!(data(&env, &["--values", "values.json"]), json);
    let both = ["hosts: y.example", "replicas: 2", "tag: yaml"];
    assert_eq!(
        data(&env, &["--values", "values.json", "--values", "values.yaml"]),
        both
    );
    let plain = ["hosts: localhost", "replicas: 1", "tag: plain"];
    assert_eq!(data(&env, &["--values", "plain"]), plain);
    let set = ["hosts: localhost", "replicas: 2", "tag: set"];
    assert_eq!(
        data(&env, &["--values", "values.json", "--set", "tag=set"]),
        set,
        "--set wins over --values"
    );

    for input in ["{\"tag\": \"piped\"}", "tag: piped\n"] {
        let run = env.run_with_input(&["render", "--values", "-"], input);
        let stream = run.output();
        assert!(stream.contains("tag: piped"), "{stream}");
    }
}

#[test]
fn values_that_cannot_be_used_say_why() {
    let env = TestEnv::new(PROJECT);
    env.write("broken.json", "{\"tag\": \n}");
    env.write("list.yaml", "- a\n");
    assert_snapshot!(env.run(&["render", "--values", "missing.json"]), @"
    status 2
    --- stderr
    error: there is no file `missing.json`
    ");
    assert_snapshot!(env.run(&["render", "--values", "."]), @"
    status 2
    --- stderr
    error: `.` is a folder, not a file
    ");
    assert_snapshot!(env.run(&["render", "--values", "-", "--values", "-"]), @"
    status 2
    --- stderr
    error: `-`, the standard input, is given for two files

      tip: it can be read once; give the other one as a file
    ");
    let run = env.run(&["render", "--values", "broken.json"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0413] broken.json:2:1", "error: 1 error"]);
    let run = env.run(&["render", "--values", "list.yaml"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0413] list.yaml:1:1", "error: 1 error"]);
    std::fs::write(env.path("latin1.yaml"), b"tag: \xe9\n").unwrap();
    assert_snapshot!(env.run(&["render", "--values", "latin1.yaml"]), @"
    status 1
    --- stderr
    error: `latin1.yaml` is not UTF-8 text
    ");
    let large = std::fs::File::create(env.path("large.yaml")).unwrap();
    large.set_len((8 << 20) + 1).unwrap();
    assert_snapshot!(env.run(&["render", "--values", "large.yaml"]), @"
    status 1
    --- stderr
    error: `large.yaml` is larger than the limit of 8388608 bytes
    ");
}

#[test]
fn declarations_come_from_outside_the_project_too() {
    let env = TestEnv::new(&[
        (
            "project/app.kdef",
            "configmap \"settings\" {\n  data = {\n    tag = var.tag\n  }\n}\n",
        ),
        (
            "shared/a.kdef",
            "variable \"tag\" {\n  type    = \"string\"\n  default = \"a\"\n}\n",
        ),
        (
            "shared/b.kdef",
            "variable \"tag\" {\n  type    = \"string\"\n  default = \"b\"\n}\n",
        ),
    ]);
    let cases: [(&[&str], &str); 3] = [
        (&["--vars-from", "shared/a.kdef"], "tag: a"),
        (
            &["--vars-from", "shared/a.kdef", "--vars-from", "shared/b.kdef"],
            "tag: b",
        ),
        (&["--vars-from", "shared/b.kdef,shared/a.kdef"], "tag: a"),
    ];
    for (arguments, expected) in cases {
        let arguments = [&["--dir", "project"], arguments].concat();
        assert_eq!(data(&env, &arguments), [expected], "{arguments:?}");
    }
    assert_snapshot!(env.run(&["validate", "project", "--vars-from", "c.kdef"]), @"
    status 2
    --- stderr
    error: there is no file `c.kdef`
    ");
}

/// Two applications under one root, with an environment that one of them overrides.
const SHOP: &[(&str, &str)] = &[
    (
        "root.kdef",
        r#"namespaces = ["shop"]

deployments = {
  api = { path = "apps/api", namespace = "shop" }
  web = { path = "apps/web", namespace = "shop" }
}
"#,
    ),
    (
        "vars.kdef",
        "variable \"tag\" {\n  type    = \"string\"\n  default = \"v1\"\n}\n",
    ),
    ("environments/production.kdef", "use_vars {\n  tag = \"v9\"\n}\n"),
    (
        "apps/api/app.kdef",
        "configmap \"api\" {\n  data = {\n    tag = var.tag\n  }\n}\n",
    ),
    (
        "apps/web/app.kdef",
        "configmap \"web\" {\n  data = {\n    tag = var.tag\n  }\n}\n",
    ),
];

#[test]
fn an_environment_changes_what_it_names() {
    let env = TestEnv::new(SHOP);
    assert_eq!(data(&env, &[]), ["tag: v1"]);
    assert_eq!(data(&env, &["--env", "production"]), ["tag: v9"]);
    assert_eq!(data(&env, &["--env", ""]), ["tag: v1"]);
    assert_eq!(
        data(&env, &["--env", "production", "--set", "tag=v3"]),
        ["tag: v3"],
        "--set wins over the environment"
    );
    let run = env.run(&["render", "--env", "prodution"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0405]", "error: 1 error"]);
    assert!(run.stderr.contains("did you mean `production`?"), "{run}");
}

#[test]
fn only_selects_entries_of_the_root() {
    let env = TestEnv::new(SHOP);
    let kinds = |arguments: &[&str]| {
        let summary = env.run(&[&["validate"], arguments].concat()).output();
        summary.trim_end().to_owned()
    };
    assert_eq!(kinds(&[]), "valid: 1 Namespace, 2 ConfigMaps in this folder");
    assert_eq!(
        kinds(&["--only", "web"]),
        "valid: 1 Namespace, 1 ConfigMap in this folder"
    );
    assert_eq!(
        kinds(&["--only", "web", "--only", "api"]),
        "valid: 1 Namespace, 2 ConfigMaps in this folder"
    );
    assert_eq!(
        kinds(&["--only", "web,api"]),
        "valid: 1 Namespace, 2 ConfigMaps in this folder"
    );
    let run = env.run(&["render", "--only", "wbe"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0407]", "error: 1 error"]);
    assert!(run.stderr.contains("did you mean `web`?"), "{run}");
}
