//! Texts and JSON read back as they were written, and any text can be given as `raw` YAML or as values.
#![no_main]

use kdef_lang::{Inputs, ValuesFormat, ValuesSource};
use kdef_source::MemoryWorld;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const PATCHED: &str = r#"
configmap "a" {
  data = { a = "b" }
  raw  = file("patch.yaml")
}
deployment "a" {
  container "a" { image = "a:1" }
  service {
    port "80" "http" {}
  }
  raw = file("patch.yaml")
}
"#;

fuzz_target!(|text: &str| {
    kdef_fuzz::reads_back(&json!({ "text": text, "list": [text, [text]], "map": { text: text } }));
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        kdef_fuzz::reads_back(&value);
    }
    let files = [("app.kdef", PATCHED), ("patch.yaml", text)];
    let world = MemoryWorld::new(files).with_limits(kdef_fuzz::limits());
    kdef_fuzz::check(&kdef_render::build(&world, &Inputs::default()));
    let files = [(
        "app.kdef",
        "configmap \"a\" {\n  data = { a = \"${var.a}\" }\n}\n",
    )];
    let world = MemoryWorld::new(files).with_limits(kdef_fuzz::limits());
    for format in [ValuesFormat::Yaml, ValuesFormat::Json] {
        let values = ValuesSource {
            name: "values".to_owned(),
            text: text.to_owned(),
            format,
            sensitive: false,
        };
        let inputs = Inputs {
            values: vec![values],
            ..Inputs::default()
        };
        kdef_fuzz::check(&kdef_render::build(&world, &inputs));
    }
});
