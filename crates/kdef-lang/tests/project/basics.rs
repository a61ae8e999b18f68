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
    .gives(
        "
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
        ",
    );
}
