//! The chart's CRD is generated from the types; `UPDATE=1 cargo test -p kdef-api` writes it anew.

// Reads and writes a file of the repository.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

#[test]
fn the_crd_of_the_chart_is_fresh() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../flux-controller/chart/files/kdefreleases.yaml");
    let crd = serde_json::to_value(kdef_api::crd()).unwrap();
    let fresh = serde_saphyr::to_string(&crd).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let stale = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        fresh == stale,
        "the chart's CRD is stale: UPDATE=1 cargo test -p kdef-api"
    );
}
