//! What a release takes from a Secret: it reaches the objects that ask for it, and is told to nobody.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Test;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[("a_secret_is_told_to_nobody", a_secret_is_told_to_nobody)];

/// What must not be seen. Messages quote, escape and cut texts: no part of one may be seen either.
const PARTS: [&str; 5] = [
    "alpha73915",
    "bravo82648",
    "charlie5527",
    "delta64182",
    "echo330517",
];

/// Returns a value that others write in different ways.
fn odd() -> String {
    let [one, two, three, four, five] = PARTS;
    format!("{one}\"{two}\\{three}\n{four}<{five}>")
}

/// Returns a value that is longer than what messages show of one line.
fn long() -> String {
    PARTS.join("-").repeat(90)
}

/// A project that cannot be applied because of the value of `var.password`.
struct Mistake {
    name: &'static str,
    /// The declared type of the variable.
    type_: &'static str,
    app: &'static str,
    reason: &'static str,
    /// What the condition says.
    message: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "number",
        type_: "number",
        app: "configmap \"a\" {}\n",
        reason: "BuildFailed",
        message: "number/vars.kdef:1:10: the value of `password` in `Secret/NAMESPACE/odd:values.json`: a number is \
                  required, and this text is not one",
    },
    Mistake {
        name: "enum",
        type_: "enum[a, b]",
        app: "configmap \"a\" {}\n",
        reason: "BuildFailed",
        message: "enum/vars.kdef:1:10: the value of `password` in `Secret/NAMESPACE/odd:values.json`: one of \"a\", \
                  \"b\" is required",
    },
    Mistake {
        name: "file",
        type_: "string",
        app: "configmap \"a\" {\n  data = { motd = file(var.password) }\n}\n",
        reason: "BuildFailed",
        message: "file/app.kdef:2:24: `*****`: the path holds a control character or a backslash",
    },
    Mistake {
        name: "image",
        type_: "string",
        app: "deployment \"web\" {\n  container \"web\" { image = image(var.password) }\n}\n",
        reason: "BuildFailed",
        message: "image/app.kdef:2:35: there is no image `*****` (give it in an `images` block: images { ***** = \
                  \"registry/name:tag\" })",
    },
    Mistake {
        name: "key",
        type_: "string",
        app: "configmap \"a\" {\n  data = { a = { key = \"x\" }[var.password] }\n}\n",
        reason: "BuildFailed",
        message: "key/app.kdef:2:30: there is no such key in this map (it has `key`)",
    },
    Mistake {
        name: "quantity",
        type_: "string",
        app: "deployment \"web\" {\n  container \"web\" {\n    image = \"web:1\"\n    resources { cpu = var.password }\n  }\n}\n",
        reason: "BuildFailed",
        message: "quantity/app.kdef:4:23: `cpu`: the text is no quantity; write it as `500m`, `0.5`, `256Mi` or `1Gi`",
    },
    // The API server quotes what it refuses. In YAML's single quotes a line break is a space.
    Mistake {
        name: "refused",
        type_: "string",
        app: REFUSED,
        reason: "ReconciliationFailed",
        message: "refused/app.kdef:7:11: Service/NAMESPACE/web dry-run failed (Invalid): Service \"web\" is invalid: \
                  spec.type: Unsupported value: \"*****\\\"*****\\\\***** *****\\u003c*****\\u003e\": supported values: \"ClusterIP\", \"ExternalName\", \
                  \"LoadBalancer\", \"NodePort\"",
    },
    Mistake {
        name: "secret",
        type_: "string",
        app: "secret \"a\" {\n  type = \"kubernetes.io/dockerconfigjson\"\n  data = { \".dockerconfigjson\" = \
              var.password }\n}\n",
        reason: "ReconciliationFailed",
        message: "secret/app.kdef:1:1: Secret/NAMESPACE/a dry-run failed (Invalid): data: the details are withheld, \
                  since they may quote the Secret",
    },
];

const REFUSED: &str = "deployment \"web\" {
  container \"web\" {
    image = \"web:1\"
    port \"80\" \"http\" {}
  }
  service {
    raw = <<-EOT
      spec:
        type: '${var.password}'
    EOT
  }
}
";

const GOOD: &str = "secret \"copy\" {\n  data = { password = var.password }\n}\n";

