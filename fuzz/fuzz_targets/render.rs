//! A whole project renders, or is explained. What is rendered is rendered the same again, and reads back.
//!
//! The input is a page as those of `docs/reference`: fenced `kdef` blocks are files, `app.kdef` unless the fence names
//! another. A text without any is `app.kdef`.
#![no_main]

use std::collections::BTreeMap;

use kdef_lang::Inputs;
use kdef_source::MemoryWorld;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &str| {
    let files = files(page);
    let texts = files.iter().map(|(path, text)| (*path, text.as_str()));
    let world = MemoryWorld::new(texts)
        .with_env("HOME", "/home")
        .with_limits(kdef_fuzz::limits());
    let environment = files
        .keys()
        .find_map(|path| path.strip_prefix("environments/")?.strip_suffix(".kdef"));
    for env in [None, environment] {
        let inputs = Inputs {
            env: env.map(str::to_owned),
            ..Inputs::default()
        };
        let rendered = kdef_render::build(&world, &inputs);
        kdef_fuzz::check(&rendered);
        let again = kdef_render::build(&world, &inputs);
        assert_eq!(rendered.diagnostics, again.diagnostics);
        assert_eq!(
            kdef_render::yaml::stream(&rendered.objects),
            kdef_render::yaml::stream(&again.objects)
        );
    }
});

fn files(page: &str) -> BTreeMap<&str, String> {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut open: Option<&str> = None;
    for line in page.split_inclusive('\n') {
        match (line.strip_prefix("```"), open) {
            (Some(_), Some(_)) => open = None,
            (Some(fence), None) => {
                let mut words = fence.split_ascii_whitespace();
                let is_file = words.next() == Some("kdef");
                open = is_file.then(|| words.next().unwrap_or("app.kdef"));
            }
            (None, Some(path)) => files.entry(path).or_default().push_str(line),
            (None, None) => {}
        }
    }
    if files.is_empty() {
        files.insert("app.kdef", page.to_owned());
    }
    files
}
