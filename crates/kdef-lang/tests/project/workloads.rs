//! What must hold within the kinds of workloads, as the API server asks or as pods need to start.

use crate::harness::case;

#[test]
fn tolerations_name_a_taint_as_kubernetes_asks() {
    case(
        r#"
daemonset "agent" {
  container "agent" { image = "agent:1" }
  toleration { operator = "Exists" }
  toleration { key = "a" }
  toleration {}
  toleration { operator = "Equal" value = "x" }
  toleration {
    key      = "a b"
    operator = "exists"
    effect   = "NoRun"
  }
  toleration {
    key      = "a"
    operator = "Exists"
    value    = "x"
  }
  toleration {
    key                = "a"
    value              = "x y"
    effect             = "NoSchedule"
    toleration_seconds = 5
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:5:3: error[K0308]: this toleration has no `key`
          set `key`, or `operator = "Exists"` to put up with every taint
        app.kdef:6:3: error[K0308]: this toleration has no `key`
          set `key`, or `operator = "Exists"` to put up with every taint
        app.kdef:8:16: error[K0503]: `key`: `a b` must consist of letters, digits, `-`, `_` and `.`
          did you mean `a-b`?
        app.kdef:9:16: error[K0306]: `operator`: `exists` is not allowed
          did you mean `Exists`?
          allowed are `Equal`, `Exists`
        app.kdef:10:16: error[K0306]: `effect`: `NoRun` is not allowed
          allowed are `NoSchedule`, `PreferNoSchedule`, `NoExecute`
        app.kdef:15:16: error[K0308]: the operator `Exists` takes no `value`
          app.kdef:14:16: the operator
        app.kdef:19:26: error[K0503]: `value`: `x y` must consist of letters, digits, `-`, `_` and `.`
          did you mean `x-y`?
        app.kdef:21:26: error[K0308]: `toleration_seconds` needs the effect `NoExecute`
          set `effect = "NoExecute"`
        "#,
    );
}

#[test]
fn a_statefulset_has_a_name_that_its_pods_can_carry() {
    case(&format!(
        r#"
statefulset "db.eu" {{
  container "db" {{ image = "db:1" }}
}}
statefulset "{}" {{
  container "db" {{ image = "db:1" }}
}}
statefulset "a" {{
  name = "a.b"
  container "db" {{ image = "db:1" }}
}}
statefulset "ok" {{
  name         = "{}"
  service_name = "a.b"
  container "db" {{ image = "db:1" }}
}}
"#,
        "b".repeat(53),
        "c".repeat(52)
    ))
    .says(
        r#"
        app.kdef:1:13: error[K0501]: the name `db.eu` must consist of lower case letters, digits and `-`
        app.kdef:4:13: error[K0501]: the name of this statefulset has 53 characters; its pods carry it in a label with a hash, which leaves 52
          change it, or set another with `name`
        app.kdef:8:10: error[K0501]: the name of this statefulset holds a dot, which the host names of its pods cannot
          change it, or set another with `name`
        app.kdef:13:18: error[K0501]: `service_name`: `a.b` must consist of lower case letters, digits and `-`
        "#,
    );
}

#[test]
fn claims_have_names_and_places_of_their_own() {
    case(
        r#"
statefulset "db" {
  container "db" {
    image = "db:1"
    volume "conf" {
      mount_path = "/etc/db"
      empty_dir  = true
    }
    volume "data" {
      mount_path = "/data"
    }
  }
  container "other" { image = "db:1" }
  volume_claim "data" {
    mount_path = "/etc/db"
    storage    = "1Gi"
  }
  volume_claim "data" {
    mount_path = "/twice"
    storage    = "1Gi"
  }
  volume_claim "a" {
    mount_path = "/etc/db"
    storage    = "1Gi"
  }
  volume_claim "b" {
    mount_path = "/b"
    storage    = "much"
  }
  volume_claim "c" {
    mount_path   = "/b"
    access_modes = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteSome"]
  }
  volume_claim "d" {
    mount_path   = "/d"
    storage      = "1Gi"
    access_modes = ["ReadWriteOnce", "ReadWriteOncePod"]
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:17:16: error[K0305]: there is a `volume_claim` with the name `data` already
          app.kdef:13:16: the first one
        app.kdef:22:18: error[K0308]: container `db` has another volume at this path
          app.kdef:5:20: the first one
          a claim that no container mounts by name is mounted into the first container
        app.kdef:27:18: error[K0502]: `storage`: `much` is no quantity; write it as `500m`, `0.5`, `256Mi` or `1Gi`
        app.kdef:29:3: error[K0303]: `volume_claim` needs the attribute `storage`
        app.kdef:30:20: error[K0308]: container `db` has another volume at this path
          app.kdef:26:18: the first one
          a claim that no container mounts by name is mounted into the first container
        app.kdef:31:58: error[K0306]: `access_modes`: `ReadWriteSome` is not allowed; access modes are `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`
        app.kdef:36:38: error[K0308]: `access_modes`: `ReadWriteOncePod` allows no other beside it
        "#,
    );
}

#[test]
fn labels_of_the_pods_count_for_the_selector() {
    case(
        r#"
daemonset "a" {
  selector   = { tier = "node" }
  pod_labels = { tier = "node" }
  container "a" { image = "a:1" }
}
daemonset "b" {
  selector   = { tier = "node" }
  pod_labels = { tier = "edge" }
  container "b" { image = "b:1" }
}
statefulset "c" {
  pod_labels = { "app.kubernetes.io/name" = "d" }
  container "c" { image = "c:1" }
}
"#,
    )
    .says(
        r#"
        app.kdef:7:16: error[K0504]: the selector of this daemonset asks for the label `tier`, which its pods do not carry with that value
          give `labels` and `selector` the same keys and values; one without the other keeps the default
        app.kdef:12:16: error[K0504]: the selector of this statefulset asks for the label `app.kubernetes.io/name`, which its pods do not carry with that value
          give `labels` and `selector` the same keys and values; one without the other keeps the default
        "#,
    );
}

#[test]
fn an_override_of_an_app_reaches_every_kind_of_workload() {
    case(
        r#"
daemonset "agent" {
  container "agent" { image = "agent:1" }
}
statefulset "db" {
  container "db" { image = "db:1" }
  volume_claim "data" {
    mount_path = "/data"
    storage    = "1Gi"
  }
}
cronjob "nightly" {
  schedule = "@daily"
  image    = "jobs:1"
  env { MODE = "full" }
}
job "seed" {
  image = "jobs:1"
}
--- environments/big.kdef
override "app" "agent" {
  service_account = "agent"
}
override "app" "db" {
  scale { replicas = 3 }
  volume_claim "data" { storage = "100Gi" }
}
override "app" "nightly" {
  schedule = "@hourly"
  env { MODE = "quick" }
}
override "app" "seed" {
  completions = 3
}
"#,
    )
    .env("big")
    .gives(
        r#"
        daemonset agent service_account=agent
          container agent image=agent:1
        statefulset db
          container db image=db:1
          volume_claim data mount_path=/data storage=100Gi
          scale replicas=3
        cronjob nightly schedule=@hourly image=jobs:1
          env MODE=quick
        job seed completions=3 image=jobs:1
        "#,
    );
}

#[test]
fn rollouts_are_what_the_api_server_takes() {
    case(
        r#"
deployment "a" {
  container "a" { image = "a:1" }
  rollout {
    strategy        = "recreate"
    max_surge       = 1.5
    max_unavailable = "101%"
  }
}
deployment "b" {
  container "b" { image = "b:1" }
  rollout {
    max_surge         = 0
    max_unavailable   = "0%"
    min_ready_seconds = 600
  }
}
deployment "c" {
  container "c" { image = "c:1" }
  rollout {
    strategy  = "Recreate"
    max_surge = 1
  }
}
deployment "d" {
  container "d" { image = "d:1" }
  rollout {
    max_surge         = "half"
    max_unavailable   = -1
    progress_deadline = 0
    min_ready_seconds = 900
  }
}
daemonset "e" {
  container "e" { image = "e:1" }
  rollout { max_surge = "10%" }
}
daemonset "f" {
  container "f" { image = "f:1" }
  rollout {
    max_surge       = "200%"
    max_unavailable = 0
  }
}
daemonset "g" {
  container "g" { image = "g:1" }
  rollout { max_unavailable = 0 }
}
daemonset "h" {
  container "h" { image = "h:1" }
  rollout {
    strategy        = "OnDelete"
    max_unavailable = 0
  }
}
statefulset "i" {
  container "i" { image = "i:1" }
  rollout {
    max_unavailable = 0
    partition       = -1
    max_surge       = 1
  }
}
statefulset "j" {
  container "j" { image = "j:1" }
  rollout {
    strategy  = "OnDelete"
    partition = 1
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:4:23: error[K0306]: `strategy`: `recreate` is not allowed
          did you mean `Recreate`?
          allowed are `RollingUpdate`, `Recreate`
        app.kdef:5:23: error[K0307]: `max_surge`: `1.5` is neither a whole number nor a percentage such as `25%`
        app.kdef:6:23: error[K0307]: `max_unavailable`: the percentage must be at most 100%
        app.kdef:13:25: error[K0308]: `max_surge` and `max_unavailable` cannot both be 0
          app.kdef:12:25: `max_surge`
          pods are replaced by running more of them, or fewer, for a while
        app.kdef:14:25: error[K0308]: `min_ready_seconds` leaves the rollout no time to make progress
          it must be less than `progress_deadline`, which is 600
        app.kdef:21:17: warning[K0309]: `max_surge` has no effect with the strategy `Recreate`
          app.kdef:20:17: the strategy
        app.kdef:27:25: error[K0307]: `max_surge`: `half` is neither a whole number nor a percentage such as `25%`
        app.kdef:28:25: error[K0307]: `max_unavailable`: the text is neither a whole number nor a percentage such as `25%`
        app.kdef:29:25: error[K0307]: `progress_deadline`: the number must be at least 1 and at most 2147483647
        app.kdef:35:25: error[K0308]: a daemonset takes one of `max_surge` and `max_unavailable`, and the other must be 0
          `max_unavailable` is 1 unless it is set to 0
        app.kdef:40:23: error[K0307]: `max_surge`: the percentage must be at most 100%
        app.kdef:46:31: error[K0308]: `max_unavailable` cannot be 0 when `max_surge` is
        app.kdef:52:23: warning[K0309]: `max_unavailable` has no effect with the strategy `OnDelete`
          app.kdef:51:23: the strategy
        app.kdef:58:23: error[K0307]: `max_unavailable`: the number must be at least 1, since a statefulset never runs more pods
        app.kdef:59:23: error[K0307]: `partition`: the number must be at least 0 and at most 2147483647
        app.kdef:60:5: error[K0302]: `rollout` has no attribute `max_surge`
        app.kdef:67:17: warning[K0309]: `partition` has no effect with the strategy `OnDelete`
          app.kdef:66:17: the strategy
        "#,
    );
}

#[test]
fn autoscalers_have_a_range_and_the_last_word() {
    case(
        r#"
deployment "a" {
  scale { replicas = 2 }
  container "a" { image = "a:1" }
  autoscale {
    min = 5
    max = 4
    cpu = 0
    behavior {
      scale_up {
        stabilization_window_seconds = 3601
        select_policy                = "Most"
        policy {
          type           = "pods"
          period_seconds = 1801
        }
      }
    }
  }
}
statefulset "b" {
  container "b" { image = "b:1" }
  autoscale { min = 0 }
}
daemonset "c" {
  container "c" { image = "c:1" }
  autoscale {
    min = 1
    max = 2
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:2:3: warning[K0309]: `scale` has no effect beside `autoscale`, which decides how many pods there are
          app.kdef:4:3: autoscaled here
          remove it; `min` is the number to start with
        app.kdef:5:11: error[K0308]: `min` is greater than `max`
          app.kdef:6:11: `max`
        app.kdef:7:11: error[K0307]: `cpu`: the number must be at least 1 and at most 2147483647
        app.kdef:10:40: error[K0307]: `stabilization_window_seconds`: the number must be from 0 to 3600
        app.kdef:11:40: error[K0306]: `select_policy`: `Most` is not allowed
          allowed are `Max`, `Min`, `Disabled`
        app.kdef:12:9: error[K0303]: `policy` needs the attribute `value`
        app.kdef:13:28: error[K0306]: `type`: `pods` is not allowed
          did you mean `Pods`?
          allowed are `Pods`, `Percent`
        app.kdef:14:28: error[K0307]: `period_seconds`: the number must be from 1 to 1800
        app.kdef:22:3: error[K0303]: `autoscale` needs the attribute `max`
        app.kdef:22:21: error[K0307]: `min`: the number must be at least 1 and at most 2147483647
        app.kdef:26:3: error[K0301]: `daemonset` has no block `autoscale`
          `autoscale` belongs in a block such as `deployment`
        "#,
    );
}

#[test]
fn pods_are_placed_as_kubernetes_can() {
    case(
        r#"
deployment "a" {
  dns_policy              = "None"
  share_process_namespace = true
  host_pid                = true
  hostname                = "a.b"
  container "a" { image = "a:1" }
  affinity {
    node_affinity {
      required {}
      preferred {
        weight = 101
        match_expression "cores" {
          operator = "Gt"
          values   = ["many"]
        }
        match_expression "disk" {}
      }
    }
    pod_anti_affinity {
      required {
        match_expression "app" {
          operator = "Exists"
          values   = ["a"]
        }
      }
    }
  }
  topology_spread "zone" { max_skew = 0 }
  topology_spread "zone" {}
  topology_spread "zone" {
    when_unsatisfiable = "ScheduleAnyway"
    min_domains        = 2
  }
  dns_config {
    nameservers = ["1.1.1.1", "one"]
  }
  host_alias "10.0.0.1" { hostnames = ["db"] }
  host_alias "10.0.0.1" { hostnames = ["a b"] }
}
job "b" {
  image      = "b:1"
  dns_policy = "None"
}
"#,
    )
    .says(
        r#"
        app.kdef:3:29: error[K0308]: `share_process_namespace` and `host_pid` cannot both be on
          app.kdef:4:29: the node's processes are seen
        app.kdef:5:29: error[K0501]: `hostname`: `a.b` must consist of lower case letters, digits and `-`
        app.kdef:9:7: error[K0311]: `required` needs at least one block `match_expression`
          add `match_expression "key" { ... }`
        app.kdef:11:18: error[K0307]: `weight`: the number must be from 1 to 100
        app.kdef:14:22: error[K0308]: the operator `Gt` takes one whole number in `values`
        app.kdef:16:9: error[K0308]: the operator `In` needs `values`
        app.kdef:20:7: error[K0303]: `required` needs the attribute `topology_key`
        app.kdef:23:22: error[K0308]: the operator `Exists` takes no `values`
        app.kdef:28:39: error[K0307]: `max_skew`: the number must be at least 1 and at most 2147483647
        app.kdef:29:3: error[K0305]: there is a `topology_spread` for `zone` already
          app.kdef:28:3: the first one
        app.kdef:32:26: error[K0308]: `min_domains` needs `when_unsatisfiable` to be `DoNotSchedule`
          app.kdef:31:26: pods run all the same
        app.kdef:35:31: error[K0501]: `nameservers`: `one` is no IP address
        app.kdef:38:14: error[K0305]: there is a `host_alias` with the ip `10.0.0.1` already
          app.kdef:37:14: the first one
        app.kdef:38:40: error[K0501]: `hostnames`: `a b` must consist of lower case letters, digits, `-` and `.`
          did you mean `a-b`?
        app.kdef:42:16: error[K0308]: `dns_policy` is `None`, and no name server is given
          list one in `dns_config { nameservers = [...] }`
        "#,
    );
}
