//! Commands, flags, help, colour, and wrong use.

use insta::assert_snapshot;

use crate::env::TestEnv;

const PROJECT: &[(&str, &str)] = &[(
    "k8s/app.kdef",
    "configmap \"settings\" {\n  data = {\n    mode = \"fast\"\n  }\n}\n",
)];

#[test]
fn help_is_on_the_standard_output() {
    let env = TestEnv::new(&[]);
    let help = env.run(&[]).output();
    for arguments in [&["help"][..], &["--help"], &["-h"]] {
        assert_eq!(env.run(arguments).output(), help, "{arguments:?}");
    }
    for expected in [
        "Usage: kdef [OPTIONS] <COMMAND>",
        "  fmt       Write .kdef files in their canonical form\n",
        "  render    Print the Kubernetes manifests of a project\n",
        "  validate  Check a project, without a cluster\n",
        "  version   Print the version\n",
        "  kdef render ./k8s\n",
        "Exit status:\n",
    ] {
        assert!(help.contains(expected), "{expected:?} is missing in\n{help}");
    }
}

#[test]
fn each_command_explains_itself_with_examples() {
    let env = TestEnv::new(&[]);
    let render = env.run(&["render", "--help"]).output();
    assert_eq!(env.run(&["help", "render"]).output(), render);
    for flag in [
        "--dir <DIR>",
        "--env <NAME>",
        "--set <NAME=VALUE>",
        "--values <FILE>",
        "--vars-from <FILE>",
        "--only <NAME>",
        "--strict",
        "--format <FORMAT>",
        "--color <WHEN>",
        "--output-dir <DIR>",
        "kdef render ./k8s --env production --set image_tag=v2\n",
    ] {
        assert!(render.contains(flag), "{flag:?} is missing in\n{render}");
    }
    let validate = env.run(&["validate", "--help"]).output();
    assert!(validate.contains("kdef validate ./k8s --env production --strict\n"));
    assert!(!validate.contains("--output-dir"), "{validate}");
    let fmt = env.run(&["fmt", "--help"]).output();
    for expected in [
        "[PATH]...",
        "--check",
        "--diff",
        "kdef fmt --check --diff\n",
        "Exit status:\n",
    ] {
        assert!(fmt.contains(expected), "{expected:?} is missing in\n{fmt}");
    }
}

#[test]
fn the_version_is_one_line() {
    let env = TestEnv::new(&[]);
    let version = concat!("kdef ", env!("CARGO_PKG_VERSION"), "\n");
    for arguments in ["--version", "-v", "-V"] {
        assert_eq!(env.run(&[arguments]).output(), version, "{arguments}");
    }
    assert!(env.run(&["version"]).output().starts_with(version.trim_end()));
}

#[test]
fn wrong_use_is_status_2_without_a_page_of_help() {
    let env = TestEnv::new(PROJECT);
    assert_snapshot!(env.run(&["rendr"]), @"
    status 2
    --- stderr
    error: unrecognized subcommand 'rendr'

      tip: a similar subcommand exists: 'render'

    Usage: kdef [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(env.run(&["render", "--valeus", "x.json"]), @"
    status 2
    --- stderr
    error: unexpected argument '--valeus' found

      tip: a similar argument exists: '--values'

    Usage: kdef render --values <FILE> [DIR]

    For more information, try '--help'.
    ");
    assert_snapshot!(env.run(&["render", "--format", "xml"]), @"
    status 2
    --- stderr
    error: invalid value 'xml' for '--format <FORMAT>'
      [possible values: human, json, github]

    For more information, try '--help'.
    ");
    assert_snapshot!(env.run(&["render", "k8s", "more"]), @"
    status 2
    --- stderr
    error: unexpected argument 'more' found

    Usage: kdef render [OPTIONS] [DIR]

    For more information, try '--help'.
    ");
    assert_snapshot!(env.run(&["validate", "--output-dir", "out"]), @"
    status 2
    --- stderr
    error: unexpected argument '--output-dir' found

      tip: to pass '--output-dir' as a value, use '-- --output-dir'

    Usage: kdef validate [OPTIONS] [DIR]

    For more information, try '--help'.
    ");
    assert_snapshot!(env.run(&["render", "--set"]), @"
    status 2
    --- stderr
    error: a value is required for '--set <NAME=VALUE>' but none was supplied

    For more information, try '--help'.
    ");
}

#[test]
fn a_folder_that_is_none_is_wrong_use() {
    let env = TestEnv::new(PROJECT);
    assert_snapshot!(env.run(&["render", "k9s"]), @"
    status 2
    --- stderr
    error: there is no folder `k9s`

      tip: did you mean `k8s`?
    ");
    assert_snapshot!(env.run(&["validate", "--dir", "elsewhere/k8s"]), @"
    status 2
    --- stderr
    error: there is no folder `elsewhere/k8s`
    ");
    assert_snapshot!(env.run(&["render", "k8s/app.kdef"]), @"
    status 2
    --- stderr
    error: `k8s/app.kdef` is a file, and a project is a folder

      tip: name the folder that holds it: `k8s`
    ");
    assert_snapshot!(env.run(&["render", "k8s", "--dir", "."]), @"
    status 2
    --- stderr
    error: two folders are given, `k8s` and `--dir .`

      tip: leave one of them out
    ");
}

#[test]
fn the_folder_comes_by_position_by_flag_or_from_the_working_directory() {
    let env = TestEnv::new(PROJECT);
    let expected = env.run_in("k8s", &["render"]).output();
    assert!(expected.contains("mode: fast"), "{expected}");
    let absolute = env.path("k8s");
    for arguments in [
        &["render", "k8s"][..],
        &["render", "--dir", "k8s"],
        &["render", "--dir=./k8s/"],
        &["render", "k8s", "--dir", "./k8s"],
        &["render", absolute.to_str().unwrap()],
    ] {
        assert_eq!(env.run(arguments).output(), expected, "{arguments:?}");
    }
}

#[test]
fn of_a_flag_given_twice_the_last_wins() {
    let env = TestEnv::new(PROJECT);
    let run = env.run(&["validate", "--format", "human", "--format", "json", "k8s"]);
    assert_eq!(run.output(), "[]\n");
}

#[test]
fn colour_is_for_terminals_and_on_demand() {
    let env = TestEnv::new(&[("app.kdef", "deploymnt \"web\" {}\n")]);
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = env
            .command(arguments)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        env.finish(output).stderr.contains('\x1b')
    };
    assert!(!coloured(&["render"], &[]), "a pipe is no terminal");
    assert!(coloured(&["render", "--color", "always"], &[]));
    assert!(coloured(&["--color=always", "render"], &[("NO_COLOR", "1")]));
    assert!(coloured(&["render"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(
        &["render"],
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    assert!(!coloured(
        &["render", "--color", "never"],
        &[("CLICOLOR_FORCE", "1")]
    ));
}
