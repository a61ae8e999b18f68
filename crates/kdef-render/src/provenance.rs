//! Which line of `.kdef` an object, or a field of it, came from.

use kdef_source::Span;

/// The places that an object was written at: its block, and what is known of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    block: Span,
    fields: Vec<(String, Span)>,
}

impl Provenance {
    /// Starts the provenance of an object that a block renders.
    pub fn new(block: Span) -> Self {
        Self { block, fields: Vec::new() }
    }

    /// Records where a field was written. Paths are Kubernetes' own: `spec.template.spec.containers[0].image`.
    pub fn record(&mut self, path: impl Into<String>, span: Span) {
        self.fields.push((path.into(), span));
    }

    /// Returns the place of the block.
    pub fn block(&self) -> Span {
        self.block
    }

    /// Returns the place of the field, or of the nearest field around it, or of the block.
    pub fn lookup(&self, path: &str) -> Span {
        let around = self.fields.iter().filter(|(field, _)| covers(field, path));
        around.max_by_key(|(field, _)| field.len()).map_or(self.block, |(_, span)| *span)
    }
}

/// Tells whether `path` is `field` or lies inside it.
fn covers(field: &str, path: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kdef_source::SourceMap;

    #[test]
    fn the_nearest_recorded_field_answers() {
        let file = SourceMap::default().add("a.kdef", "");
        let span = |at| Span::new(file, at, at + 1);
        let mut provenance = Provenance::new(span(0));
        provenance.record("spec.template.spec.containers[0]", span(1));
        provenance.record("spec.template.spec.containers[0].image", span(2));
        provenance.record("spec.replicas", span(3));
        for (path, expected) in [
            ("spec.template.spec.containers[0].image", 2),
            ("spec.template.spec.containers[0].imagePullPolicy", 1),
            ("spec.template.spec.containers[0].env[3].name", 1),
            ("spec.template.spec.containers[01].image", 0),
            ("spec.replicas", 3),
            ("metadata.name", 0),
        ] {
            assert_eq!(provenance.lookup(path), span(expected), "{path}");
        }
    }
}
