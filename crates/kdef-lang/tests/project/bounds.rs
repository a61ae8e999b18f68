//! Hostile and unreadable input: every loop ends, and says which bound it reached.

use kdef_lang::{Inputs, compile};
use kdef_source::{Entry, EntryKind, Limits, MemoryWorld, VirtualPath, World, WorldError};

use crate::harness::{case, problems};

#[test]
fn expansion_is_bounded() {
    let million = "for \"a\" {\n  in = var.list\n  for \"b\" {\n    in = var.list\n    for \"c\" {\n      in = var.list\n      configmap \"c\" {}\n    }\n  }\n}\n";
    let list = format!("{{\"list\": [{}0]}}", "0,".repeat(999));
    case(million)
        .json(&list)
        .limits(|limits| limits.blocks = 100)
        .says(
            "
            app.kdef:7:7: error[K0902]: the project expands to more than 100 blocks, the limit of one run
        ",
        );
    case(million)
        .json(&list)
        .limits(|limits| limits.steps = 5_000)
        .says(
            "
            app.kdef:6:12: error[K0902]: evaluating the project takes more than the limit of 5000 steps
        ",
        );
    case(&million.replace("configmap \"c\" {}", ""))
        .json(&list)
        .limits(|limits| limits.steps = 50_000)
        .says(
            "
            app.kdef:6:12: error[K0902]: evaluating the project takes more than the limit of 50000 steps
        ",
        );
    case("configmap \"c\" {\n  data = { a = \"${var.x}${var.x}\" }\n}\n")
        .json(&format!("{{\"x\": \"{}\"}}", "a".repeat(800)))
        .limits(|limits| limits.text_bytes = 1_000)
        .says(
            "
            app.kdef:2:27: error[K0902]: the text is longer than the limit of 1000 bytes
        ",
        );
}

#[test]
fn files_are_bounded() {
    let many: String = (0..10)
        .map(|index| format!("--- f{index}.kdef\nconfigmap \"c{index}\" {{}}\n"))
        .collect();
    case(&many).limits(|limits| limits.files = 5).says(
        "
        error[K0902]: the project has more than 5 files, the limit of one run
    ",
    );
    case("configmap \"c\" {}\n")
        .limits(|limits| limits.file_bytes = 5)
        .says(
            "
            error[K0902]: `app.kdef` cannot be read: it is larger than the limit of 5 bytes
        ",
        );
    let deep = format!(
        "configmap \"c\" {{\n  data = {{ a = {}1{} }}\n}}\n",
        "(".repeat(3_000),
        ")".repeat(3_000)
    );
    assert!(problems(&case(&deep).compile()).contains("K0108"));
}

#[test]
fn a_folder_that_is_not_there_is_reported() {
    case("configmap \"c\" {}\n").dir("nowhere").says(
        "
        error[K0901]: `nowhere` cannot be read: no such file or folder
    ",
    );
    case("configmap \"c\" {}\n").dir("app.kdef").says(
        "
        error[K0901]: `app.kdef` cannot be read: it is a file, not a folder
    ",
    );
    case("").says("");
}

/// A world in which some paths are symbolic links, and some files no text.
struct Odd(MemoryWorld);

impl World for Odd {
    fn read(&self, path: &VirtualPath) -> Result<std::sync::Arc<[u8]>, WorldError> {
        match path.file_name() {
            Some("link.kdef") => Err(WorldError::SymbolicLink),
            Some("binary.kdef") => Ok([b'a', b'\n', 0xff, 0xfe].as_slice().into()),
            Some("denied.kdef") => Err(WorldError::Io("permission denied".to_owned())),
            _ => self.0.read(path),
        }
    }

    fn list(&self, folder: &VirtualPath) -> Result<Vec<Entry>, WorldError> {
        if folder.file_name() == Some("linked") {
            return Err(WorldError::SymbolicLink);
        }
        let mut entries = self.0.list(folder)?;
        let extra = [
            ("link.kdef", EntryKind::Link),
            ("other-link", EntryKind::Link),
            ("binary.kdef", EntryKind::File),
            ("denied.kdef", EntryKind::File),
        ];
        if folder.is_root() {
            entries.extend(extra.map(|(name, kind)| Entry {
                name: name.to_owned(),
                kind,
            }));
        }
        Ok(entries)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.0.env(name)
    }

    fn limits(&self) -> &Limits {
        self.0.limits()
    }
}

