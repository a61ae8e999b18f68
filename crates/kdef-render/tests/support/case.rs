//! A case on the disk: the files of a project, and what it is rendered with.

use std::fs;
use std::path::Path;

use kdef_lang::{Inputs, ValuesFormat, ValuesSource};
use kdef_source::{Limits, MemoryWorld, VirtualPath};
use serde_json::Value;

use crate::Outcome;

/// Reads a folder as a world. `inputs.json`, which is part of the case and not of the project, may set its `limits`.
pub(crate) fn world(folder: &Path) -> Outcome<MemoryWorld> {
    let mut world = MemoryWorld::default();
    collect(folder, folder, &mut world)?;
    Ok(world.with_limits(limits(&given(folder)?)))
}

fn collect(root: &Path, folder: &Path, world: &mut MemoryWorld) -> Outcome<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, world)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy();
            *world = std::mem::take(world).with_file(&name, fs::read(&path)?);
        }
    }
    Ok(())
}

/// Reads what `inputs.json` of a folder says: `dir`, `env`, `set` and `values` (objects), and `only` (a list).
pub(crate) fn inputs(folder: &Path) -> Outcome<Inputs> {
    let given = given(folder)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let set = given["set"].as_object().into_iter().flatten();
    let values = given["values"].as_object().map(|_| ValuesSource {
        name: "values.json".to_owned(),
        text: given["values"].to_string(),
        format: ValuesFormat::Json,
        sensitive: false,
    });
    Ok(Inputs {
        dir: VirtualPath::new(given["dir"].as_str().unwrap_or_default()).unwrap_or_default(),
        env: given["env"].as_str().map(str::to_owned),
        set: set.map(|(name, value)| (name.clone(), text(value))).collect(),
        values: values.into_iter().collect(),
        only: given["only"].as_array().into_iter().flatten().map(text).collect(),
        ..Inputs::default()
    })
}

fn given(folder: &Path) -> Outcome<Value> {
    let path = folder.join("inputs.json");
    Ok(if path.exists() {
        serde_json::from_slice(&fs::read(path)?)?
    } else {
        Value::Null
    })
}

fn limits(given: &Value) -> Limits {
    let default = Limits::default();
    let bound = |name: &str, default: usize| {
        let given = given["limits"][name].as_u64();
        given.and_then(|given| given.try_into().ok()).unwrap_or(default)
    };
    Limits {
        file_bytes: bound("file_bytes", default.file_bytes),
        files: bound("files", default.files),
        project_depth: bound("project_depth", default.project_depth),
        steps: given["limits"]["steps"].as_u64().unwrap_or(default.steps),
        text_bytes: bound("text_bytes", default.text_bytes),
        blocks: bound("blocks", default.blocks),
        objects: bound("objects", default.objects),
    }
}
