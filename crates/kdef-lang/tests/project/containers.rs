//! Containers: probes, hooks, ports, and what runs before them.

use crate::harness::case;

#[test]
fn a_probe_and_a_hook_have_one_handler() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    port "80" "http" {}
    probes {
      liveness {}
      readiness {
        exec            = ["true"]
        tcp_socket_port = 80
        grpc { port = 1 }
      }
      startup {
        exec            = []
        tcp_socket_port = null
      }
    }
    lifecycle {
      pre_stop {
        sleep = 1
        http_get {
          path = "/"
          port = 80
        }
      }
      post_start {
        exec = [misspelt]
      }
    }
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:6:7: error[K0308]: `liveness` does not say what is done
          set one of `exec`, `http_get`, `tcp_socket_port`, `grpc`
        app.kdef:9:27: error[K0308]: `readiness` has `tcp_socket_port` beside another handler
          app.kdef:8:27: the first handler
          keep one of `exec`, `http_get`, `tcp_socket_port`, `grpc`
        app.kdef:12:7: error[K0308]: `startup` does not say what is done
          set one of `exec`, `http_get`, `tcp_socket_port`, `grpc`
        app.kdef:19:17: error[K0308]: `pre_stop` has `sleep` beside another handler
          app.kdef:20:9: the first handler
          keep one of `exec`, `http_get`, `sleep`
        app.kdef:26:17: error[K0201]: `misspelt` is not defined
          write a text in quotes: "misspelt"
    "#,
    );
}

#[test]
fn what_the_api_server_refuses_of_probes_is_told() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    port "80" "http" {}
    port "81" "admin" {
      host_port = 0
      host_ip   = "here"
      protocol  = "tcp"
    }
    probes {
      liveness {
        success_threshold = 2
        http_get {
          path    = ""
          port    = "htp"
          scheme  = "https"
          headers = { "a b" = "c" }
        }
      }
      readiness {
        success_threshold        = 2
        tcp_socket_port          = 65536
        termination_grace_period = 1
      }
      startup {
        success_threshold        = 2
        termination_grace_period = 0
        grpc {
          port = "http"
        }
      }
    }
    lifecycle {
      pre_stop {
        http_get {
          path = "/"
          port = "metrics"
        }
      }
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:6:19: error[K0307]: `host_port`: the number must be from 1 to 65535
        app.kdef:7:19: error[K0501]: `host_ip`: `here` is no IP address
        app.kdef:8:19: error[K0306]: `protocol`: `tcp` is not allowed
          did you mean `TCP`?
          allowed are `TCP`, `UDP`, `SCTP`
        app.kdef:12:29: error[K0307]: `success_threshold`: the number must be 1 in `liveness`
          only in `readiness` can it be more
        app.kdef:14:21: error[K0306]: `path`: the text is empty
        app.kdef:15:21: error[K0505]: container `app` has no port `htp`
          did you mean `http`?
          name one of its `port` blocks, or write the number
        app.kdef:16:21: error[K0306]: `scheme`: `https` is not allowed
          did you mean `HTTPS`?
          allowed are `HTTP`, `HTTPS`
        app.kdef:17:23: error[K0501]: `headers`: the key `a b` must consist of letters, digits and `-`
        app.kdef:22:36: error[K0307]: `tcp_socket_port`: `65536` is no port: ports go from 1 to 65535
        app.kdef:23:9: error[K0302]: `readiness` has no attribute `termination_grace_period`
        app.kdef:26:36: error[K0307]: `success_threshold`: the number must be 1 in `startup`
          only in `readiness` can it be more
        app.kdef:27:36: error[K0307]: `termination_grace_period`: the number must be at least 1 and at most 2147483647
        app.kdef:29:18: error[K0205]: `port`: a number is required, and this text is not one
        app.kdef:37:18: error[K0505]: container `app` has no port `metrics`
          name one of its `port` blocks, or write the number
    ",
    );
}

#[test]
fn probes_replace_those_of_ports() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    port "80" "http" {
      health    = "/live"
      ready     = "/ready"
      successes = 2
    }
    probes {
      liveness { exec = ["true"] }
    }
  }
}
"#,
    )
    .gives(
        "
        deployment web
          container app image=web:1
            port 80 http health=/live ready=/ready successes=2
            probes
              liveness exec=[true]
    ",
    );
}

