mod bounds;
mod messages;

use std::sync::Arc;

use kdef_source::{Code, MemoryWorld, SourceMap, Span, Spanned, VirtualPath, World};

use super::*;
use crate::eval::{Budget, Evaluator, Images, Place, Scope};

/// Calls a function as a file in `app` does; the outcome is the value, or `code: message` and the hints.
fn call(text: &str, world: &MemoryWorld) -> Result<Value, (String, Vec<String>)> {
    let images = Images::from([
        ("web".into(), "registry.example.com/web:1".into()),
        ("web-api".into(), "registry/web-api:1".into()),
        ("worker".into(), "registry/worker:2".into()),
    ]);
    let folder = VirtualPath::new("app").unwrap();
    let scope = Scope::new(Arc::new(Place {
        folder,
        images,
        images_incomplete: false,
    }));
    let mut sources = SourceMap::default();
    let text = format!("value = {text}\n");
    let file = sources.add("test.kdef", text.as_str());
    let parse = kdef_syntax::parse(file, &text);
    let budget = Budget::new(world.limits());
    let mut evaluator = Evaluator::new(world, &budget);
    let value = evaluator.evaluate(&parse.body.attributes().next().unwrap().value, &scope);
    match evaluator.into_diagnostics().pop() {
        Some(it) => Err((format!("{}: {}", it.code, it.message), it.hints)),
        None => Ok(value),
    }
}

#[test]
fn the_table_is_sorted_and_documented() {
    let names: Vec<&str> = names().collect();
    assert!(names.is_sorted());
    for function in ALL {
        let name = function.name;
        assert!(
            function.doc.ends_with('.') && !function.doc.contains(". "),
            "{name}"
        );
        assert!(
            function.notes.is_empty() || function.notes.ends_with('.'),
            "{name}"
        );
        assert!(std::ptr::eq(find(name).unwrap(), function));
        assert!(Group::ALL.contains(&function.group), "{name}");
    }
}

#[test]
fn the_examples_give_what_they_say() {
    let world = MemoryWorld::new([
        ("app/greeting.txt", "Hello, World!\n"),
        ("app/greeting.tftpl", "Hello, ${name}!\n"),
    ]);
    for function in ALL {
        let examples = function.examples;
        assert!(!examples.is_empty(), "{}", function.name);
        for (expression, expected) in examples {
            assert!(
                expression.contains(&format!("{}(", function.name)),
                "{expression}"
            );
            let value = call(expression, &world).unwrap_or_else(|error| panic!("{expression}: {error:?}"));
            let expected: serde_json::Value =
                serde_json::from_str(expected).unwrap_or_else(|error| panic!("{expression}: {error}"));
            assert_eq!(
                value.to_json(),
                Value::from_json(&expected).unwrap().to_json(),
                "{expression}"
            );
        }
    }
}

#[test]
fn images_are_looked_up() {
    let world = MemoryWorld::default();
    assert_eq!(call(r#"image("worker")"#, &world), Ok("registry/worker:2".into()));
    for (text, message, hint) in [
        (
            "image(\"workr\")",
            "K0204: there is no image `workr`",
            "did you mean `worker`?",
        ),
        (
            "image(\"db\")",
            "K0204: there is no image `db`",
            "give it in an `images` block: images { db = \"registry/name:tag\" }",
        ),
    ] {
        assert_eq!(
            call(text, &world),
            Err((message.to_owned(), vec![hint.to_owned()]))
        );
    }
}

#[test]
fn references_keep_what_they_refer_to_and_where() {
    let world = MemoryWorld::default();
    for (text, shown) in [
        (r#"secret("db", "password")"#, r#"secret("db", "password")"#),
        (r#"configmap("app", 1)"#, r#"configmap("app", "1")"#),
        (r#"field_ref("metadata.name")"#, r#"field_ref("metadata.name")"#),
        (r#""${secret("db", "password")}""#, r#"secret("db", "password")"#),
    ] {
        let value = call(text, &world).unwrap();
        assert_eq!(format!("{value:?}"), shown);
        let span = value.as_reference().unwrap().span();
        let before = "value = ".len() + usize::from(text.starts_with('"')) * "\"${".len();
        assert_eq!(span.start as usize, before, "{text}");
    }
    assert_eq!(
        call(r#"secret("a", "b") == secret("a", "b")"#, &world),
        Ok(true.into())
    );
    assert_eq!(
        call(r#"secret("a", "b") == configmap("a", "b")"#, &world),
        Ok(false.into())
    );
}

#[test]
fn files_are_read_inside_the_project_only() {
    let long = "x".repeat(2_000);
    let world = MemoryWorld::new([
        ("app/config/app.yaml", "a: 1\n"),
        ("shared.txt", "shared"),
        ("app/long.txt", &long),
    ])
    .with_limits(kdef_source::Limits {
        text_bytes: 1_000,
        ..kdef_source::Limits::default()
    });
    assert_eq!(call(r#"file("config/app.yaml")"#, &world), Ok("a: 1\n".into()));
    assert_eq!(call(r#"file("./../shared.txt")"#, &world), Ok("shared".into()));
    for (path, message) in [
        (
            "../../etc/passwd",
            "K0414: `../../etc/passwd`: the path leads out of the project",
        ),
        (
            "/etc/passwd",
            "K0414: `/etc/passwd`: the path is absolute; write it relative to the project",
        ),
        (
            "config",
            "K0901: `app/config` cannot be read: it is a folder, not a file",
        ),
        (
            "config/ap.yaml",
            "K0901: `app/config/ap.yaml` cannot be read: no such file or folder",
        ),
        (
            "long.txt",
            "K0902: `app/long.txt` is longer than the limit of 1000 bytes for one text",
        ),
    ] {
        let error = call(&format!("file(\"{path}\")"), &world).map_err(|(message, _)| message);
        assert_eq!(error, Err(message.to_owned()));
    }
    let (_, hints) = call(r#"file("config/ap.yaml")"#, &world).unwrap_err();
    assert_eq!(hints, ["did you mean `app.yaml`?"]);
}

/// A world whose one file is not text.
struct Binary(MemoryWorld);

impl World for Binary {
    fn read(&self, _: &VirtualPath) -> Result<Arc<[u8]>, kdef_source::WorldError> {
        Ok(Arc::from([0xff, 0xfe].as_slice()))
    }

    fn list(&self, folder: &VirtualPath) -> Result<Vec<kdef_source::Entry>, kdef_source::WorldError> {
        self.0.list(folder)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.0.env(name)
    }

    fn limits(&self) -> &kdef_source::Limits {
        self.0.limits()
    }
}

#[test]
fn files_must_be_text() {
    let mut sources = SourceMap::default();
    let span = Span::new(sources.add("test.kdef", "x"), 0, 1);
    let (world, place) = (Binary(MemoryWorld::default()), Place::default());
    let budget = Budget::new(world.limits());
    let context = CallContext {
        function: &files::FILE,
        arguments: &[Spanned::new("logo.png".into(), span)],
        span,
        world: &world,
        place: &place,
        budget: &budget,
    };
    let Implementation::Values(file) = files::FILE.call else {
        panic!("it computes with values")
    };
    let Err(Stop::Mistake(error)) = file(&context) else {
        panic!("the file is no text")
    };
    assert_eq!(error.code, Code::NotUtf8);
    assert_eq!(error.message, "`logo.png` is not UTF-8 text");
}
