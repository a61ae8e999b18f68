//! The blocks that make one object each: what the API server would refuse of them, and what is filled in.

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
        app.kdef:3:13: error[K0502]: `storage`: `0Gi` is zero; some storage must be asked for
        app.kdef:6:19: error[K0502]: `storage`: `1GB` has an unknown unit; units are n u m k M G T P E and Ki Mi Gi Ti Pi Ei
        app.kdef:7:19: error[K0501]: `storage_class`: `Fast_1` must consist of lower case letters, digits, `-` and `.`
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
