//! What a run is given beside the files of the project.

use kdef_source::VirtualPath;

/// What a run is given beside the files of the project.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The folder that is rendered, inside the world.
    pub dir: VirtualPath,
    /// The environment; none, or an empty text, leaves it to `root.kdef`.
    pub env: Option<String>,
    /// Values of variables as text. Of equal names the last wins.
    pub set: Vec<(String, String)>,
    /// Where `set` comes from, as messages call it.
    pub set_origin: String,
    /// Values of variables as JSON or YAML. Of equal keys the last wins.
    pub values: Vec<ValuesSource>,
    /// More variable files, which rank above imports and below the `vars.kdef` of the folder itself.
    pub vars_from: Vec<VarsFile>,
    /// The entries of `root.kdef` to render; none means all.
    pub only: Vec<String>,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            dir: VirtualPath::root(),
            env: None,
            set: Vec::new(),
            set_origin: "--set".to_owned(),
            values: Vec::new(),
            vars_from: Vec::new(),
            only: Vec::new(),
        }
    }
}

/// A text that holds values of variables.
#[derive(Clone)]
pub struct ValuesSource {
    /// What messages call it, such as `values.json`.
    pub name: String,
    /// The text: a map at its top level.
    pub text: String,
    /// How it is written.
    pub format: ValuesFormat,
    /// Whether it comes from a Secret. Nothing of the text reaches a message then.
    pub sensitive: bool,
}

/// Leaves the text out, which may be secret.
impl std::fmt::Debug for ValuesSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValuesSource")
            .field("name", &self.name)
            .field("format", &self.format)
            .field("sensitive", &self.sensitive)
            .finish_non_exhaustive()
    }
}

/// How a [`ValuesSource`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValuesFormat {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A variable file from outside the project.
#[derive(Debug, Clone)]
pub struct VarsFile {
    /// What messages call it: its path.
    pub name: String,
    /// Its text.
    pub text: String,
}
