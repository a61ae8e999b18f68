//! The blocks that make one object each: what the API server would refuse of them, and what is filled in.

use kdef_lang::schema::files::DEFINITIONS_FILE;

use crate::harness::case;

#[test]
fn claims_are_checked() {
    case(
        r#"
persistentvolumeclaim "Bad" {}
persistentvolumeclaim "a" {
  storage = "0Gi"
}
persistentvolumeclaim "b" {
  storage       = "1GB"
  storage_class = "Fast_1"
  access_modes  = ["ReadWriteOnly", "ReadWriteOnce"]
}
persistentvolumeclaim "c" {
  storage      = 10
  access_modes = ["ReadWriteOncePod", "ReadWriteMany"]
}
"#,
    )
    .says(r#"
        app.kdef:1:1: error[K0303]: `persistentvolumeclaim` needs the attribute `storage`
        app.kdef:1:23: error[K0501]: the name `Bad` must consist of lower case letters, digits, `-` and `.`
          did you mean `bad`?
        app.kdef:3:13: error[K0502]: `storage`: `0Gi` is zero; some storage must be asked for
        app.kdef:6:19: error[K0502]: `storage`: `1GB` has an unknown unit; units are n u m k M G T P E and Ki Mi Gi Ti Pi Ei
          did you mean `1G`?
        app.kdef:7:19: error[K0501]: `storage_class`: `Fast_1` must consist of lower case letters, digits, `-` and `.`
          did you mean `fast-1`?
        app.kdef:8:20: error[K0306]: `access_modes`: `ReadWriteOnly` is not allowed; access modes are `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`
        app.kdef:12:19: error[K0308]: `access_modes`: `ReadWriteOncePod` allows no other beside it
    "#);
}

#[test]
fn rules_allow_verbs_on_something() {
    case(
        r#"
role "a/b" {
  rule {
    resources = ["pods"]
  }
  rule {
    verbs = ["get"]
  }
  rule {
    verbs     = []
    resources = ["pods"]
  }
  rule {
    verbs             = ["get"]
    non_resource_urls = ["/healthz"]
  }
}
clusterrole "c" {
  rule {
    verbs = ["get"]
  }
  rule {
    verbs             = ["get"]
    non_resource_urls = ["/healthz"]
    resources         = ["pods"]
  }
  rule {
    verbs     = null
    resources = ["pods"]
  }
  aggregation_rule {
    match_labels = {}
  }
}
clusterrole "none" {}
"#,
    )
    .says(r#"
        app.kdef:1:6: error[K0501]: the name `a/b` may hold neither `/` nor `%`
          did you mean `a`?
        app.kdef:2:3: error[K0303]: `rule` needs the attribute `verbs`
        app.kdef:5:3: error[K0303]: this rule says nothing that it is about: it needs `resources`
        app.kdef:9:17: error[K0303]: `verbs` is empty, and a rule must allow something
          write `verbs = ["get", "list"]`, or `["*"]` for all
        app.kdef:12:3: error[K0303]: this rule says nothing that it is about: it needs `resources`
        app.kdef:14:5: error[K0302]: `rule` has no attribute `non_resource_urls`
        app.kdef:18:3: warning[K0309]: the cluster replaces the rules of a clusterrole that has an `aggregation_rule`
          app.kdef:30:3: the aggregation_rule
          move the rules to a clusterrole of their own, with the labels that are matched
        app.kdef:18:3: error[K0303]: this rule says nothing that it is about: it needs `resources` or `non_resource_urls`
        app.kdef:24:25: error[K0308]: a rule about `non_resource_urls` has no `resources`
          write a rule for each
        app.kdef:27:17: error[K0303]: `verbs` is null, and it must be set
        app.kdef:31:20: error[K0303]: `match_labels` is empty, which would take over the rules of every ClusterRole
          name a label, such as `{ "rbac.example.com/aggregate-to-view" = "true" }`
    "#);
}

#[test]
fn bindings_name_a_role_and_who_gets_it() {
    case(
        r#"
clusterrolebinding "a" {
  subject {
    name = "agent"
  }
}
clusterrolebinding "b" {
  role_ref {
    kind = "Role"
    name = "view"
  }
  subject {
    kind = "Robot"
    name = "r2"
  }
  subject {
    kind      = "User"
    name      = "alice"
    namespace = "shop"
  }
  subject {
    name      = "Agent"
    namespace = "shop"
  }
  subject {
    namespace = "shop"
  }
}
rolebinding "c" {
  raw = "roleRef: { name: x }"
}
rolebinding "d" {
  role_ref {
    name = ""
  }
  role_ref {
    name = "x"
  }
}
"#,
    )
    .says(r#"
        app.kdef:1:1: error[K0311]: `clusterrolebinding` needs at least one block `role_ref`
          add `role_ref { ... }`
        app.kdef:2:3: error[K0409]: this ServiceAccount needs a `namespace`, since the binding is in none
          set `namespace` here, or in its entry in root.kdef
        app.kdef:8:12: error[K0306]: `kind`: `Role` is not allowed
          allowed are `ClusterRole`
        app.kdef:12:12: error[K0306]: `kind`: `Robot` is not allowed
          allowed are `ServiceAccount`, `User`, `Group`
        app.kdef:18:17: warning[K0309]: users and groups are in no namespace
        app.kdef:21:17: error[K0501]: the name of this ServiceAccount must consist of lower case letters, digits, `-` and `.`
        app.kdef:24:3: error[K0303]: `subject` needs the attribute `name`
        app.kdef:28:1: error[K0311]: `rolebinding` needs a block `role_ref`, also where there is `raw`
          write `role_ref { name = ... }`
        app.kdef:33:12: error[K0501]: `name`: the text is empty
        app.kdef:35:3: error[K0305]: there is a block `role_ref` already; it may stand once
          app.kdef:32:3: the first one
          merge the two
    "#);
}

#[test]
fn sealed_secrets_have_a_scope() {
    case(
        r#"
sealedsecret "s" {
  scope = "cluster"
  data  = { "a b" = "AgA", b = secret("x", "y") }
  template {
    labels = { "a b" = "c" }
    type   = "Opaque"
  }
}
"#,
    )
    .says(
        r#"
        app.kdef:2:11: error[K0306]: `scope`: `cluster` is not allowed
          allowed are `strict`, `namespace-wide`, `cluster-wide`
        app.kdef:3:13: error[K0501]: `data`: the key `a b` must consist of letters, digits, `-`, `_` and `.`
        app.kdef:3:32: error[K0205]: `data`: a string is required, not a reference to a secret
          references stand for the value of an environment variable, in `env`
        app.kdef:5:16: error[K0503]: `labels`: the key `a b` must consist of letters, digits, `-`, `_` and `.`
        app.kdef:6:5: error[K0302]: `template` has no attribute `type`
    "#,
    );
}

#[test]
fn manifests_say_what_they_are() {
    case(
        r#"
manifest "a" {
  api_versoin = "v1"
  kind        = "ConfigMap"
}
manifest "b" {
  api_version = "a/b/v1"
  kind        = "List"
}
manifest "Upper" {
  api_version = "v1"
  kind        = "ConfigMap"
}
manifest "system:Upper" {
  api_version = "rbac.authorization.k8s.io/v1"
  kind        = "Role"
}
manifest "a.b" {
  api_version = "v1"
  kind        = "Namespace"
  namespace   = "c"
}
manifest "node" {
  api_version = "node.k8s.io/v1"
  kind        = "RuntimeClass"
  scope       = "namespace"
  handler     = "x"
}
manifest "own" {
  api_version = "example.com/v1"
  kind        = "Tenant"
  scope       = "cluster"
  namespace   = "c"
  apiVersion  = "v1"
  metadata    = { name = "other", namespace = null }
  status      = {}
}
manifest "blocks" {
  api_version = "example.com/v1"
  kind        = "Tenant"
  metadata    = "x"
  spec {
    a = 1
  }
}
manifest "values" {
  api_version = "example.com/v1"
  kind        = "Tenant"
  spec = {
    password = secret("db", "password")
    list     = [{ big = 1e400 }]
    gone     = var.nothing
  }
}
"#,
    )
    .says(r#"
        app.kdef:1:1: error[K0303]: `manifest` needs the attribute `api_version`
          app.kdef:2:3: did you mean it here?
        app.kdef:6:17: error[K0501]: `api_version`: `a/b/v1` is no API version; write it as `v1` or `apps/v1`
          did you mean `a`?
        app.kdef:7:17: error[K0501]: `kind`: `List` stands for several objects; write a block for each
          did you mean `list`?
        app.kdef:9:10: error[K0501]: the name of this ConfigMap must consist of lower case letters, digits, `-` and `.`
        app.kdef:17:10: error[K0501]: the name of this Namespace must consist of lower case letters, digits and `-`
        app.kdef:20:17: error[K0308]: a Namespace is in no namespace
          leave `namespace` out
        app.kdef:25:17: error[K0308]: a RuntimeClass is in no namespace
          leave `scope` out
        app.kdef:32:17: error[K0308]: a Tenant is in no namespace
          leave `namespace` out
        app.kdef:33:3: error[K0308]: `apiVersion` of the object is set by the attribute `api_version` of the block
          write `api_version = ...`
        app.kdef:34:19: error[K0308]: `name` of the object is set by the attribute `name` of the block
          write `name = ...`
        app.kdef:35:3: warning[K0309]: `status` is the cluster's to write; it is left out
        app.kdef:40:17: error[K0205]: `metadata`: a map is required, not a string
        app.kdef:41:3: error[K0301]: `manifest` holds attributes only, and no block `spec`
          maps are written as values: `spec = { ... }`
        app.kdef:49:16: error[K0205]: `spec.password`: a reference to a secret has no value here
          references stand in `env`; here write Kubernetes' own fields, such as `secretKeyRef`
        app.kdef:50:19: error[K0307]: `spec.list[0].big`: the number is too large
        app.kdef:51:20: error[K0201]: there is no variable `nothing`
          declare it in vars.kdef: `variable "nothing" { type = ... }`
    "#);
}

#[test]
fn manifests_of_cluster_scoped_kinds_take_no_namespace() {
    case(
        r#"
--- root.kdef
deployments = { a = { namespace = "n" }, b = {} }
--- a/app.kdef
manifest "class" {
  api_version = "storage.k8s.io/v1"
  kind        = "StorageClass"
  provisioner = "x"
}
manifest "tenant" {
  api_version = "example.com/v1"
  kind        = "Tenant"
  scope       = "cluster"
}
manifest "in" {
  api_version = "example.com/v1"
  kind        = "Order"
  spec        = { a = 1 }
}
--- b/app.kdef
manifest "class-b" {
  api_version = "storage.k8s.io/v1"
  kind        = "StorageClass"
  namespace   = null
  provisioner = "x"
}
"#,
    )
    .gives(
        r#"
        manifest class api_version=storage.k8s.io/v1 kind=StorageClass provisioner="x"
        manifest tenant api_version=example.com/v1 kind=Tenant scope=cluster
        manifest in api_version=example.com/v1 kind=Order namespace=n spec={"a": 1}
        manifest class-b api_version=storage.k8s.io/v1 kind=StorageClass provisioner="x"
    "#,
    );
    case("--- root.kdef\ndeployments = [\"a\"]\n--- a/app.kdef\nmanifest \"m\" {\n  api_version = \"v1\"\n  kind = \"ConfigMap\"\n}\n").says(r#"
        a/app.kdef:1:1: error[K0409]: manifest `m` has no namespace
          set `namespace` here, or in its entry in root.kdef
    "#);
}

#[test]
fn whatever_makes_an_object_takes_raw_labels_and_annotations() {
    // They make no object of their own.
    let others = ["component", "external", "images", "use"];
    for child in DEFINITIONS_FILE.all_children() {
        let schema = child.schema;
        for name in ["raw", "labels", "annotations"] {
            let takes = schema.attribute(name).is_some();
            assert_eq!(takes, !others.contains(&schema.kind), "{} {name}", schema.kind);
        }
    }
}

#[test]
fn accounts_and_namespaces_that_the_project_makes_are_known() {
    case(
        r#"
--- root.kdef
namespaces  = ["a"]
deployments = { web = { namespace = "a" }, ops = { namespace = "b" } }
service_account "root" {}
namespace "a" {
  labels = { team = "web" }
}
namespace "c" {}
--- web/app.kdef
service_account "web" {
  automount_service_account_token = false
}
deployment "web" {
  service_account = "web"
  container "app" {
    image = "x"
  }
}
manifest "third" {
  api_version = "v1"
  kind        = "ServiceAccount"
}
job "third" {
  service_account = "third"
  container "app" {
    image = "x"
  }
}
--- ops/app.kdef
namespace "b" {}
configmap "c" {}
"#,
    )
    .gives(
        r"
        namespace a labels={team:web}
        namespace c
        service_account web namespace=a automount_service_account_token=false
        deployment web namespace=a service_account=web
          container app image=x
        manifest third api_version=v1 kind=ServiceAccount namespace=a
        job third namespace=a service_account=third
          container app image=x
        namespace b
        configmap c namespace=b
    ",
    );
    case(
        r#"
--- root.kdef
deployments = { web = { namespace = "a" }, ops = { namespace = "b" } }
namespace "a" {}
namespace "a" {}
service_account "root" {}
--- web/app.kdef
service_account "web" {}
--- ops/app.kdef
deployment "ops" {
  service_account = "web"
  container "app" {
    image = "x"
  }
}
"#,
    )
    .says(
        r"
        root.kdef:1:64: error[K0410]: the namespace of deployment `ops` is not in the `namespaces` of root.kdef
          root.kdef:2:1: listed here
        root.kdef:3:1: error[K0305]: namespace `a` is declared twice
          root.kdef:2:1: the first declaration
          merge the two
        ops/app.kdef:2:21: error[K0411]: the service account of deployment `ops` is not declared
          declare it in root.kdef with a block `service_account`
    ",
    );
}

#[test]
fn data_is_text_or_bytes_and_bounded() {
    case(
        r#"
configmap "a" {
  data        = { both = "x" }
  binary_data = { both = "eA==", wrong = "e A", lines = "eA=\n=" }
}
secret "b" {
  binary_data = { key = "hunter2" }
}
"#,
    )
    .says(
        r"
        app.kdef:3:26: error[K0308]: the key `both` stands in both `data` and `binary_data`
          app.kdef:2:26: the text of the key
          keep one of them
        app.kdef:3:42: error[K0306]: `binary_data`: the value of the key `wrong` is not in base64
          write `filebase64(...)` or `base64encode(...)`, or move a text to `data`
        app.kdef:6:25: error[K0306]: `binary_data`: the value of the key `key` is not in base64
          write `filebase64(...)` or `base64encode(...)`, or move a text to `data`
    ",
    );
    let half = "x".repeat(512 * 1024);
    let text = format!(
        "configmap \"fits\" {{\n  data = {{ a = \"{half}\", b = \"{half}\" }}\n}}\n\
         secret \"over\" {{\n  data = {{ a = \"{half}\", b = \"{half}\" }}\n  binary_data = {{ c = \"eA==\" }}\n}}\n"
    );
    case(&text).says(
        "
        app.kdef:5:10: error[K0902]: `data` and `binary_data` together have 1048577 bytes; Kubernetes allows 1048576
          keep large files in a volume or an image
    ",
    );
}
