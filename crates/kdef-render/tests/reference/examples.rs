//! Examples: fenced blocks that are executed.
//!
//! A `kdef` block is a file, `app.kdef` unless the fence names another, as in `kdef vars.kdef`; so is any block whose
//! fence has a path. The files up to the first output are one project, and a heading ends it. The outputs that follow are
//! `yaml`, the objects that it renders (`kind=Service` shows one kind only), and `text`, what is reported as a terminal
//! shows it; `env=...` and `set=name=value` on an output say what the project is rendered with. Files before a `console`
//! block belong to the tests of the command line, and every other block is left alone. What a reader need not see stands
//! in an HTML comment.

use kdef_lang::Inputs;
use kdef_render::{Rendered, build, yaml};
use kdef_source::{MemoryWorld, has_errors};

use crate::Outcome;
use crate::fences::{Fence, Segment};
use crate::report::report;

/// A project as far as it has been read.
#[derive(Default)]
struct Example {
    files: Vec<(String, String)>,
    has_output: bool,
    /// What was found wrong and no `text` block has shown.
    untold: String,
}

/// Runs all examples of a page, and returns the page with the outputs as they are. An example without an output gets one.
pub(crate) fn run(page: Vec<Segment>) -> Outcome<Vec<Segment>> {
    let mut done = Vec::new();
    let mut open = Example::default();
    for segment in page {
        match segment {
            Segment::Line(line) => {
                if line.starts_with('#') {
                    close(&mut open, &mut done)?;
                }
                done.push(Segment::Line(line));
            }
            Segment::Fence(fence) if fence.is_input() => {
                if open.has_output {
                    close(&mut open, &mut done)?;
                }
                let path = fence.path.clone().unwrap_or_else(|| "app.kdef".to_owned());
                open.files.push((path, fence.text.clone()));
                done.push(Segment::Fence(fence));
            }
            Segment::Fence(fence) if fence.is_output() && !open.files.is_empty() => {
                done.push(Segment::Fence(open.output(fence)?));
            }
            Segment::Fence(fence) => {
                if fence.language == "console" {
                    open = Example::default();
                }
                done.push(Segment::Fence(fence));
            }
        }
    }
    close(&mut open, &mut done)?;
    Ok(done)
}

/// Ends an example: what it should have shown and did not is put behind its last fence.
fn close(open: &mut Example, done: &mut Vec<Segment>) -> Outcome<()> {
    let example = std::mem::take(open);
    if example.files.is_empty() || (example.has_output && example.untold.is_empty()) {
        return Ok(());
    }
    let missing = if example.has_output {
        Fence::new("text", example.untold)
    } else {
        let rendered = example.render(&Fence::new("text", String::new()));
        let language = if has_errors(&rendered.diagnostics) {
            "text"
        } else {
            "yaml"
        };
        Example {
            untold: String::new(),
            ..example
        }
        .output(Fence::new(language, String::new()))?
    };
    let last = done
        .iter()
        .rposition(|segment| matches!(segment, Segment::Fence(_)));
    let place = last.map_or(done.len(), |last| last + 1);
    done.splice(
        place..place,
        [Segment::Line("\n".to_owned()), Segment::Fence(missing)],
    );
    Ok(())
}

impl Fence {
    fn is_input(&self) -> bool {
        self.language == "kdef" || self.path.is_some()
    }

    fn is_output(&self) -> bool {
        matches!(self.language.as_str(), "yaml" | "text")
    }
}

impl Example {
    /// Runs the project as an output asks, and returns the output as it should be.
    fn output(&mut self, mut fence: Fence) -> Outcome<Fence> {
        let rendered = self.render(&fence);
        let report = report(&rendered);
        self.has_output = true;
        if fence.language == "text" {
            if report.is_empty() {
                return Err(format!("an example reports nothing:\n{}", self.shown()).into());
            }
            self.untold.clear();
            fence.text = report;
            return Ok(fence);
        }
        if has_errors(&rendered.diagnostics) {
            return Err(format!("an example has errors:\n{}\n{report}", self.shown()).into());
        }
        self.untold = report;
        let kind = fence.option("kind");
        let objects = rendered.objects.iter();
        fence.text = yaml::stream(objects.filter(|object| kind.is_none_or(|kind| kind == object.kind)));
        Ok(fence)
    }

    fn render(&self, output: &Fence) -> Rendered {
        let files = self.files.iter();
        let world = MemoryWorld::new(files.map(|(path, text)| (path.as_str(), text.as_str())));
        let set = output.options.iter().filter(|(name, _)| name == "set");
        let set = set.filter_map(|(_, given)| given.split_once('='));
        let inputs = Inputs {
            env: output.option("env").map(str::to_owned),
            set: set
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..Inputs::default()
        };
        build(&world, &inputs)
    }

    fn shown(&self) -> String {
        let files = self.files.iter();
        let shown: Vec<String> = files.map(|(path, text)| format!("# {path}\n{text}")).collect();
        shown.concat()
    }
}