#[test]
fn what_cannot_be_read_is_reported() {
    let root = "deployments = { a = { path = \"linked\" }, b = {} }\n";
    let world = Odd(MemoryWorld::new([
        ("root.kdef", root),
        (
            "b/x.kdef",
            "configmap \"c\" {\n  namespace = \"n\"\n  data = { a = var.unknown }\n}\n",
        ),
    ]));
    let said = problems(&compile(&world, &Inputs::default()));
    let expected = "\
error[K0901]: `link.kdef` cannot be read: it is or lies behind a symbolic link, which kdef does not follow
error[K0901]: `denied.kdef` cannot be read: permission denied
root.kdef:1:30: error[K0901]: entry `a`: `linked` cannot be read: it is or lies behind a symbolic link, which kdef does not follow
binary.kdef:2:1: error[K0107]: the file is not UTF-8 text from here on
  save it as UTF-8
b/x.kdef:3:20: error[K0201]: there is no variable `unknown`
  declare it in vars.kdef: `variable \"unknown\" { type = ... }`
";
    assert_eq!(said, expected);
}

const EVERY_KIND_OF_FILE: [(&str, &str); 5] = [
    (
        "root.kdef",
        "env = \"live\"\nnamespaces = [\"n-${kdef.env}\"]\nset = { a = \"1\" }\nservice_account \"s\" {\n  image_pull_secrets = [\"p\"]\n}\ningress_defaults {\n  tls = true\n  annotations = { \"a.example\" = { b = 1 } }\n}\ndeployments = {\n  web = { path = \"web\", namespace = \"n-live\", service_account = \"s\", set = { a = \"2\" } }\n}\n",
    ),
    (
        "vars.kdef",
        "import = [\"shared/v.txt\"]\nvariable \"a\" {\n  type    = \"enum[1, 2]\"\n  default = \"1\"\n}\nvariable \"l\" {\n  type    = list(string)\n  default = [\"x\", \"y\"]\n}\nimages {\n  web = \"web:1\"\n}\n",
    ),
    (
        "shared/v.txt",
        "variable \"b\" {\n  type = any\n  default = null\n}\n",
    ),
    (
        "environments/live.kdef",
        "use_vars {\n  l = [\"z\"]\n}\noverride \"app\" \"web-z\" {\n  container \"app\" {\n    env {\n      A = var.a\n    }\n  }\n}\n",
    ),
    (
        "web/app.kdef",
        "for \"i, x\" {\n  in = var.l\n  deployment \"web-${x}\" {\n    scale {\n      replicas = i + 1\n    }\n    container \"app\" {\n      image = image(\"web\")\n      port \"80\" \"http\" { ready = \"/\" }\n      env = { for k in [\"B\"] : k => secret(\"s\", \"k\") }\n      volume \"v\" {\n        mount_path = \"/v\"\n        config_map = \"c\"\n      }\n    }\n    service {}\n    ingress {\n      host = \"${x}.example\"\n    }\n  }\n}\nif {\n  condition = var.b == null\n  configmap \"c\" {\n    data = { a = <<-EOT\n      text %{ if true }x%{ endif }\n    EOT\n    }\n  }\n} else {\n  secret \"s\" {}\n}\n",
    ),
];

#[test]
fn every_prefix_of_every_file_compiles() {
    let whole = compile(&MemoryWorld::new(EVERY_KIND_OF_FILE), &Inputs::default());
    assert!(
        !kdef_source::has_errors(&whole.diagnostics),
        "{}",
        problems(&whole)
    );
    assert_eq!(whole.project.blocks.len(), 2);
    for (index, (_, text)) in EVERY_KIND_OF_FILE.iter().enumerate() {
        for end in 0..text.len() {
            let mut files = EVERY_KIND_OF_FILE;
            files[index].1 = &text[..end];
            let compiled = compile(&MemoryWorld::new(files), &Inputs::default());
            let repeated = compile(&MemoryWorld::new(files), &Inputs::default());
            assert_eq!(problems(&compiled), problems(&repeated));
        }
    }
}

/// Each folder holds the variables that it sees, so that passing them on takes from the budget.
#[test]
fn passing_variables_on_is_bounded() {
    let variables = |count: usize| {
        let declare =
            |number| format!("variable \"v{number}\" {{\n  type    = string\n  default = \"\"\n}}\n");
        (0..count).map(declare).collect::<String>()
    };
    let entries: String = (0..50)
        .map(|number| format!("  e{number} = {{ path = \"web\" }}\n"))
        .collect();
    let project = |count| {
        format!(
            "--- vars.kdef\n{}--- root.kdef\ndeployments = {{\n{entries}}}\n--- web/app.kdef\nimages {{}}\n",
            variables(count)
        )
    };
    case(&project(10)).limits(|limits| limits.steps = 5_000).says("");
    case(&project(100)).limits(|limits| limits.steps = 5_000).says(
        "
        vars.kdef:1:10: error[K0902]: evaluating the project takes more than the limit of 5000 steps
    ",
    );
    let imports = "\"v.kdef\", ".repeat(100);
    case(&format!(
        "--- vars.kdef\nimport = [{imports}]\n--- v.kdef\n{}",
        variables(100)
    ))
    .limits(|limits| limits.steps = 5_000)
    .says(
        "
            v.kdef:1:10: error[K0902]: evaluating the project takes more than the limit of 5000 steps
        ",
    );
}
