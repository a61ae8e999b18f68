//! From an artifact to rendered objects.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kdef_api::{KdefRelease, KdefReleaseSpec, Reason};
use kdef_lang::{Inputs, ValuesSource};
use kdef_render::Rendered;
use kdef_source::{Code, Diagnostic, Severity, SourceMap, VirtualPath, World, WorldError, report};

use crate::artifact::{ArtifactFiles, ArtifactWorld};
use crate::context::Context;
use crate::problem::{Problem, Retry};
use crate::text::listed;

/// How many errors the condition shows; the event shows all.
pub(super) const SHOWN: usize = 5;
/// How long after its deadline a render that does not look at the time is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// Renders the project of a release.
pub(super) async fn build(
    ctx: &Context,
    release: &KdefRelease,
    files: Arc<ArtifactFiles>,
    values: Option<ValuesSource>,
) -> Result<Rendered, Problem> {
    let started = Instant::now();
    let limit = ctx.settings.render_timeout;
    let world = ArtifactWorld::new(files, ctx.settings.render.clone(), started + limit);
    let dir = project_folder(&world, release.spec.path.as_deref().unwrap_or_default())?;
    // Nothing tells when the object that holds the values is put right, so that it is looked at again soon.
    let retry = if values.is_some() {
        Retry::Soon
    } else {
        Retry::AtInterval
    };
    let inputs = inputs(&release.spec, dir, values)?;
    let task = tokio::task::spawn_blocking(move || kdef_render::build(&world, &inputs));
    let rendered = match tokio::time::timeout(limit + GRACE, task).await {
        Ok(Ok(rendered)) => rendered,
        Ok(Err(error)) => {
            tracing::error!(%error, "rendering panicked");
            let text = "rendering failed with an internal error; the controller's log has the details";
            return Err(Problem::new(Reason::BuildFailed, text, Retry::AtInterval));
        }
        Err(_) => {
            let text = format!("rendering did not end within {limit:?}, the limit of --render-timeout");
            return Err(Problem::new(Reason::BuildFailed, text, Retry::AtInterval));
        }
    };
    ctx.metrics.rendered(started.elapsed());
    match failure(&rendered.diagnostics, &rendered.sources, retry) {
        Some(problem) => Err(problem),
        None => Ok(rendered),
    }
}

/// Returns the project's folder, which must be there. A leading `/` means the artifact's root, as it does for Flux.
fn project_folder(world: &ArtifactWorld, path: &str) -> Result<VirtualPath, Problem> {
    let refuse = |reason: &str| {
        let text = format!("spec.path {path:?} cannot be used: {reason}");
        Problem::new(Reason::ArtifactFailed, text, Retry::AtInterval)
    };
    let folder =
        VirtualPath::new(path.trim_start_matches('/')).map_err(|_| refuse("it leads out of the artifact"))?;
    match world.list(&folder) {
        Ok(_) => Ok(folder),
        Err(WorldError::NotFound) => Err(refuse(&format!(
            "the artifact has no such folder{}",
            root_folders(world)
        ))),
        Err(error) => Err(refuse(&error.to_string())),
    }
}

fn root_folders(world: &ArtifactWorld) -> String {
    let entries = world.list(&VirtualPath::root()).unwrap_or_default();
    let names: Vec<String> = entries.into_iter().map(|entry| entry.name).take(10).collect();
    if names.is_empty() {
        return "; it is empty".to_owned();
    }
    format!("; its root holds {}", names.join(", "))
}

fn inputs(spec: &KdefReleaseSpec, dir: VirtualPath, values: Option<ValuesSource>) -> Result<Inputs, Problem> {
    // The schema refuses such names too; this holds where an older schema is installed.
    let harmless = |env: &str| {
        env.chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            && !env.starts_with('.')
    };
    if let Some(env) = spec.env().filter(|env| !harmless(env)) {
        let text = format!("spec.env {env:?} is not the name of an environment");
        return Err(Problem::new(Reason::InvalidSpec, text, Retry::Never));
    }
    Ok(Inputs {
        dir,
        env: spec.env().map(str::to_owned),
        set: spec.set.clone().into_iter().collect(),
        set_origin: "spec.set".to_owned(),
        values: values.into_iter().collect(),
        ..Inputs::default()
    })
}