#[test]
fn init_containers_mount_what_the_workload_has() {
    case(
        r#"
deployment "web" {
  init "app" {
    image = "x"
  }
  init "a" {
    image   = "x"
    volumes = ["pod", "conf", "dat", "other"]
    volume "own" {
      mount_path = "/data"
      empty_dir  = true
    }
  }
  init "a" {
    image   = "x"
    volumes = ["own", "data"]
  }
  volume "pod" {
    empty_dir = true
  }
  container "app" {
    image = "x"
    volume "data" {
      mount_path = "/data"
      empty_dir  = true
    }
    volume "conf" {
      mount_path = "/conf"
      empty_dir  = true
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:2:8: error[K0305]: there is a `container` with the name `app` already
          app.kdef:20:13: the container
        app.kdef:7:16: error[K0303]: volume `pod` says no `mount_path` to mount it at
          app.kdef:17:3: the volume
          set `mount_path` there, or write a block `volume` here
        app.kdef:7:31: error[K0505]: deployment `web` has no volume `dat`
          did you mean `data`?
        app.kdef:7:38: error[K0505]: deployment `web` has no volume `other`
        app.kdef:13:8: error[K0305]: there is a `init` with the name `a` already
          app.kdef:5:8: the first one
        app.kdef:15:23: error[K0308]: init container `a` has another volume at this path
          app.kdef:15:16: the first one
    ",
    );
}

#[test]
fn only_a_sidecar_goes_on_running() {
    case(
        r#"
deployment "web" {
  init "a" {
    image = "x"
    port "80" "http" {}
    probes {
      startup { exec = ["true"] }
    }
    lifecycle {
      pre_stop { sleep = 1 }
    }
  }
  init "b" {
    image          = "x"
    restart_policy = "OnFailure"
  }
  container "app" {
    image = "x"
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:4:5: error[K0308]: an `init` that ends has no use for `port`
          set `restart_policy = "Always"` to make it a sidecar, which goes on running
        app.kdef:5:5: error[K0308]: an `init` that ends has no use for `probes`
          set `restart_policy = "Always"` to make it a sidecar, which goes on running
        app.kdef:8:5: error[K0308]: an `init` that ends has no use for `lifecycle`
          set `restart_policy = "Always"` to make it a sidecar, which goes on running
        app.kdef:14:22: error[K0306]: `restart_policy`: `OnFailure` is not allowed
          allowed are `Always`
    "#,
    );
}

#[test]
fn references_hold_names_keys_and_fields() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "x"
    env {
      A = secret("Data Base", "")
      B = configmap("conf", "a b")
      C = field_ref("status.podIP")
      D = field_ref("metadata.labels['app']")
      E = field_ref("spec.containers")
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:5:11: error[K0501]: the name in this reference to a secret must consist of lower case letters, digits, `-` and `.`
        app.kdef:5:11: error[K0501]: the key in this reference to a secret is empty
        app.kdef:6:11: error[K0501]: the key in this reference to a configmap must consist of letters, digits, `-`, `_` and `.`
        app.kdef:6:11: warning[K0701]: the project defines no configmap `conf`
          if something else creates it, list it in a block `external`
        app.kdef:9:11: error[K0306]: the path in this reference to a field is no field that can be used here; there are `metadata.name`, `metadata.namespace`, `metadata.uid`, `spec.nodeName`, `spec.serviceAccountName`, `status.hostIP`, `status.hostIPs`, `status.podIP`, `status.podIPs`, and single ones as in `metadata.labels['app']`
    ",
    );
}

#[test]
fn containers_share_the_node_with_each_other() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "x"
    port "80" "http" { host_port = 8080 }
    port "53" "dns" {
      host_port = 53
      protocol  = "UDP"
    }
    lifecycle {
      pre_stop { sleep = 31 }
    }
  }
  container "side" {
    image = "x"
    port "81" "http" { host_port = 8080 }
    port "53" "dns" { host_port = 53 }
    port "82" "local" {
      host_port = 8080
      host_ip   = "127.0.0.1"
    }
  }
}
deployment "node" {
  host_network = true
  host_ipc     = true
  container "app" {
    image = "x"
    port "80" "http" { host_port = 8080 }
    port "81" "admin" {}
  }
  container "side" {
    image = "x"
    port "81" "http" {}
  }
  security_context {
    sysctls = {
      "net.core.somaxconn"     = 1
      "kernel/shm_rmid_forced" = 1
      "vm.swappiness"          = 1
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:10:26: error[K0307]: `sleep`: the pod has 30 seconds to end, and this is longer
        app.kdef:15:36: error[K0308]: port 8080 of the node leads elsewhere already
          app.kdef:4:36: the first one
        app.kdef:28:36: error[K0308]: with `host_network` the port of the node is that of the container
          leave `host_port` out
        app.kdef:33:5: error[K0308]: port 81 of the node leads elsewhere already
          app.kdef:29:5: the first one
        app.kdef:37:34: error[K0308]: `sysctls`: with `host_network` the parameter `net.core.somaxconn` is the node's
          app.kdef:24:18: shared with the node
        app.kdef:38:34: error[K0308]: `sysctls`: with `host_ipc` the parameter `kernel/shm_rmid_forced` is the node's
          app.kdef:25:18: shared with the node
    ",
    );
}
