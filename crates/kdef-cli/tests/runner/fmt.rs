//! `kdef fmt`

use std::fs;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::env::{TestEnv, listed};

const UGLY: &str = "configmap \"a\" {\ndata={ mode=\"fast\" }\n}\n";
const TIDY: &str = "configmap \"a\" {\n  data = { mode = \"fast\" }\n}\n";
const BROKEN: &str = "configmap \"a\" {\ndata={ mode=\"fast\" }\n";

#[test]
fn all_files_below_are_formatted_but_for_hidden_folders() {
    let env = TestEnv::new(&[
        ("root.kdef", UGLY),
        ("apps/api/app.kdef", UGLY),
        ("apps/api/notes.txt", UGLY),
        ("apps/web/app.kdef", TIDY),
        (".git/app.kdef", UGLY),
    ]);
    assert_snapshot!(env.run(&["fmt"]), @"
    status 0
    --- stdout
    apps/api/app.kdef
    root.kdef
    ");
    for (path, expected) in [
        ("root.kdef", TIDY),
        ("apps/api/app.kdef", TIDY),
        ("apps/api/notes.txt", UGLY),
        ("apps/web/app.kdef", TIDY),
        (".git/app.kdef", UGLY),
    ] {
        assert_eq!(env.read(path), expected, "{path}");
    }
    assert_eq!(env.run(&["fmt"]).output(), "", "nothing is left to do");
}

#[test]
fn files_and_folders_are_formatted_as_they_are_named() {
    let env = TestEnv::new(&[
        ("a.kdef", UGLY),
        ("b.kdef", UGLY),
        ("c/d.kdef", UGLY),
        (".hidden/e.kdef", UGLY),
    ]);
    let run = env.run(&["fmt", "c/../b.kdef", "c", "c/d.kdef", ".hidden"]);
    assert_eq!(run.output(), "b.kdef\nc/d.kdef\n.hidden/e.kdef\n");
    assert_eq!(env.read("a.kdef"), UGLY);
    assert_eq!(env.run_in("c", &["fmt", ".."]).output(), "../a.kdef\n");
}

#[test]
fn a_check_writes_nothing() {
    let env = TestEnv::new(&[("a.kdef", UGLY), ("b.kdef", TIDY), ("c.kdef", UGLY)]);
    assert_snapshot!(env.run(&["fmt", "--check"]), @"
    status 1
    --- stdout
    a.kdef
    c.kdef
    --- stderr
    error: 2 files are not formatted

      tip: `kdef fmt` with the same paths formats them
    ");
    assert_eq!(env.read("a.kdef"), UGLY);
    assert_eq!(env.run(&["fmt", "--check", "b.kdef"]).output(), "");
}

#[test]
fn a_diff_shows_what_is_to_change() {
    let env = TestEnv::new(&[("a.kdef", UGLY), ("b.kdef", TIDY)]);
    assert_snapshot!(env.run(&["fmt", "--diff"]), @r#"
    status 0
    --- stdout
    --- a.kdef
    +++ a.kdef
    @@ -1,3 +1,3 @@
     configmap "a" {
    -data={ mode="fast" }
    +  data = { mode = "fast" }
     }
    "#);
    assert_eq!(env.read("a.kdef"), UGLY);
    let run = env.run(&["fmt", "--diff", "--check"]);
    assert_eq!(run.status, Some(1));
    assert!(run.stdout.starts_with("--- a.kdef\n"), "{run}");
    let coloured = env.run(&["fmt", "--diff", "--color", "always"]).output();
    assert!(
        coloured.contains("\u{1b}[32m+  data = { mode = \"fast\" }\u{1b}[0m\n"),
        "{coloured:?}"
    );
}

#[test]
fn the_standard_input_is_formatted_to_the_standard_output() {
    let env = TestEnv::new(&[]);
    assert_eq!(env.run_with_input(&["fmt", "-"], UGLY).output(), TIDY);
    assert_eq!(env.run_with_input(&["fmt", "-"], TIDY).output(), TIDY);
    let run = env.run_with_input(&["fmt", "-", "--check"], UGLY);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), "<stdin>\n"));
    let run = env.run_with_input(&["fmt", "-"], BROKEN);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(1), ""),
        "nothing half done"
    );
    assert_eq!(env.run(&["fmt", "-", "a.kdef"]).status, Some(2));
}

#[test]
fn a_file_with_syntax_errors_is_left_as_it_is_and_the_others_are_formatted() {
    let env = TestEnv::new(&[("a.kdef", BROKEN), ("b.kdef", UGLY)]);
    let run = env.run(&["fmt"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), "b.kdef\n"));
    assert_eq!(
        run.problems(),
        ["error[K0102] a.kdef:1:15", "error: 1 error"],
        "{run}"
    );
    assert_eq!(
        (env.read("a.kdef").as_str(), env.read("b.kdef").as_str()),
        (BROKEN, TIDY)
    );
    let run = env.run(&["fmt", "--format", "json"]);
    let problems: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(problems[0]["file"], "a.kdef");
    assert_eq!(env.run(&["fmt", "--format", "json", "b.kdef"]).stderr, "[]\n");
}

#[test]
fn a_file_keeps_its_mode_and_nothing_else_is_left_behind() {
    let env = TestEnv::new(&[("a.kdef", UGLY)]);
    let path = env.path("a.kdef");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    env.run(&["fmt"]).output();
    assert_eq!(env.read("a.kdef"), TIDY);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(listed(&env.path("")), ["a.kdef"]);
}

#[test]
fn symbolic_links_are_refused() {
    let env = TestEnv::new(&[("outside.kdef", UGLY), ("project/app.kdef", TIDY)]);
    env.link("../outside.kdef", "project/linked.kdef");
    env.link("..", "project/up");
    for path in ["project", "project/linked.kdef"] {
        let run = env.run(&["fmt", path]);
        assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""), "{path}");
        assert_eq!(run.problems(), ["error[K0901]", "error: 1 error"], "{path}");
    }
    assert_eq!(env.read("outside.kdef"), UGLY);
}

#[test]
fn paths_that_do_not_fit_are_wrong_use() {
    let env = TestEnv::new(&[("notes.txt", UGLY), ("empty/notes.txt", "")]);
    assert_snapshot!(env.run(&["fmt", "a.kdef"]), @"
    status 2
    --- stderr
    error: there is no file `a.kdef`
    ");
    assert_snapshot!(env.run(&["fmt", "emty"]), @"
    status 2
    --- stderr
    error: there is no folder `emty`

      tip: did you mean `empty`?
    ");
    assert_snapshot!(env.run(&["fmt", "notes.txt"]), @"
    status 2
    --- stderr
    error: `notes.txt` is neither a folder nor a .kdef file
    ");
    assert_snapshot!(env.run(&["fmt", "empty"]), @"
    status 0
    --- stderr
    warning: there are no .kdef files in `empty`
    ");
}

#[test]
fn what_is_no_text_is_a_problem_at_its_place() {
    let env = TestEnv::new(&[]);
    fs::write(env.path("latin1.kdef"), b"# caf\xe9\n").unwrap();
    let run = env.run(&["fmt"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.problems(), ["error[K0107] latin1.kdef:1:6", "error: 1 error"]);
}
