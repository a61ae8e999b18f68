//! Blocks and attributes.

use crate::harness::case;

#[test]
fn a_deployment_with_everything() {
    case(
        r#"
deployment "web" {
  namespace          = "shop"
  image_pull_secrets = ["pull"]
  node_selector      = { disk = "ssd" }
  host_network       = true
  dns_policy         = "ClusterFirstWithHostNet"
  scale {
    replicas = 2
  }
  container "app" {
    image             = "web:1"
    image_pull_policy = "IfNotPresent"
    command           = ["/bin/web"]
    args              = ["--port", 8080]
    working_dir       = "/srv"
    port "8080" "http" {
      health        = "/livez"
      tcp_ready     = true
      initial_delay = 4
    }
    env {
      LEVEL = "debug"
      PORT  = 8080
      DEBUG = true
      NONE  = null
      NAME  = field_ref("metadata.name")
    }
    resources {
      cpu    = "250m..1"
      memory = "128Mi"
    }
    volume "scratch" {
      mount_path = "/scratch"
      empty_dir  = true
      size_limit = "1Gi"
    }
    security_context {
      run_as_user = 1000
    }
  }
  security_context {
    fs_group = 1000
  }
  service {
    port "80" "http" {
      target = 8080
    }
  }
  ingress {
    host = "web.example"
    tls  = true
    annotations = {
      "nginx.org" = { a = 1, b = true }
      plain       = "x"
    }
  }
}
"#,
    )
    .gives("
        deployment web namespace=shop image_pull_secrets=[pull] node_selector={disk:ssd} host_network=true dns_policy=ClusterFirstWithHostNet
          scale replicas=2
          container app image=web:1 image_pull_policy=IfNotPresent command=[/bin/web] args=[--port,8080] working_dir=/srv
            port 8080 http health=/livez tcp_ready=true initial_delay=4
            env DEBUG=true LEVEL=debug NAME=field(metadata.name) PORT=8080
            resources cpu=250m..1 memory=128Mi
            volume scratch mount_path=/scratch empty_dir=true size_limit=1Gi
            security_context run_as_user=1000
          security_context fs_group=1000
          service
            port 80 http target=8080
          ingress host=web.example tls=true annotations={nginx.org/a:1,nginx.org/b:true,plain:x}
    ");
}

/// A deployment whose container holds the given lines.
fn container(lines: &str) -> String {
    format!("deployment \"web\" {{\n  container \"app\" {{\n    image = \"web:1\"\n{lines}\n  }}\n}}\n")
}

#[test]
fn values_convert_at_the_attribute() {
    case("deployment 'x' {}\n").says(
        r#"
        app.kdef:1:12: error[K0103]: strings are not written in single quotes
          use double quotes: "..."
    "#,
    );
    case(
        r#"
deployment "web" {
  host_pid = "true"
  scale {
    replicas = "3"
  }
  labels = { version = 2, canary = false, "app.kubernetes.io/name" = "web", none = null }
  container "app" {
    image = "web:1"
    args  = [1, true, "x", 1.50]
  }
}
configmap "c" {
  data = { number = 0.1, empty = "" }
}
"#,
    )
    .gives(
        "
        deployment web labels={app.kubernetes.io/name:web,canary:false,version:2} host_pid=true
          scale replicas=3
          container app image=web:1 args=[1,true,x,1.5]
        configmap c data={empty:,number:0.1}
    ",
    );
}

#[test]
fn what_does_not_convert_is_an_error() {
    case(
        r#"
deployment "web" {
  host_pid      = "maybe"
  node_selector = ["a"]
  labels        = { a = [1], b = { c = 1 } }
  dns_policy    = secret("a", "b")
  scale {
    replicas = "three"
  }
  container "app" {
    image   = ["web:1"]
    args    = "--all"
    command = ["a", null, [1]]
    env {
      LIST = ["a"]
    }
    port "8080" "http" {
      period = 1.5
    }
  }
  ingress {
    host        = "a.example"
    annotations = { a = { b = [1] } }
  }
}
"#,
    )
    .says(r#"
        app.kdef:2:19: error[K0205]: `host_pid`: a bool is required, and this text is neither "true" nor "false"
        app.kdef:3:19: error[K0205]: `node_selector`: a map is required, not a list
        app.kdef:4:25: error[K0205]: `labels`: a string is required, not a list
        app.kdef:4:34: error[K0205]: `labels`: a string is required, not a map
        app.kdef:5:19: error[K0205]: `dns_policy`: a string is required, not a reference to a secret
          references stand for the value of an environment variable, in `env`
        app.kdef:7:16: error[K0205]: `replicas`: a number is required, and this text is not one
        app.kdef:10:15: error[K0205]: `image`: a string is required, not a list
        app.kdef:11:15: error[K0205]: `args`: a list is required, not a string
          put it in brackets: `[ ... ]`
        app.kdef:12:21: error[K0206]: `command`: element 2 is null
        app.kdef:12:27: error[K0205]: `command`: a string is required, not a list
        app.kdef:14:14: error[K0205]: `LIST`: a string is required, not a list
        app.kdef:17:16: error[K0307]: `period`: a whole number is required, and this is a fraction
        app.kdef:22:31: error[K0205]: `annotations`: a string is required, not a list
    "#);
}

#[test]
fn null_and_empty_texts_count_as_not_written() {
    case(
        r#"
deployment "web" {
  name            = ""
  namespace       = null
  service_account = ""
  scale {
    replicas = null
  }
  container "app" {
    image       = null
    args        = null
    working_dir = ""
  }
}
"#,
    )
    .says(
        "
        app.kdef:6:16: error[K0303]: `replicas` is null, and it must be set
        app.kdef:9:19: error[K0303]: `image` is null, and it must be set
    ",
    );
    case(
        r#"
deployment "web" {
  name            = ""
  namespace       = null
  service_account = ""
  container "app" {
    image             = "web:1"
    image_pull_policy = ""
    args              = ["", "x"]
    env {
      EMPTY = ""
      NONE  = null
    }
  }
  ingress {
    host       = "a.example"
    hosts      = ["", "b.example"]
    tls        = null
    tls_secret = ""
  }
}
"#,
    )
    .gives(
        "
        deployment web
          container app image=web:1 args=[,x]
            env EMPTY=
          ingress host=a.example hosts=[b.example]
    ",
    );
}

#[test]
fn unknown_things_get_a_suggestion() {
    case(
        r#"
replicas = 3
deploymnt "web" {}
variable "x" {
  type = "string"
}
override "app" "web" {}
namespaces = ["a"]
deployment "web" {
  replica = 3
  scale   = 3
  labels {
    a = "b"
  }
  container "app" {
    imge = "web:1"
    image = "web:1"
    prot "80" "http" {}
    env {
      nested {}
    }
    autoscale {}
  }
}
"#,
    )
    .says(
        "
        app.kdef:1:1: error[K0302]: a definition file has no attribute `replicas`
        app.kdef:2:1: error[K0301]: a definition file has no block `deploymnt`
          did you mean `deployment`?
        app.kdef:3:1: error[K0301]: a definition file has no block `variable`
          `variable` belongs in vars.kdef
        app.kdef:6:1: error[K0301]: a definition file has no block `override`
          `override` belongs in environments/<env>.kdef
        app.kdef:7:1: error[K0302]: a definition file has no attribute `namespaces`
          `namespaces` belongs in root.kdef
        app.kdef:9:3: error[K0302]: `deployment` has no attribute `replica`
        app.kdef:10:3: error[K0302]: `deployment` has no attribute `scale`
          `scale` is a block: write `scale { ... }`
        app.kdef:11:3: error[K0301]: `deployment` has no block `labels`
          `labels` is an attribute: write `labels = ...`
        app.kdef:15:5: error[K0302]: `container` has no attribute `imge`
          did you mean `image`?
        app.kdef:17:5: error[K0301]: `container` has no block `prot`
          did you mean `port`?
        app.kdef:19:7: error[K0301]: `env` holds attributes only, and no block `nested`
        app.kdef:21:5: error[K0301]: `container` has no block `autoscale`
          `autoscale` belongs in a block such as `deployment`
    ",
    );
}

#[test]
fn what_is_required_must_be_there() {
    case(
        r#"
deployment "web" {
  scale {}
}
deployment "api" {
  container "app" {
    volume "v" {}
    env_from {
      prefix = "X_"
    }
  }
}
deployment {
  container "app" "extra" {
    image = "x"
    port "80" {}
  }
}
configmap "a" "b" {}
images "x" {}
"#,
    )
    .says(
        r#"
        app.kdef:1:1: error[K0311]: `deployment` needs at least one block `container`
          add `container "name" { ... }`
        app.kdef:2:3: error[K0303]: `scale` needs the attribute `replicas`
        app.kdef:5:3: error[K0303]: `container` needs the attribute `image`
        app.kdef:6:5: error[K0303]: `volume` needs the attribute `mount_path`
        app.kdef:7:5: error[K0308]: `env_from` names neither a configmap nor a secret
          set `config_map` or `secret`
        app.kdef:12:1: error[K0304]: `deployment` needs a label for its name
          write `deployment "name" { ... }`
        app.kdef:13:19: error[K0304]: `container` takes one label only
          write `container "name" { ... }`
        app.kdef:15:5: error[K0304]: `port` needs a label for its name
          write `port "number" "name" { ... }`
        app.kdef:18:15: error[K0304]: `configmap` takes one label only
          write `configmap "name" { ... }`
        app.kdef:19:8: error[K0304]: `images` takes no label
          write `images { ... }`
    "#,
    );
}

#[test]
fn a_repeated_single_block_is_an_error() {
    case(
        r#"
deployment "web" {
  scale {
    replicas = 1
  }
  container "app" {
    image = "web:1"
    resources {}
    resources {}
  }
  scale {
    replicas = 2
  }
}
"#,
    )
    .says(
        "
        app.kdef:8:5: error[K0305]: there is a block `resources` already; it may stand once
          app.kdef:7:5: the first one
          merge the two
        app.kdef:10:3: error[K0305]: there is a block `scale` already; it may stand once
          app.kdef:2:3: the first one
          merge the two
    ",
    );
}

#[test]
fn env_is_a_block_or_a_map_and_both_merge() {
    case(&container(
        r#"
    env {
      A = "1"
      B = "1"
    }
    env = { B = "2", "dotted.name" = secret("s", "k") }
    env {
      B = "3"
      C = configmap("c", "k")
    }
"#,
    ))
    .says(
        "
        app.kdef:9:38: warning[K0701]: the project defines no secret `s`
          if something else creates it, list it in a block `external`
        app.kdef:12:11: warning[K0701]: the project defines no configmap `c`
          if something else creates it, list it in a block `external`
    ",
    );
    case(&container(
        r#"
    env = { for i, name in ["A", "B", "dotted.name"] : name => i }
    env {
      B = "3"
      C = field_ref("metadata.name")
    }
"#,
    ))
    .gives(
        "
        deployment web
          container app image=web:1
            env A=0 B=3 C=field(metadata.name) dotted.name=2
    ",
    );
    case(&container("env = { \"\" = \"1\", \"a=b\" = \"2\" }")).says(
        "
        app.kdef:4:9: error[K0501]: the name of an environment variable can neither be empty nor hold `=`
        app.kdef:4:19: error[K0501]: the name of an environment variable can neither be empty nor hold `=`
    ",
    );
    case(&container("env = [1]")).says(
        "
        app.kdef:4:7: error[K0205]: `env`: a map is required, not a list
    ",
    );
}

#[test]
fn several_things_may_stand_on_one_line() {
    case(r#"deployment "web" { container "app" { image = "web:1", args = ["a"] port "80" "http" { ready = "/" } } }"#)
        .gives("
            deployment web
              container app image=web:1 args=[a]
                port 80 http ready=/
        ");
}

#[test]
fn a_block_with_a_syntax_error_is_left_alone_and_the_others_are_checked() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = = "x"
    imge  = "y"
  }
}
configmap "c" {
  date = {}
}
--- other.kdef
deployment "api" {
  container "app" {
    image = image("nothing")
    env {
      A = configmap("d", "k")
    }
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:3:13: error[K0101]: expected a value, found `=`
          to compare write `a == b`; to set write `name = value`
        app.kdef:8:3: error[K0302]: `configmap` has no attribute `date`
          did you mean `data`?
        other.kdef:3:19: error[K0204]: there is no image `nothing`
          give it in an `images` block: images { nothing = "registry/name:tag" }
    "#,
    );
}
