//! What Kubernetes asks of values, and what must hold between them.

use crate::harness::case;

#[test]
fn words_and_ranges_are_checked() {
    case(
        r#"
deployment "web" {
  dns_policy = "clusterFirst"
  scale {
    replicas = -1
  }
  container "app" {
    image             = "web:1"
    image_pull_policy = "ifnotpresent"
    port "0" "http" {}
    port "65536" "b" {}
    port "http" "c" {}
    resources {
      cpu               = "2..1"
      memory            = "1GB"
      ephemeral_storage = "${"x"}"
    }
    volume "v" {
      mount_path     = ""
      host_path      = "/x"
      host_path_type = "Folder"
    }
    security_context {
      run_as_user = -5
    }
  }
  service {
    type = "External"
    port "80" "web" {
      target = 70000
    }
  }
  ingress {
    host = "a.example"
    port = 0
    mode = "gate"
  }
}
"#,
    )
    .says(r#"
        app.kdef:2:16: error[K0306]: `dns_policy`: `clusterFirst` is not allowed
          did you mean `ClusterFirst`?
          allowed are `ClusterFirst`, `ClusterFirstWithHostNet`, `Default`, `None`
        app.kdef:4:16: error[K0307]: `replicas`: the number must be at least 0 and at most 2147483647
        app.kdef:8:25: error[K0306]: `image_pull_policy`: `ifnotpresent` is not allowed
          did you mean `IfNotPresent`?
          allowed are `Always`, `IfNotPresent`, `Never`
        app.kdef:9:10: error[K0307]: the number `0` is no port number: ports go from 1 to 65535
        app.kdef:10:10: error[K0307]: the number `65536` is no port number: ports go from 1 to 65535
        app.kdef:11:10: error[K0307]: the number `http` is no port number; write it as in `port "8080" "http"`
        app.kdef:13:27: error[K0502]: `cpu`: `2..1` has a request that is greater than its limit
        app.kdef:14:27: error[K0502]: `memory`: `1GB` has an unknown unit; units are n u m k M G T P E and Ki Mi Gi Ti Pi Ei
          did you mean `1G`?
        app.kdef:15:27: error[K0502]: `ephemeral_storage`: the text is no quantity; write it as `500m`, `0.5`, `256Mi` or `1Gi`
        app.kdef:18:24: error[K0501]: `mount_path`: the text is empty
        app.kdef:20:24: error[K0306]: `host_path_type`: `Folder` is not allowed
          allowed are `DirectoryOrCreate`, `Directory`, `FileOrCreate`, `File`, `Socket`, `CharDevice`, `BlockDevice`
        app.kdef:23:21: error[K0307]: `run_as_user`: the number must be at least 0 and at most 2147483647
        app.kdef:27:12: error[K0306]: `type`: `External` is not allowed
          allowed are `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`
        app.kdef:29:16: error[K0307]: `target`: `70000` is no port: ports go from 1 to 65535
        app.kdef:34:12: error[K0307]: `port`: `0` is no port: ports go from 1 to 65535
        app.kdef:35:12: error[K0306]: `mode`: `gate` is not allowed
          allowed are `ingress`, `gateway`
    "#);
}

#[test]
fn names_are_checked() {
    case(
        r#"
deployment "Web" {
  namespace       = "a.b"
  service_account = "X"
  labels          = { "-a" = "b", c = "d e" }
  container "App_1" {
    image = "web:1"
    port "80" "HTTP" {}
    port "81" "a-name-that-is-too-long" {}
  }
  volume "Data" {
    mount_path = "/data"
    pvc        = "Claim"
  }
  service {
    name = "a.b"
  }
  ingress {
    host  = "under_score.example"
    hosts = ["ok.example", "*.ok.example", "a.*.example"]
  }
}
configmap "c" {
  data = { "a b" = "1", "" = "2" }
}
secret "s" {
  namespace = "${"UPPER"}"
}
"#,
    )
    .says("
        app.kdef:1:12: error[K0501]: the name `Web` must consist of lower case letters, digits, `-` and `.`
          did you mean `web`?
        app.kdef:2:21: error[K0501]: `namespace`: `a.b` must consist of lower case letters, digits and `-`
        app.kdef:3:21: error[K0501]: `service_account`: `X` must consist of lower case letters, digits, `-` and `.`
          did you mean `x`?
        app.kdef:4:23: error[K0503]: `labels`: the key `-a` must begin and end with a letter or digit
        app.kdef:4:39: error[K0503]: `labels`: `d e` must consist of letters, digits, `-`, `_` and `.`
          did you mean `d-e`?
        app.kdef:5:13: error[K0501]: the name `App_1` must consist of lower case letters, digits and `-`
          did you mean `app-1`?
        app.kdef:7:15: error[K0501]: the name `HTTP` must consist of lower case letters, digits and `-`
          did you mean `http`?
        app.kdef:8:15: error[K0501]: the name `a-name-that-is-too-long` has 23 characters; at most 15 are allowed
        app.kdef:10:10: error[K0501]: the name `Data` must consist of lower case letters, digits and `-`
          did you mean `data`?
        app.kdef:12:18: error[K0501]: `pvc`: `Claim` must consist of lower case letters, digits, `-` and `.`
          did you mean `claim`?
        app.kdef:15:12: error[K0501]: `name`: `a.b` must consist of lower case letters, digits and `-`
        app.kdef:18:13: error[K0501]: `host`: `under_score.example` must consist of lower case letters, digits, `-` and `.`
          did you mean `under-score.example`?
        app.kdef:19:44: error[K0501]: `hosts`: `a.*.example` must consist of lower case letters, digits, `-` and `.`
        app.kdef:23:12: error[K0501]: `data`: the key `a b` must consist of letters, digits, `-`, `_` and `.`
        app.kdef:23:25: error[K0501]: `data`: a key is empty
        app.kdef:26:15: error[K0501]: `namespace`: the text must consist of lower case letters, digits and `-`
    ");
}

#[test]
fn contradictions_are_found() {
    case(
        r#"
deployment "web" {
  labels = { app = "web" }
  container "app" {
    image = "web:1"
    volume "v" {
      mount_path = "/v"
      secret     = "a"
      config_map = "b"
      empty_dir  = true
    }
    volume "w" {
      mount_path     = "/w"
      size_limit     = "1Gi"
      host_path_type = "File"
      empty_dir      = false
    }
    security_context {
      fs_group = 1
    }
  }
  security_context {
    privileged     = true
    read_only_root = true
    run_as_user    = 1
  }
  ingress {}
}
deployment "api" {
  selector = { app = "api" }
  labels   = { app = "web" }
  container "app" {
    image = "web:1"
  }
}
deployment "ok" {
  selector = { "app.kubernetes.io/name" = "ok", "app.kubernetes.io/managed-by" = "kdef" }
  labels   = { "app.kubernetes.io/name" = "ok", tier = "front" }
  container "app" {
    image = "web:1"
  }
}
deployment "a-name-of-more-than-sixty-three-characters-that-does-not-fit-a-label" {
  container "app" {
    image = "web:1"
  }
}
deployment "gate" {
  container "app" {
    image = "web:1"
  }
  ingress {
    host = "a.example"
    mode = "gateway"
  }
}
"#,
    )
    .says(r#"
        app.kdef:2:12: error[K0504]: the selector of this deployment asks for the label `app.kubernetes.io/name`, which its pods do not carry with that value
          give `labels` and `selector` the same keys and values; one without the other keeps the default
        app.kdef:7:20: warning[K0701]: the project defines no secret `a`
          if something else creates it, list it in a block `external`
        app.kdef:8:20: error[K0308]: volume `v` has several sources: `secret`, `config_map`, `empty_dir`
          app.kdef:7:20: the first source
          keep one of them; another source needs a volume of its own
        app.kdef:8:20: warning[K0701]: the project defines no configmap `b`
          if something else creates it, list it in a block `external`
        app.kdef:13:24: warning[K0309]: `size_limit` has no effect without `empty_dir`
        app.kdef:14:24: warning[K0309]: `host_path_type` has no effect without `host_path`
        app.kdef:18:18: warning[K0309]: `fs_group` has no effect here
          it belongs in the `security_context` of the workload
        app.kdef:22:22: warning[K0309]: `privileged` has no effect here
          it belongs in the `security_context` of a container
        app.kdef:23:22: warning[K0309]: `read_only_root` has no effect here
          it belongs in the `security_context` of a container
        app.kdef:26:3: warning[K0309]: this ingress has no host, so nothing is rendered for it
          set `host` or `hosts`
        app.kdef:29:14: error[K0504]: the selector of this deployment asks for the label `app`, which its pods do not carry with that value
          give `labels` and `selector` the same keys and values; one without the other keeps the default
        app.kdef:42:12: error[K0501]: the name of this deployment has 68 characters; its pods carry it as a label, which allows 63
          change it, or set another with `name`
        app.kdef:53:12: error[K0303]: `mode = "gateway"` needs a `gateway`
          name the Gateway, here or in `ingress_defaults`
    "#);
}

#[test]
fn what_kubernetes_allows_once_stands_once() {
    case(
        r#"
deployment "web.v1" {
  container "app" {
    image = "x"
    port "80" "http" {}
    port "81" "http" {}
    volume "data" {
      mount_path = "/a"
    }
    volume "data" {
      mount_path = "/b"
    }
  }
  container "app" {
    image = "y"
    port "80" "http" {}
  }
  volume "pod" {
    mount_path = "/a"
  }
  volume "pod" {
    mount_path = "/a"
  }
  service {
    port "80" "http" {}
    port "80" "other" {}
    port "81" "http" {}
  }
}
"#,
    )
    .says("
        app.kdef:1:12: error[K0501]: the name of this deployment holds a dot, which the name of its Service cannot
          change it, or set another with `name`
        app.kdef:5:15: error[K0305]: there is a `port` with the name `http` already
          app.kdef:4:15: the first one
        app.kdef:13:13: error[K0305]: there is a `container` with the name `app` already
          app.kdef:2:13: the first one
        app.kdef:20:10: error[K0305]: there is a `volume` with the name `pod` already
          app.kdef:17:10: the first one
        app.kdef:25:10: error[K0305]: there is a `port` with the number `80` already
          app.kdef:24:10: the first one
          ports of one number need different `protocol`s
        app.kdef:26:15: error[K0305]: there is a `port` with the name `http` already
          app.kdef:24:15: the first one
    ");
}

#[test]
fn raw_may_bring_what_is_missing() {
    case(
        r#"
deployment "web" {
  labels = { app = "web" }
  raw    = "spec: {}"
}
"#,
    )
    .gives(
        "
        deployment web labels={app:web} raw=spec: {}
    ",
    );
}

#[test]
fn what_is_misspelt_is_not_missing_too() {
    case(
        r#"
--- root.kdef
namespaces = ["shop"]
deployments = {
  web = { namespce = "shop" }
  api = {}
}
--- web/app.kdef
configmap "a" {}
--- api/app.kdef
deployment "b" {
  namespce = "shop"
  contaner "app" {
    image = "app:1"
  }
}
deployment "c" {
  namespace = "shop"
  container "app" {
    imge = "app:1"
  }
}
"#,
    )
    .says(
        "
        root.kdef:3:11: error[K0407]: entry `web`: there is no field `namespce`
          did you mean `namespace`?
        api/app.kdef:2:3: error[K0302]: `deployment` has no attribute `namespce`
          did you mean `namespace`?
        api/app.kdef:3:3: error[K0301]: `deployment` has no block `contaner`
          did you mean `container`?
        api/app.kdef:10:5: error[K0302]: `container` has no attribute `imge`
          did you mean `image`?
    ",
    );
}

#[test]
fn what_the_api_server_refuses_of_containers_is_told() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    port "80" "http" {
      tcp_health = true
      ready      = "/ready"
      successes  = 2
    }
    port "81" "admin" {
      tcp_health = true
      successes  = 3
    }
    volume "a" {
      mount_path = "/a:b"
      host_path  = "/x/../etc"
    }
    volume "b" {
      mount_path = "/b"
      sub_path   = "/x"
    }
    volume "c" {
      mount_path = "/b"
      sub_path   = "../x"
    }
    volume "c" {
      mount_path = "/c"
      sub_path   = "a..b"
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:7:20: error[K0307]: `successes`: the number must be 1 where the port says whether the container is alive
          only for `ready` and `tcp_ready` can it be more; another port may carry those
        app.kdef:14:20: error[K0501]: `mount_path`: `/a:b` may not hold `:`
        app.kdef:15:20: error[K0501]: `host_path`: `/x/../etc` may not hold `..`
        app.kdef:19:20: error[K0501]: `sub_path`: `/x` must be relative to the volume
        app.kdef:22:20: error[K0308]: the container has another volume at this path
          app.kdef:18:20: the first one
        app.kdef:23:20: error[K0501]: `sub_path`: `../x` may not hold `..`
    ",
    );
}
