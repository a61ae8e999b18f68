//! What must hold within cronjobs and jobs.

use crate::harness::case;

#[test]
fn a_cronjob_says_when_and_what_it_runs() {
    case(
        r#"
cronjob "a" {
  schedule                  = "0 25 * * *"
  time_zone                 = "local"
  concurrency               = "forbidden"
  deadline                  = "1d"
  restart                   = "Always"
  failed_jobs_history_limit = -1
  active_deadline_seconds   = "500ms"
  image                     = "a:1"
}
cronjob "b" {
  schedule = "TZ=UTC @daily"
  deadline = 0
}
cronjob "c" {
  image     = "c:1"
  command   = ["run"]
  time_zone = "Europe/../Berlin"
  env { A = "1" }
  container "c" { image = "c:1" }
}
cronjob "a-name-that-is-so-very-long-that-a-time-does-not-fit-it" {
  schedule = "@hourly"
  image    = "d:1"
}
cronjob "e.f" {
  schedule = "@hourly"
  image    = "e:1"
  volume "data" {
    pvc = "data"
  }
  security_context { fs_group = 1 }
}
cronjob "g" {
  schedule = "@hourly"
  container "g" { image = "g:1" }
  security_context {
    privileged = true
    capabilities { add = ["NET_ADMIN"] }
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:2:31: error[K0306]: `schedule`: `0 25 * * *` has an hour that is not from 0 to 23
        app.kdef:3:31: error[K0501]: `time_zone`: `local` depends on where it is asked; name a zone, such as `Europe/Berlin` or `Etc/UTC`
        app.kdef:4:31: error[K0306]: `concurrency`: `forbidden` is not allowed
          did you mean `Forbid`?
          allowed are `Allow`, `Forbid`, `Replace`, `allow`, `forbid`, `replace`
        app.kdef:5:31: error[K0307]: `deadline`: `1d` is neither a number of seconds nor a duration such as `90s`, `10m` or `1h30m`
        app.kdef:6:31: error[K0306]: `restart`: `Always` is not allowed
          allowed are `OnFailure`, `Never`
        app.kdef:7:31: error[K0307]: `failed_jobs_history_limit`: the number must be at least 0 and at most 2147483647
        app.kdef:8:31: error[K0307]: `active_deadline_seconds`: `500ms` is no whole number of seconds
        app.kdef:11:1: error[K0303]: this cronjob says nothing to run
          set `image`, or write a `container` block
        app.kdef:12:14: error[K0306]: `schedule`: `TZ=UTC @daily` names a time zone, which belongs in `time_zone`
        app.kdef:13:14: error[K0307]: `deadline`: `0` is less than one second
        app.kdef:15:1: error[K0303]: `cronjob` needs the attribute `schedule`
        app.kdef:16:15: error[K0308]: `image` cannot stand beside `container` blocks
          app.kdef:20:3: the first `container`
          move it into the `container` that it is for
        app.kdef:17:15: error[K0308]: `command` cannot stand beside `container` blocks
          app.kdef:20:3: the first `container`
          move it into the `container` that it is for
        app.kdef:18:15: error[K0501]: `time_zone`: `Europe/../Berlin` is no time zone such as `Europe/Berlin`
          did you mean `Europe`?
        app.kdef:19:3: error[K0308]: `env` cannot stand beside `container` blocks
          app.kdef:20:3: the first `container`
          move it into the `container` that it is for
        app.kdef:22:9: error[K0501]: the name of this cronjob has 55 characters; Kubernetes adds a time to it and allows 52
          change it, or set another with `name`
        app.kdef:26:9: error[K0501]: the name of this cronjob holds a dot, which the name of its container cannot
          set `container_name`
        app.kdef:29:3: error[K0303]: `volume` needs the attribute `mount_path` in a cronjob without `container`
        app.kdef:30:11: warning[K0701]: the project defines no persistentvolumeclaim `data`
          if something else creates it, list it in a block `external`
        app.kdef:32:33: warning[K0309]: `fs_group` has no effect here
          it belongs in the `security_context` of a workload with `container` blocks
        app.kdef:38:18: warning[K0309]: `privileged` has no effect here
          it belongs in the `security_context` of a container
        app.kdef:39:5: warning[K0309]: `capabilities` has no effect here
          it belongs in the `security_context` of a container
        "#,
    );
}

#[test]
fn jobs_are_checked_as_cronjobs_are() {
    case(
        r#"
--- root.kdef
deployments = { jobs = { namespace = "batch" } }
service_account "jobs" {}
--- jobs/app.kdef
job "a" {
  completion_mode = "Indexed"
  image           = "a:1"
  service_account = "late"
}
job "b.c" {
  completion_mode = "Indexed"
  completions     = 10
  container "c" { image = "c:1" }
}
job "d" {
  init "wait" {
    image   = "wait:1"
    volumes = ["shared", "share"]
  }
  container "d" {
    image = "d:1"
    volume "shared" {
      mount_path = "/shared"
      empty_dir  = true
    }
  }
}
job "e" {
  schedule = "@daily"
  image    = "e:1"
}
job "f" {}
"#,
    )
    .says(
        r#"
        jobs/app.kdef:2:21: error[K0303]: the completion mode `Indexed` needs the attribute `completions`
          set `completions` to how many numbers there are
        jobs/app.kdef:4:21: error[K0411]: the service account of job `a` is not declared
          declare it in root.kdef with a block `service_account`
        jobs/app.kdef:6:5: error[K0501]: the name of this job with a number, the host name of its pods, must consist of lower case letters, digits and `-`
        jobs/app.kdef:14:26: error[K0505]: job `d` has no volume `share`
          did you mean `shared`?
        jobs/app.kdef:25:3: error[K0302]: `job` has no attribute `schedule`
          did you mean `scheduler`?
        jobs/app.kdef:28:1: error[K0303]: this job says nothing to run
          set `image`, or write a `container` block
        "#,
    );
}
