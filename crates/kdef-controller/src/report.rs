//! What is told of a pass that went well.

use kdef_api::KdefRelease;
use kdef_cluster::Change;
use kdef_render::Rendered;
use kdef_source::{Severity, report};

use crate::decide::News;
use crate::mask::Mask;
use crate::reconcile::was_ready;
use crate::status::Findings;
use crate::text::listed;

/// How many objects an event lists.
const LISTED: usize = 100;

/// Returns the text of the event, or `None` when nothing happened that is worth one.
pub(crate) fn success(
    release: &KdefRelease,
    findings: &Findings,
    changes: &[Change],
    news: News,
) -> Option<String> {
    if changed(changes) == 0 && news != News::New && was_ready(release) {
        return None;
    }
    let revision = findings.revision.as_deref().unwrap_or_default();
    let lines: Vec<String> = changes
        .iter()
        .filter(|change| change.action.is_change())
        .map(ToString::to_string)
        .collect();
    let revision = format!("Applied revision: {revision}");
    if lines.is_empty() {
        return Some(revision);
    }
    Some(format!("{revision}\n{}", listed(&lines, LISTED, "objects")))
}

/// Returns how many objects were written or deleted.
pub(crate) fn changed(changes: &[Change]) -> usize {
    changes.iter().filter(|change| change.action.is_change()).count()
}

/// Logs the warnings of a render whose inputs are new.
pub(crate) fn warnings(rendered: &Rendered, news: News, mask: &Mask) {
    if news != News::New {
        return;
    }
    for warning in rendered
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Warning)
    {
        let text = report::short(warning, &rendered.sources);
        tracing::warn!("{}", mask.apply(&text));
    }
}

#[cfg(test)]
mod tests {
    use kdef_cluster::Action;
    use serde_json::json;

    use super::*;
    use crate::testing;

    fn change(object: &str, action: Action) -> Change {
        Change {
            object: object.to_owned(),
            action,
        }
    }

    #[test]
    fn only_what_happened_is_told() {
        let findings = Findings {
            revision: Some("main@sha1:a".to_owned()),
            ..Findings::default()
        };
        let mut ready = testing::release(&json!({}));
        let status = json!({ "conditions": [{ "type": "Ready", "status": "True" }] });
        ready.status = Some(serde_json::from_value(status).unwrap());
        let unchanged = [change("ConfigMap/a/b", Action::Unchanged)];
        assert_eq!(success(&ready, &findings, &unchanged, News::Nothing), None);
        assert_eq!(success(&ready, &findings, &unchanged, News::Again), None);
        let told = |release, changes: &[Change], news| success(release, &findings, changes, news).unwrap();
        assert_eq!(
            told(&ready, &unchanged, News::New),
            "Applied revision: main@sha1:a"
        );
        let healed = testing::release(&json!({}));
        assert_eq!(
            told(&healed, &unchanged, News::Again),
            "Applied revision: main@sha1:a"
        );
        let changes = [
            change("ConfigMap/a/b", Action::Created),
            change("ConfigMap/a/c", Action::Skipped),
            change("ConfigMap/a/d", Action::Deleted),
        ];
        assert_eq!(
            told(&ready, &changes, News::Nothing),
            "Applied revision: main@sha1:a\nConfigMap/a/b created\nConfigMap/a/d deleted"
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let changes: Vec<Change> = (0..150)
            .map(|n| change(&format!("ConfigMap/a/{n}"), Action::Created))
            .collect();
        let text = success(
            &testing::release(&json!({})),
            &Findings::default(),
            &changes,
            News::New,
        )
        .unwrap();
        assert_eq!(text.lines().count(), 102);
        assert!(text.ends_with("and 50 more objects"));
    }
}
