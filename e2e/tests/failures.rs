//! Projects with mistakes: each is told at its place, nothing of them is applied, and the next good revision heals.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use testbed::{Change, Repository};

use crate::Test;
use crate::look::set;
use crate::project::configmap;
use crate::stage::{Bed, Stage, ready_condition};

pub(crate) const TESTS: &[Test] = &[
    (
        "mistakes_are_told_with_file_line_and_column",
        mistakes_are_told_with_file_line_and_column,
    ),
    (
        "many_mistakes_are_counted_and_the_event_has_all",
        many_mistakes_are_counted_and_the_event_has_all,
    ),
];

/// A project that cannot be built.
struct Mistake {
    /// Its folder in the repository, and its release.
    name: &'static str,
    /// The file `app.kdef`; [`GOOD`] stands before it in `good.kdef`.
    app: &'static str,
    /// What the condition says.
    message: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "syntax",
        app: "configmap \"b\" {\n  data = { color = \"blue\" }\n",
        message: "syntax/app.kdef:1:15: this `{` is never closed (add the missing `}`)",
    },
    Mistake {
        name: "type",
        app: "deployment \"web\" {\n  scale { replicas = \"many\" }\n  container \"web\" { image = \"web:1\" }\n}\n",
        message: "type/app.kdef:2:22: `replicas`: a number is required, and this text is not one",
    },
    Mistake {
        name: "variable",
        app: "configmap \"b\" {\n  data = { color = var.colour }\n}\n",
        message: "variable/app.kdef:2:24: there is no variable `colour` (did you mean `color`?)",
    },
    Mistake {
        name: "block",
        app: "\nconfigmpa \"b\" {}\n",
        message: "block/app.kdef:2:1: a definition file has no block `configmpa` (did you mean `configmap`?)",
    },
    Mistake {
        name: "missing",
        app: "configmap \"b\" {\n  data = { motd = file(\"motd.txt\") }\n}\n",
        message: "missing/app.kdef:2:24: `missing/motd.txt` cannot be read: no such file or folder (the path is \
                  relative to the project's folder)",
    },
    Mistake {
        name: "escape",
        app: "configmap \"b\" {\n  data = { motd = file(\"../../etc/passwd\") }\n}\n",
        message: "escape/app.kdef:2:24: `../../etc/passwd`: the path leads out of the project",
    },
    Mistake {
        name: "absolute",
        app: "configmap \"b\" {\n  data = { motd = file(\"/etc/passwd\") }\n}\n",
        message: "absolute/app.kdef:2:24: `/etc/passwd`: the path is absolute; write it relative to the project",
    },
    // Flux leaves symbolic links out of what it makes of a Git repository.
    Mistake {
        name: "link",
        app: "configmap \"b\" {\n  data = { motd = file(\"passwd\") }\n}\n",
        message: "link/app.kdef:2:24: `link/passwd` cannot be read: no such file or folder (the path is relative to \
                  the project's folder)",
    },
];

/// What is right in every project with a mistake.
const GOOD: [(&str, &str); 2] = [
    (
        "good.kdef",
        "configmap \"a\" {\n  data = { color = var.color }\n}\n",
    ),
    (
        "vars.kdef",
        "variable \"color\" {\n  type    = \"string\"\n  default = \"blue\"\n}\n",
    ),
];

fn mistakes_are_told_with_file_line_and_column(bed: &Bed) -> Result<()> {
    let stage = bed.stage("mistakes")?;
    let good = configmap("neighbour", "color", "blue");
    let (repository, _) = stage.git("app", &[("neighbour/app.kdef", &good)])?;
    let revision = make_mistakes(&repository)?;
    stage
        .cluster()
        .reconcile("gitrepository", &stage.namespace, "app")?;
    for Mistake { name, .. } in MISTAKES {
        stage.release(name, &json!({"path": name}))?;
    }
    for mistake in MISTAKES {
        is_told(&stage, mistake, &revision).with_context(|| mistake.name)?;
    }
    stage.release("neighbour", &json!({"path": "neighbour"}))?;
    stage.applied("neighbour", &revision)?;

    let healed: Vec<_> = MISTAKES
        .iter()
        .flat_map(|Mistake { name, .. }| {
            let app = configmap(&format!("healed-{name}"), "color", "blue");
            [
                (format!("{name}/app.kdef"), app),
                (format!("{name}/good.kdef"), String::new()),
            ]
        })
        .collect();
    let healed: Vec<_> = healed
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let revision = stage.commit("app", &repository, &healed)?;
    for Mistake { name, .. } in MISTAKES {
        stage.applied(name, &revision)?;
        ensure!(stage.owned("configmaps", name)? == set([format!("healed-{name}")]));
    }
    Ok(())
}

