//! What the command line reads and refuses to read.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::env::TestEnv;

const CONFIG: &str = "configmap \"settings\" {\n  data = {\n    mode = \"fast\"\n  }\n}\n";

#[test]
fn symbolic_links_in_a_project_are_refused() {
    let env = TestEnv::new(&[("outside.kdef", CONFIG), ("project/app.kdef", CONFIG)]);
    env.link("../outside.kdef", "project/linked.kdef");
    let run = env.run(&["render", "project"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0901]", "error: 1 error"]);
    assert!(run.stderr.contains("`project/linked.kdef`"), "{run}");
}

#[test]
fn folders_behind_symbolic_links_are_refused() {
    let env = TestEnv::new(&[
        (
            "project/root.kdef",
            "deployments = {\n  api = { path = \"apps/api\", namespace = \"shop\" }\n}\n",
        ),
        ("elsewhere/api/app.kdef", CONFIG),
    ]);
    env.link("../elsewhere", "project/apps");
    let run = env.run(&["render", "project"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.problems(),
        ["error[K0901] project/root.kdef:2:18", "error: 1 error"]
    );
}

#[test]
fn texts_behind_symbolic_links_are_refused() {
    let env = TestEnv::new(&[(
        "project/app.kdef",
        "configmap \"a\" {\n  data = {\n    text = file(\"secret.txt\")\n  }\n}\n",
    )]);
    env.write("secret.txt", "hunter2");
    env.link("../secret.txt", "project/secret.txt");
    let run = env.run(&["render", "project"]);
    assert!(!run.to_string().contains("hunter2"), "{run}");
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.problems(),
        ["error[K0901] project/app.kdef:3:17", "error: 1 error"]
    );
}

#[test]
fn a_symbolic_link_that_nobody_reads_does_no_harm() {
    let env = TestEnv::new(&[("project/app.kdef", CONFIG)]);
    env.link("/nowhere", "project/dangling");
    env.link("project", "way");
    let direct = env.run(&["render", "project"]).output();
    assert_eq!(env.run(&["render", "way"]).output(), direct);
}

#[test]
fn a_file_stays_inside_the_project() {
    let reading =
        |path: &str| format!("configmap \"a\" {{\n  data = {{\n    text = file(\"{path}\")\n  }}\n}}\n");
    let env = TestEnv::new(&[
        ("secret.txt", "hunter2"),
        ("repository/shared.txt", "shared"),
        ("repository/apps/api/app.kdef", &reading("../../shared.txt")),
        ("repository/apps/bad/app.kdef", &reading("../../../secret.txt")),
    ]);
    assert_eq!(
        env.run(&["render", "repository/apps/api"]).status,
        Some(1),
        "the folder itself is the root where nothing marks another"
    );
    fs::create_dir(env.path("repository/.git")).unwrap();
    let stream = env.run(&["render", "repository/apps/api"]).output();
    assert!(stream.contains("text: shared"), "{stream}");
    let run = env.run(&["render", "repository/apps/bad"]);
    assert_eq!(run.status, Some(1), "{run}");
    assert!(
        run.stderr.contains("error[K0414]") && !run.stderr.contains("hunter2"),
        "{run}"
    );
}

#[test]
fn the_environment_is_that_of_the_process() {
    let env = TestEnv::new(&[(
        "app.kdef",
        "configmap \"a\" {\n  data = {\n    region = env.REGION\n  }\n}\n",
    )]);
    let output = env.command(&["render"]).env("REGION", "eu-west").output();
    let stream = env.finish(output.unwrap()).output();
    assert!(stream.contains("region: eu-west"), "{stream}");
    let run = env.run(&["render"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0209] app.kdef:3:18", "error: 1 error"]);
}

#[test]
fn what_cannot_be_read_is_status_3() {
    let env = TestEnv::new(&[("app.kdef", CONFIG)]);
    let path = env.path("app.kdef");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads it all the same.
    let expected = if fs::read(&path).is_ok() { 0 } else { 3 };
    assert_eq!(env.run(&["render"]).status, Some(expected));

    assert_snapshot!(env.run(&["render", "--values", "/proc/self/mem"]), @"
    status 3
    --- stderr
    error: cannot read `/proc/self/mem`: input/output error
    ");
}

#[test]
fn a_file_whose_name_is_no_text_is_not_passed_over() {
    let env = TestEnv::new(&[("app.kdef", CONFIG)]);
    let name = |bytes| env.path("").join(std::ffi::OsStr::from_bytes(bytes));
    fs::write(name(b"caf\xe9.txt"), "").unwrap();
    env.run(&["render"]).output();
    fs::write(name(b"caf\xe9.kdef"), CONFIG).unwrap();
    let run = env.run(&["render"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0901]", "error: 1 error"]);
}

#[test]
fn wrong_files_are_problems_at_their_place() {
    let env = TestEnv::new(&[]);
    fs::write(env.path("latin1.kdef"), b"# caf\xe9\n").unwrap();
    let large = fs::File::create(env.path("large.kdef")).unwrap();
    large.set_len((8 << 20) + 1).unwrap();
    fs::create_dir(env.path("folder.kdef")).unwrap();
    let run = env.run(&["render"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.problems(),
        ["error[K0902]", "error[K0107] latin1.kdef:1:6", "error: 2 errors"]
    );
}
