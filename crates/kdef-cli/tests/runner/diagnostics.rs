//! How problems are shown: for people, for programs, and all of them at once.

use insta::assert_snapshot;
use serde_json::Value;

use crate::env::TestEnv;

/// Several problems, in several files.
const BROKEN: &[(&str, &str)] = &[
    (
        "k8s/api.kdef",
        r#"deployment "api" {
  container "api" {
    image    = "api:1"
    replicas = 2
  }
}

deploymnt "worker" {
  container "worker" {
    image = var.image
  }
}
"#,
    ),
    (
        "k8s/config.kdef",
        "configmap \"settings\" {\n  data = {\n    mode = var.mod\n  }\n}\n",
    ),
    (
        "k8s/syntax.kdef",
        "configmap \"more\" {\n  data = {\n    a = \"b\n  }\n}\n",
    ),
    (
        "k8s/vars.kdef",
        "variable \"mode\" {\n  type    = \"string\"\n  default = \"fast\"\n}\n",
    ),
];

/// A project with one warning.
const WARNED: &[(&str, &str)] = &[(
    "app.kdef",
    r#"deployment "web" {
  container "web" {
    image = "web:1"

    env {
      TOKEN = secret("web-secrets", "token")
    }
  }
}
"#,
)];

#[test]
fn all_problems_of_all_files_are_shown_in_one_run() {
    let env = TestEnv::new(BROKEN);
    let rendered = env.run(&["render", "k8s"]);
    assert_eq!((rendered.status, rendered.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        rendered.problems(),
        [
            "error[K0302] k8s/api.kdef:4:5",
            "error[K0301] k8s/api.kdef:8:1",
            "error[K0201] k8s/config.kdef:3:16",
            "error[K0102] k8s/syntax.kdef:3:9",
            "error: 4 errors",
        ]
    );
    let validated = env.run(&["validate", "k8s"]);
    assert_eq!(rendered.to_string(), validated.to_string());
}

#[test]
fn paths_are_relative_to_the_working_directory() {
    let env = TestEnv::new(BROKEN);
    let shown = |folder: &str, arguments: &[&str]| {
        let stderr = env.run_in(folder, arguments).stderr;
        let line = stderr
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("--> "));
        line.unwrap_or(&stderr).to_owned()
    };
    env.write("other/README", "");
    env.write("root.kdef", "deployments = {\n  k8s = {}\n}\n");
    let absolute = env.path("k8s");
    assert_eq!(shown("", &["render", "k8s"]), "k8s/api.kdef:4:5");
    assert_eq!(
        shown("", &["render", absolute.to_str().unwrap()]),
        "k8s/api.kdef:4:5"
    );
    assert_eq!(shown("k8s", &["render"]), "api.kdef:4:5");
    assert_eq!(shown("other", &["render", "../k8s"]), "../k8s/api.kdef:4:5");
}

#[test]
fn warnings_do_not_stop_unless_they_are_errors() {
    let env = TestEnv::new(WARNED);
    let run = env.run(&["render"]);
    assert_eq!(run.status, Some(0));
    assert!(run.stdout.contains("kind: Deployment"), "{run}");
    assert_eq!(
        run.problems(),
        ["warning[K0701] app.kdef:6:15", "warning: 1 warning"]
    );
    let run = env.run(&["validate"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(0), "valid: 1 Deployment in this folder\n")
    );
    assert_eq!(
        run.problems(),
        ["warning[K0701] app.kdef:6:15", "warning: 1 warning"]
    );
    let run = env.run(&["render", "--strict"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        run.problems(),
        [
            "error[K0701] app.kdef:6:15",
            "error: 1 error (1 warning counted as errors by --strict)",
        ]
    );
    let strict = env.run(&["validate", "--strict", "--format", "json"]);
    assert_eq!(strict.status, Some(1));
    assert_eq!(rows(&strict.stdout)[0]["severity"], "error");
}

#[test]
fn a_folder_rendered_by_itself_is_told_of_its_root() {
    let env = TestEnv::new(&[
        (
            "root.kdef",
            "deployments = {\n  api = { namespace = \"shop\" }\n}\n",
        ),
        (
            "api/app.kdef",
            "configmap \"a\" {\n  data = { tag = var.tag }\n}\n",
        ),
        (
            "vars.kdef",
            "variable \"tag\" {\n  type    = string\n  default = \"v1\"\n}\n",
        ),
    ]);
    assert_snapshot!(env.run(&["render", "api"]), @r#"
    status 1
    --- stderr
    error[K0201]: there is no variable `tag`
     --> api/app.kdef:2:22
      |
    2 |   data = { tag = var.tag }
      |                      ^^^
      |
      = help: this folder is rendered by itself, without what `.` gives it: render that folder with `--only api`
      = help: declare it in vars.kdef: `variable "tag" { type = ... }`

    error: 1 error
    "#);
    assert_eq!(env.run(&["render", "--only", "api"]).status, Some(0));
}

fn rows(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn json_is_an_array_on_its_own() {
    let env = TestEnv::new(BROKEN);
    let validated = env.run(&["validate", "k8s", "--format", "json"]);
    assert_eq!((validated.status, validated.stderr.as_str()), (Some(1), ""));
    let rendered = env.run(&["render", "k8s", "--format", "json"]);
    assert_eq!((rendered.status, rendered.stdout.as_str()), (Some(1), ""));
    assert_eq!(validated.stdout, rendered.stderr);

    let rows = rows(&validated.stdout);
    let first = &rows[0];
    assert_eq!(first["code"], "K0302");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["file"], "k8s/api.kdef");
    assert_eq!(first["start"], serde_json::json!({"line": 4, "column": 5}));
    assert_eq!(first["end"], serde_json::json!({"line": 4, "column": 13}));
    let files: Vec<&str> = rows.iter().filter_map(|row| row["file"].as_str()).collect();
    assert!(files.contains(&"k8s/config.kdef") && files.contains(&"k8s/syntax.kdef"));
}

#[test]
fn json_stands_alone_when_all_is_well() {
    let env = TestEnv::new(&[("app.kdef", "configmap \"a\" {}\n")]);
    assert_snapshot!(env.run(&["validate", "--format", "json"]), @"
    status 0
    --- stdout
    []
    ");
    let run = env.run(&["render", "--format", "json", "--output-dir", "out"]);
    assert_snapshot!(run, @"
    status 0
    --- stderr
    []
    ");
}

#[test]
fn github_gets_its_workflow_commands() {
    let env = TestEnv::new(BROKEN);
    let validated = env.run(&["validate", "k8s", "--format", "github"]);
    assert_eq!(validated.status, Some(1));
    let first = validated.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("::error file=k8s/api.kdef,line=4,endLine=4,col=5,endColumn=13,title=K0302::"),
        "{first}"
    );
    let rendered = env.run(&["render", "k8s", "--format", "github"]);
    assert_eq!((rendered.status, rendered.stdout.as_str()), (Some(1), ""));
    assert!(rendered.stderr.starts_with(first), "{rendered}");

    let env = TestEnv::new(WARNED);
    let run = env.run(&["validate", "--format", "github"]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (Some(0), "warning: 1 warning\n")
    );
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines[0].starts_with("::warning file=app.kdef,line=6,endLine=6,col=15,endColumn=45,title=K0701::"),
        "{run}"
    );
    assert_eq!(lines[1], "valid: 1 Deployment in this folder");
}