/// Commits the projects with mistakes and returns the revision.
fn make_mistakes(repository: &Repository) -> Result<String> {
    let mut files = Vec::new();
    for Mistake { name, app, .. } in MISTAKES {
        files.extend(GOOD.map(|(path, text)| (format!("{name}/{path}"), text)));
        files.push((format!("{name}/app.kdef"), *app));
    }
    let mut changes: Vec<_> = files
        .iter()
        .map(|(path, text)| Change::Write(path, text.as_bytes()))
        .collect();
    changes.push(Change::Link("link/passwd", "/etc/passwd"));
    repository.commit_changes(&changes, "Make mistakes")
}

/// Checks that a mistake is told exactly, everywhere, and that nothing of its project was applied.
fn is_told(stage: &Stage<'_>, mistake: &Mistake, revision: &str) -> Result<()> {
    let &Mistake { name, message, .. } = mistake;
    let release = stage.condition(name, "False", message)?;
    let (ready, status) = (ready_condition(&release), &release["status"]);
    ensure!(ready["reason"] == "BuildFailed", "{ready}");
    ensure!(status["lastAttemptedRevision"] == revision, "{status}");
    ensure!(status["lastAppliedRevision"].is_null(), "{status}");
    ensure!(status["inventory"]["entries"].is_null(), "{status}");
    let row = stage.row(name)?;
    ensure!(row[..4] == [name, "False", message, ""], "{row:?}");
    stage.event(name, ["Warning", "BuildFailed"], |text| text == message)?;
    ensure!(stage.owned("configmaps", name)?.is_empty());
    Ok(())
}

fn many_mistakes_are_counted_and_the_event_has_all(bed: &Bed) -> Result<()> {
    let stage = bed.stage("many")?;
    let files = [
        (
            "a.kdef",
            "configmap \"a\" {\n  data = { a = var.a, b = var.b }\n}\n",
        ),
        (
            "b.kdef",
            "configmap \"b\" {\n  dato = {}\n  data = { c = upper(1, 2), d = 1 / 0 }\n}\n",
        ),
        ("c.kdef", "configmap \"c\" {\n  data = [}\n}\n"),
    ];
    stage.git("app", &files)?;
    stage.release("app", &json!({}))?;
    let first =
        "a.kdef:2:20: there is no variable `a` (declare it in vars.kdef: `variable \"a\" { type = ... }`)";
    let shown = [
        first,
        "a.kdef:2:31: there is no variable `b` (declare it in vars.kdef: `variable \"b\" { type = ... }`)",
        "b.kdef:2:3: `configmap` has no attribute `dato` (did you mean `data`?)",
        "b.kdef:3:25: `upper` takes 1 argument (it is called as `upper(str)`)",
        "b.kdef:3:35: division by zero",
    ];
    let more = [
        "c.kdef:2:10: this `[` is never closed (add the missing `]`)",
        "c.kdef:3:1: this `}` closes nothing (remove it, or look for a missing `{`)",
    ];
    stage.condition(
        "app",
        "False",
        &format!("{}\nand 2 more errors", shown.join("\n")),
    )?;
    let all = [shown.as_slice(), &more].concat().join("\n");
    stage.event("app", ["Warning", "BuildFailed"], |text| text == all)?;
    // kubectl cuts a cell at its first line.
    let row = stage.row("app")?;
    ensure!(row[1..3] == ["False", &format!("{first}...")], "{row:?}");
    Ok(())
}
