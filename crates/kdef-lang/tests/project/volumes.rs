//! Volumes, where their files come from, and what processes may do.

use crate::harness::case;

#[test]
fn a_volume_has_one_source_and_what_belongs_to_it() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    volume "a" {
      mount_path = "/a"
      empty_dir  = true
      nfs {
        server = "files"
        path   = "/x"
      }
      csi { driver = "d" }
    }
    volume "b" {
      mount_path        = "/b"
      empty_dir         = true
      optional          = true
      items             = { a = "b" }
      default_mode      = "0400"
      image_pull_policy = "Always"
      item "c" { path = "c" }
    }
    volume "c" {
      mount_path    = "/c"
      medium        = "Memory"
      sub_path      = "a"
      sub_path_expr = "b"
    }
    volume "d" {
      mount_path        = "/d"
      host_path         = "/d"
      mount_propagation = "Bidirectional"
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:11:7: error[K0308]: volume `a` has several sources: `empty_dir`, `csi`, `nfs`
          app.kdef:6:20: the first source
          keep one of them; another source needs a volume of its own
        app.kdef:16:27: warning[K0309]: `optional` has no effect without `secret` or `config_map`
        app.kdef:17:27: warning[K0309]: `items` has no effect without `secret` or `config_map`
        app.kdef:18:27: warning[K0309]: `default_mode` has no effect without `secret` or `config_map` or `projected` or `downward_api`
        app.kdef:19:27: warning[K0309]: `image_pull_policy` has no effect without `image`
        app.kdef:20:7: warning[K0309]: `item` has no effect without `secret` or `config_map`
        app.kdef:24:23: warning[K0309]: `medium` has no effect without `empty_dir`
        app.kdef:26:23: error[K0308]: a volume has either `sub_path` or `sub_path_expr`
          app.kdef:25:23: the other one
        app.kdef:31:27: error[K0308]: `Bidirectional` is for privileged containers only
          set `privileged = true` in the `security_context` of the container
    ",
    );
}

