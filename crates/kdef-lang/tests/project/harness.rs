//! One call for all cases: files in, blocks or diagnostics out, as text.

use std::fmt::Write;

use kdef_lang::schema::{AttributeType, FreeForm};
use kdef_lang::value::{ReferenceKind, Value};
use kdef_lang::{Block, Compiled, Inputs, ValuesFormat, ValuesSource, VarsFile, compile};
use kdef_source::{Diagnostic, Limits, MemoryWorld, SourceMap, report};

/// A project, and what it is rendered with.
pub(crate) struct Case {
    files: String,
    inputs: Inputs,
    env: Vec<(&'static str, &'static str)>,
    limits: Limits,
}

/// Starts a case from files, each after a line `--- path`; what stands before the first such line is `app.kdef`.
pub(crate) fn case(files: &str) -> Case {
    Case {
        files: files.to_owned(),
        inputs: Inputs::default(),
        env: Vec::new(),
        limits: Limits::default(),
    }
}

impl Case {
    pub(crate) fn dir(mut self, dir: &str) -> Self {
        self.inputs.dir = kdef_source::VirtualPath::new(dir).unwrap();
        self
    }

    pub(crate) fn env(mut self, name: &str) -> Self {
        self.inputs.env = Some(name.to_owned());
        self
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.inputs.set.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn only(mut self, name: &str) -> Self {
        self.inputs.only.push(name.to_owned());
        self
    }

    pub(crate) fn json(self, text: &str) -> Self {
        self.values("values.json", text, ValuesFormat::Json, false)
    }

    pub(crate) fn yaml(self, text: &str) -> Self {
        self.values("values.yaml", text, ValuesFormat::Yaml, false)
    }

    pub(crate) fn secret_values(self, text: &str, format: ValuesFormat) -> Self {
        self.values("Secret/values", text, format, true)
    }

    fn values(mut self, name: &str, text: &str, format: ValuesFormat, sensitive: bool) -> Self {
        self.inputs.values.push(ValuesSource {
            name: name.to_owned(),
            text: text.to_owned(),
            format,
            sensitive,
        });
        self
    }

    pub(crate) fn vars_from(mut self, name: &str, text: &str) -> Self {
        self.inputs.vars_from.push(VarsFile {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        self
    }

    pub(crate) fn process_env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    pub(crate) fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub(crate) fn compile(&self) -> Compiled {
        let files = split(&self.files);
        let mut world = MemoryWorld::new(files.iter().map(|(path, text)| (*path, text.as_str())));
        for (name, value) in &self.env {
            world = world.with_env(name, value);
        }
        compile(&world.with_limits(self.limits.clone()), &self.inputs)
    }

    /// Asserts the blocks that come out, without any diagnostic.
    #[track_caller]
    pub(crate) fn gives(&self, expected: &str) {
        let compiled = self.compile();
        assert_eq!(problems(&compiled), "", "diagnostics of\n{}", self.files);
        assert_text(&outline(&compiled), expected, &self.files);
    }

    /// Asserts the diagnostics: a line for each, with its hints and related places indented below it.
    #[track_caller]
    pub(crate) fn says(&self, expected: &str) {
        let compiled = self.compile();
        assert_text(&problems(&compiled), expected, &self.files);
    }
}

#[track_caller]
fn assert_text(actual: &str, expected: &str, files: &str) {
    let expected = undent(expected);
    assert!(
        actual.trim_end() == expected.trim_end(),
        "of\n{files}\nexpected\n{expected}\ngot\n{actual}"
    );
}

/// Removes the first line break and the indentation of the first line from all lines.
fn undent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let indent = text.len() - text.trim_start_matches(' ').len();
    let lines = text
        .lines()
        .map(|line| line.get(indent..).unwrap_or(line.trim_start()));
    lines.collect::<Vec<_>>().join("\n")
}

fn split(files: &str) -> Vec<(&str, String)> {
    let mut split: Vec<(&str, String)> = Vec::new();
    for line in files.strip_prefix('\n').unwrap_or(files).lines() {
        if let Some(path) = line.strip_prefix("--- ") {
            split.push((path, String::new()));
            continue;
        }
        if split.is_empty() {
            split.push(("app.kdef", String::new()));
        }
        let (_, text) = split.last_mut().unwrap();
        text.push_str(line);
        text.push('\n');
    }
    split
}

pub(crate) fn problems(compiled: &Compiled) -> String {
    let mut text = String::new();
    for problem in &compiled.diagnostics {
        describe(problem, &compiled.sources, &mut text);
    }
    text
}

fn describe(problem: &Diagnostic, sources: &SourceMap, text: &mut String) {
    writeln!(text, "{}", report::short(problem, sources)).unwrap();
    for related in &problem.related {
        writeln!(text, "  {}: {}", sources.locate(related.span), related.message).unwrap();
    }
    for hint in &problem.hints {
        writeln!(text, "  {hint}").unwrap();
    }
}

fn outline(compiled: &Compiled) -> String {
    let mut text = String::new();
    let project = &compiled.project;
    let declared = project.namespaces.iter().chain(&project.service_accounts);
    for block in declared.chain(&project.blocks) {
        outline_block(block, 0, &mut text);
    }
    text
}

fn outline_block(block: &Block, depth: usize, text: &mut String) {
    let schema = block.schema();
    let indent = "  ".repeat(depth);
    write!(text, "{indent}{}", block.kind()).unwrap();
    for index in 0..schema.labels.len() {
        write!(text, " {}", block.label(index)).unwrap();
    }
    for attribute in schema
        .all_attributes()
        .filter(|attribute| block.is_set(attribute.name))
    {
        write!(
            text,
            " {}={}",
            attribute.name,
            content(block, attribute.name, &attribute.ty)
        )
        .unwrap();
    }
    if schema.free_form == Some(FreeForm::Json) {
        for (name, entry) in block.entries() {
            write!(text, " {name}={:?}", entry.value.value).unwrap();
        }
    }
    if schema.free_form == Some(FreeForm::TextOrReference) {
        for (name, entry) in block.entries() {
            write!(text, " {name}={}", entry_text(&entry.value.value)).unwrap();
        }
    }
    text.push('\n');
    for inner in block.blocks() {
        outline_block(inner, depth + 1, text);
    }
}

fn content(block: &Block, name: &str, ty: &AttributeType) -> String {
    match ty {
        AttributeType::Text(_) | AttributeType::Words(_) => block.text(name).unwrap().to_owned(),
        AttributeType::Bool => block.flag(name).unwrap().to_string(),
        AttributeType::Integer { .. } => block.integer(name).unwrap().to_string(),
        AttributeType::TextList(_) => {
            let items: Vec<&str> = block
                .list(name)
                .unwrap()
                .iter()
                .map(|item| &*item.value)
                .collect();
            format!("[{}]", items.join(","))
        }
        AttributeType::TextMap(_) | AttributeType::Annotations => {
            let map = block.map(name).unwrap().iter();
            let entries: Vec<String> = map.map(|(key, value)| format!("{key}:{}", value.value)).collect();
            format!("{{{}}}", entries.join(","))
        }
        AttributeType::Any => format!("{:?}", block.value(name).unwrap()),
    }
}

fn entry_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Reference(reference) => match reference.kind() {
            ReferenceKind::Secret { name, key } => format!("secret({name},{key})"),
            ReferenceKind::ConfigMap { name, key } => format!("configmap({name},{key})"),
            ReferenceKind::Field { path } => format!("field({path})"),
        },
        other => panic!("an environment variable holds {other:?}"),
    }
}