/// Returns the problem that the errors among the diagnostics make, if there are any.
fn failure(diagnostics: &[Diagnostic], sources: &SourceMap, retry: Retry) -> Option<Problem> {
    let errors: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect();
    if errors.is_empty() {
        return None;
    }
    let lines: Vec<String> = errors
        .iter()
        .map(|error| report::located(error, sources))
        .collect();
    let unreadable_values = errors.iter().any(|error| error.code == Code::InvalidValues);
    let reason = if unreadable_values {
        Reason::ValuesFailed
    } else {
        Reason::BuildFailed
    };
    Some(Problem {
        detail: Some(lines.join("\n")),
        ..Problem::new(reason, listed(&lines, SHOWN, "errors"), retry)
    })
}

#[cfg(test)]
mod tests {
    use kdef_source::Span;
    use serde_json::json;

    use super::*;
    use crate::testing::release;

    fn diagnostics(count: usize) -> (Vec<Diagnostic>, SourceMap) {
        let mut sources = SourceMap::default();
        let file = sources.add("apps/web.kdef", "a\n".repeat(count));
        let error = |line| {
            Diagnostic::error(
                Code::UnknownVariable,
                Span::new(file, 2 * line, 2 * line + 1),
                "no `a`",
            )
        };
        ((0..count).map(error).collect(), sources)
    }

    #[test]
    fn the_condition_shows_the_first_errors_and_the_event_all() {
        let (errors, sources) = diagnostics(7);
        let problem = failure(&errors, &sources, Retry::AtInterval).unwrap();
        assert_eq!(problem.reason, Reason::BuildFailed);
        assert!(
            problem
                .message
                .starts_with("apps/web.kdef:1:1: no `a`\napps/web.kdef:2:1: no `a`\n")
        );
        assert!(
            problem
                .message
                .ends_with("apps/web.kdef:5:1: no `a`\nand 2 more errors"),
            "{}",
            problem.message
        );
        assert_eq!(problem.event().lines().count(), 7);

        let (errors, sources) = diagnostics(1);
        let problem = failure(&errors, &sources, Retry::AtInterval).unwrap();
        assert_eq!(problem.message, "apps/web.kdef:1:1: no `a`");
    }

    #[test]
    fn warnings_are_no_failure_and_unreadable_values_have_their_own_reason() {
        let warning = Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(Code::UndefinedReference, None, "hm")
        };
        assert_eq!(failure(&[warning], &SourceMap::default(), Retry::Soon), None);
        let values = Diagnostic::error(Code::InvalidValues, None, "not JSON");
        let problem = failure(&[values], &SourceMap::default(), Retry::Soon).unwrap();
        assert_eq!(
            (problem.reason, problem.message.as_str(), problem.retry),
            (Reason::ValuesFailed, "not JSON", Retry::Soon)
        );
    }

    #[test]
    fn paths_stay_inside_and_say_what_there_is() {
        let mut files = ArtifactFiles::default();
        files.add_for_test("k8s/app.kdef", "");
        files.add_for_test("README.md", "");
        let deadline = Instant::now() + Duration::from_mins(1);
        let world = ArtifactWorld::new(Arc::new(files), kdef_source::Limits::default(), deadline);
        let folder = |path: &str| project_folder(&world, path).map_err(|problem| problem.message);
        for path in ["./k8s/", "k8s", "/k8s", "k8s/."] {
            assert_eq!(folder(path).unwrap().as_str(), "k8s", "{path}");
        }
        assert!(folder("").unwrap().is_root());
        assert!(folder("./").unwrap().is_root());
        for (path, expected) in [
            ("../..", "it leads out of the artifact"),
            ("k8s/../../etc", "it leads out of the artifact"),
            (
                "deploy",
                "the artifact has no such folder; its root holds README.md, k8s",
            ),
            ("README.md", "it is a file, not a folder"),
        ] {
            let message = folder(path).unwrap_err();
            assert!(message.ends_with(expected), "{message}");
        }
    }

    #[test]
    fn an_environment_cannot_name_a_path() {
        let spec = |env: &str| release(&json!({ "env": env })).spec;
        let of = |env: &str| inputs(&spec(env), VirtualPath::root(), None);
        assert_eq!(of("production").unwrap().env.as_deref(), Some("production"));
        assert_eq!(of("").unwrap().env, None);
        for env in ["../secret", "a/b", "..", ".hidden", "a\0b"] {
            assert_eq!(of(env).unwrap_err().reason, Reason::InvalidSpec, "{env:?}");
        }
    }
}