fn a_secret_is_told_to_nobody(bed: &Bed) -> Result<()> {
    let stage = bed.stage("secrecy")?;
    let revision = projects(&stage)?;
    secrets(&stage)?;
    for Mistake { name, .. } in MISTAKES {
        release(&stage, name, name, "odd", "values.json")?;
    }
    release(&stage, "refused-long", "refused", "long", "values.json")?;
    release(&stage, "json", "good", "odd", "broken.json")?;
    release(&stage, "yaml", "good", "odd", "broken.yaml")?;
    release(&stage, "good", "good", "odd", "values.json")?;

    for Mistake {
        name,
        reason,
        message,
        ..
    } in MISTAKES
    {
        told(&stage, name, reason, message)?;
    }
    let message = "refused/app.kdef:9:9: Service/NAMESPACE/web dry-run failed (Invalid): Service \"web\" is invalid: \
                   spec.type: Unsupported value: \"*****\": supported values: \"ClusterIP\", \"ExternalName\", \
                   \"LoadBalancer\", \"NodePort\"";
    told(&stage, "refused-long", "ReconciliationFailed", message)?;
    let message = "values in `Secret/NAMESPACE/odd:broken.json`: the text is not valid JSON: expected value, at line 1, \
                   column 14";
    told(&stage, "json", "ValuesFailed", message)?;
    let message =
        "values in `Secret/NAMESPACE/odd:broken.yaml`: the text is not valid YAML, at line 1, column 23";
    told(&stage, "yaml", "ValuesFailed", message)?;
    stage.applied("good", &revision)?;
    is_secret(&stage)
}

/// Makes the Secrets, each with values that can be read and values that cannot.
fn secrets(stage: &Stage<'_>) -> Result<()> {
    for (name, text) in [("odd", odd()), ("long", long())] {
        stage.apply(&json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": stage.namespace},
            "stringData": {
                "values.json": json!({"password": text}).to_string(),
                "broken.json": format!("{{\"password\": {text}}}"),
                "broken.yaml": format!("password: \"{text}\nx: ["),
            },
        }))?;
    }
    Ok(())
}

/// Commits the projects and returns their revision.
fn projects(stage: &Stage<'_>) -> Result<String> {
    let good = ("good", "string", GOOD);
    let mistakes = MISTAKES
        .iter()
        .map(|mistake| (mistake.name, mistake.type_, mistake.app));
    let files: Vec<_> = mistakes
        .chain([good])
        .flat_map(|(name, type_, app)| {
            let vars = format!("variable \"password\" {{\n  type = \"{type_}\"\n}}\n");
            [
                (format!("{name}/app.kdef"), app.to_owned()),
                (format!("{name}/vars.kdef"), vars),
            ]
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    Ok(stage.git("app", &files)?.1)
}

fn release(stage: &Stage<'_>, name: &str, path: &str, secret: &str, key: &str) -> Result<()> {
    let values = json!({"kind": "Secret", "name": secret, "key": key});
    stage.release(name, &json!({"path": path, "valuesFrom": values}))
}

/// Checks what the condition and the event say of a failure.
fn told(stage: &Stage<'_>, release: &str, reason: &str, message: &str) -> Result<()> {
    let message = message.replace("NAMESPACE", &stage.namespace);
    stage.condition(release, "False", &message)?;
    stage.event(release, ["Warning", reason], |text| text == message)?;
    Ok(())
}

/// Checks that the value is where it belongs, and nowhere else.
fn is_secret(stage: &Stage<'_>) -> Result<()> {
    let copy = stage.get("secret", "copy")?;
    let original = stage.get("secret", "odd")?;
    let encoded = copy["data"]["password"]
        .as_str()
        .context("the Secret has no password")?;
    let args = [
        "get",
        "secret",
        "copy",
        "-n",
        &stage.namespace,
        "-o",
        "go-template={{.data.password | base64decode}}",
    ];
    ensure!(stage.cluster().kubectl(&args)?.ok()? == odd());

    let values = original["data"]["values.json"].as_str().context("no values")?;
    let told = [
        (
            "status",
            Value::from(stage.list("kdefreleases", &[])?).to_string(),
        ),
        ("events", Value::from(stage.list("events", &[])?).to_string()),
        ("log", stage.with_controller(|controller| controller.log())?),
    ];
    for (place, text) in told {
        ensure!(text.contains(&stage.namespace), "nothing was told in the {place}");
        for part in PARTS.iter().chain([&encoded, &values]) {
            ensure!(!text.contains(part), "{part} stands in the {place}:\n{text}");
        }
    }
    Ok(())
}