#[test]
fn what_the_api_server_refuses_of_volumes_is_told() {
    case(
        r#"
configmap "conf" {}
deployment "web" {
  container "app" {
    image = "web:1"
    volume "a" {
      mount_path   = "/a"
      config_map   = "conf"
      default_mode = 256
      items        = { "a b" = "x", b = "/b", c = "../c" }
      item "d" { mode = "0999" }
    }
    volume "b" {
      mount_path = "/b"
      downward_api {
        items = { name = "metadata.nam", "../x" = "metadata.name" }
        item "none" {}
        item "both" {
          field     = "metadata.name"
          resource  = "limits.cpu"
          container = "app"
        }
        item "both" {
          resource = "cpu"
        }
        item "bare" {
          resource = "limits.cpu"
        }
      }
    }
    volume "c" {
      mount_path = "/c"
      ephemeral {
        access_modes = ["ReadWriteOnce", "ReadWriteOncePod", "Read"]
      }
    }
    volume "d" {
      mount_path = "/d"
      csi {
        driver = "a_b"
      }
    }
    volume "e" {
      mount_path = "/e"
      nfs {
        server = ""
        path   = "exports"
      }
    }
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:8:22: error[K0307]: `default_mode`: `256` is no octal file mode; write it in quotes with a leading zero, as in `"0440"`
        app.kdef:9:24: error[K0501]: `items`: the key `a b` must consist of letters, digits, `-`, `_` and `.`
        app.kdef:9:41: error[K0501]: `items`: `/b` must be relative to the volume
        app.kdef:9:51: error[K0501]: `items`: `../c` may not begin with `..`
        app.kdef:10:7: error[K0303]: `item` needs the attribute `path`
        app.kdef:10:25: error[K0307]: `mode`: `0999` is no octal file mode; write it in quotes with a leading zero, as in `"0440"`
        app.kdef:15:26: error[K0306]: `items`: `metadata.nam` is no field that can be used here; there are `metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels`, `metadata.annotations`, and single ones as in `metadata.labels['app']`
        app.kdef:15:42: error[K0501]: `items`: the key `../x` may not begin with `..`
        app.kdef:16:9: error[K0308]: item `none` names neither a `field` nor a `resource`
        app.kdef:19:23: error[K0308]: item `both` names both a `field` and a `resource`
        app.kdef:22:9: error[K0308]: item `both` needs the `container` of the `resource`
        app.kdef:22:14: error[K0305]: there is a `item` with the path `both` already
          app.kdef:17:14: the first one
        app.kdef:23:22: error[K0306]: `resource`: `cpu` is no resource of a container; write it as in `limits.cpu` or `requests.memory`
        app.kdef:26:22: error[K0308]: item `bare` needs the `container` of the `resource`
        app.kdef:32:7: error[K0303]: `ephemeral` needs the attribute `storage`
        app.kdef:33:62: error[K0306]: `access_modes`: `Read` is not allowed; access modes are `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`
        app.kdef:39:18: error[K0501]: `driver`: `a_b` must consist of lower case letters, digits, `-` and `.`
          did you mean `a-b`?
        app.kdef:45:18: error[K0306]: `server`: the text is empty
        app.kdef:46:18: error[K0501]: `path`: `exports` must begin with `/`
    "#,
    );
}

#[test]
fn the_files_of_a_projected_volume_have_paths_of_their_own() {
    case(
        r#"
secret "tls" {}
deployment "web" {
  container "app" {
    image = "web:1"
    volume "all" {
      mount_path = "/all"
      projected {
        secret "tls" {
          items = { a = "a" }
          item "b" { path = "a" }
        }
        config_map "conf" {}
        secret "maybe" { optional = true }
        service_account_token {
          path               = "a"
          expiration_seconds = 60
        }
        downward_api {
          items = { a = "metadata.name" }
        }
        downward_api {
          item "token" { field = "metadata.uid" }
        }
        service_account_token {}
        pods {}
      }
    }
  }
}
"#,
    )
    .says(
        "
        app.kdef:10:29: error[K0308]: there is a file at the path `a` already
          app.kdef:9:25: the first one
        app.kdef:12:20: warning[K0701]: the project defines no configmap `conf`
          if something else creates it, list it in a block `external`
        app.kdef:15:32: error[K0308]: there is a file at the path `a` already
          app.kdef:9:25: the first one
        app.kdef:16:32: error[K0307]: `expiration_seconds`: the number must be from 600 to 4294967296
        app.kdef:19:25: error[K0308]: there is a file at the path `a` already
          app.kdef:9:25: the first one
        app.kdef:24:9: error[K0303]: `service_account_token` needs the attribute `path`
        app.kdef:25:9: error[K0301]: `projected` has no block `pods`
    ",
    );
}

#[test]
fn security_contexts_are_checked() {
    case(
        r#"
deployment "web" {
  container "app" {
    image = "web:1"
    security_context {
      privileged                 = true
      allow_privilege_escalation = false
      run_as_non_root            = true
      run_as_user                = 0
      proc_mount                 = "None"
      seccomp_profile {
        type = "Localhost"
      }
      app_armor_profile {
        type              = "RuntimeDefault"
        localhost_profile = "x"
      }
    }
  }
  container "admin" {
    image = "web:1"
    security_context {
      allow_privilege_escalation = false
      capabilities {
        add  = ["CAP_SYS_ADMIN"]
        drop = [""]
      }
      seccomp_profile {
        type              = "Localhost"
        localhost_profile = "/etc/x"
      }
    }
  }
  security_context {
    supplemental_groups = [-1, "a", 5]
    sysctls             = { "Net" = 1 }
    seccomp_profile {}
    capabilities {}
  }
}
"#,
    )
    .says(
        "
        app.kdef:6:36: error[K0308]: a container that has the rights of root on the node can always gain more rights
          app.kdef:5:36: these rights
        app.kdef:8:36: error[K0308]: user 0 is root, which `run_as_non_root` keeps from starting
          app.kdef:7:36: root is ruled out
        app.kdef:9:36: error[K0306]: `proc_mount`: `None` is not allowed
          allowed are `Default`, `Unmasked`
        app.kdef:10:7: error[K0308]: `seccomp_profile` needs the `localhost_profile` that `Localhost` means
        app.kdef:15:29: error[K0308]: `localhost_profile` goes with the type `Localhost` only
        app.kdef:22:36: error[K0308]: a container that has the rights of root on the node can always gain more rights
          app.kdef:24:17: these rights
        app.kdef:29:29: error[K0501]: `localhost_profile`: `/etc/x` must be relative to the kubelet's folder for profiles
        app.kdef:34:28: error[K0307]: `supplemental_groups`: the text is no group: those go from 0 to 2147483647
        app.kdef:34:32: error[K0307]: `supplemental_groups`: `a` is no whole number
        app.kdef:35:29: error[K0501]: `sysctls`: the key `Net` is no kernel parameter; write it as in `net.core.somaxconn`
        app.kdef:36:5: error[K0303]: `seccomp_profile` needs the attribute `type`
        app.kdef:37:5: error[K0301]: `security_context` has no block `capabilities`
          `capabilities` belongs in a block such as `security_context`
    ",
    );
}
