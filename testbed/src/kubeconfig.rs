//! The files that tell a client where the API server is and who is asking.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

/// Writes a kubeconfig with one user.
pub(crate) fn write(path: &Path, server: &str, authority: &Path, user: &str, token: &str) -> Result<()> {
    let text = format!(
        "apiVersion: v1\n\
         kind: Config\n\
         current-context: testbed\n\
         contexts:\n\
         - name: testbed\n  \
           context: {{cluster: testbed, user: {user}}}\n\
         clusters:\n\
         - name: testbed\n  \
           cluster: {{server: {server}, certificate-authority: {authority}}}\n\
         users:\n\
         - name: {user}\n  \
           user: {{token: {token}}}\n",
        server = json!(server),
        authority = json!(authority),
        user = json!(user),
        token = json!(token),
    );
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
