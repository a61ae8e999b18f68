//! What the project refers to: its own objects, files, environment variables.

use crate::harness::case;

#[test]
fn references_are_held_against_what_is_defined() {
    case(
        r#"
--- root.kdef
deployments = { web = { namespace = "a" }, other = { namespace = "b" } }
--- beside.kdef
secret "shared" {
  namespace = "a"
}
--- web/app.kdef
deployment "web" {
  image_pull_secrets = ["not-checked"]
  volume "pod" {
    mount_path = "/p"
    pvc        = "claim"
  }
  container "app" {
    image = "x"
    env {
      A = secret("shared", "k")
      B = secret("only-b", "k")
      C = configmap("settngs", "k")
      D = field_ref("metadata.name")
      E = false ? secret("untaken", "k") : secret("nowhere", "k")
    }
    env_from {
      secret     = "shared"
      config_map = "shared"
    }
    volume "v" {
      mount_path = "/v"
      config_map = "settings"
    }
  }
  ingress {
    host       = "a.example"
    tls        = true
    tls_secret = "not-checked"
  }
}
configmap "settings" {}
--- other/app.kdef
secret "only-b" {}
"#,
    )
    .says("
        web/app.kdef:5:18: warning[K0701]: the project defines no persistentvolumeclaim `claim` in namespace `a`
          if something else creates it, list it in a block `external`
        web/app.kdef:11:11: warning[K0701]: the project defines no secret `only-b` in namespace `a`
          there is one in namespace `b`
        web/app.kdef:12:11: warning[K0701]: the project defines no configmap `settngs` in namespace `a`
          did you mean `settings`?
        web/app.kdef:14:44: warning[K0701]: the project defines no secret `nowhere` in namespace `a`
          if something else creates it, list it in a block `external`
        web/app.kdef:17:20: error[K0308]: `env_from` names both a configmap and a secret
          web/app.kdef:18:20: the configmap
          write an `env_from` block for each
        web/app.kdef:18:20: warning[K0701]: the project defines no configmap `shared` in namespace `a`
          if something else creates it, list it in a block `external`
    ");
}

#[test]
fn files_and_the_environment_are_read_from_the_project() {
    let files = r#"
--- root.kdef
deployments = { web = { path = "apps/web", namespace = "n" } }
--- apps/web/app.kdef
configmap "c" {
  data = { own = file("text.txt"), up = file("../../shared.txt"), home = env.HOME }
}
--- apps/web/text.txt
own
--- shared.txt
shared
"#;
    let case_with_home = || case(files).process_env("HOME", "/home/me");
    assert!(case_with_home().compile().diagnostics.is_empty());
    case(files).says(
        "
        apps/web/app.kdef:2:78: error[K0209]: the environment variable `HOME` is not set
          set it where kdef runs; in a cluster there are none, so that a `variable` serves better
    ",
    );
    case("configmap \"c\" {\n  data = { a = file(\"../x\"), b = file(\"/etc/passwd\"), c = file(\"nope\"), d = file(\"folder\") }\n}\n--- folder/x\n")
        .says("
            app.kdef:2:21: error[K0414]: `../x`: the path leads out of the project
            app.kdef:2:39: error[K0414]: `/etc/passwd`: the path is absolute; write it relative to the project
            app.kdef:2:64: error[K0901]: `nope` cannot be read: no such file or folder
              the path is relative to the project's folder
            app.kdef:2:82: error[K0901]: `folder` cannot be read: it is a folder, not a file
        ");
}

#[test]
fn what_something_else_makes_is_listed() {
    case(
        r#"
--- root.kdef
deployments = { web = { namespace = "a" } }
external {
  secrets = ["registry", "vault-*"]
}
--- web/app.kdef
for "name" {
  in = ["one", "two"]
  external { config_maps = ["flags-${name}"] }
}
external {
  persistent_volume_claims = ["*"]
}
deployment "web" {
  volume "pod" { pvc = "anything" }
  container "app" {
    image = "x"
    env {
      A = secret("registry", "k")
      B = secret("vault-web", "k")
      C = secret("vault", "k")
      D = configmap("flags-two", "k")
      E = configmap("registry", "k")
      F = secret("registry-2", "k")
    }
  }
}
"#,
    )
    .says(
        "
        web/app.kdef:15:11: warning[K0701]: the project defines no secret `vault` in namespace `a`
          if something else creates it, list it in a block `external`
        web/app.kdef:17:11: warning[K0701]: the project defines no configmap `registry` in namespace `a`
          if something else creates it, list it in a block `external`
        web/app.kdef:18:11: warning[K0701]: the project defines no secret `registry-2` in namespace `a`
          if something else creates it, list it in a block `external`
    ",
    );
}

#[test]
fn external_names_are_names() {
    case(
        r#"
external {
  secrets     = ["A", "a*b", "-*"]
  config_maps = "conf"
  secretes    = []
}
deployment "web" {
  container "app" {
    image = "x"
    env { A = secret("unknown", "k") }
  }
}
"#,
    )
    .says(
        "
        app.kdef:2:18: error[K0501]: `secrets`: `A` must consist of lower case letters, digits, `-` and `.`
          did you mean `a`?
        app.kdef:2:23: error[K0501]: `secrets`: `a*b` must consist of lower case letters, digits, `-` and `.`
        app.kdef:2:30: error[K0501]: `secrets`: `-*` must begin and end with a letter or digit
          did you mean `*`?
        app.kdef:3:17: error[K0205]: `config_maps`: a list is required, not a string
          put it in brackets: `[ ... ]`
        app.kdef:4:3: error[K0302]: `external` has no attribute `secretes`
          did you mean `secrets`?
    ",
    );
}
