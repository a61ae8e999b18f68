//! The programs of the testbed: built once from the Go module proxy, then taken from the user's cache folder.
//!
//! ```text
//!   testbed/tools/<module>/{go.mod, go.sum}
//!        └── go build ──> $XDG_CACHE_HOME/kdef/testbed/<module>-<hash>/{bin/<program>, files/<file>}
//! ```
//!
//! The hash covers everything that decides the result, so that a folder that is complete is right, and every clone
//! and branch shares it. A start with a full cache does not run Go.
//!
//! To move a program to another version, edit its `go.mod` and run `go mod tidy` there.

mod build;
mod modules;
mod progress;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use self::build::Builder;
use self::modules::MODULES;
pub use self::progress::{Progress, Step};

/// The programs and files that a cluster is made of.
#[derive(Debug)]
pub struct Tools {
    /// Where each program and file is looked up, first the folder of `KUBEBUILDER_ASSETS` where that is set.
    assets: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Makes every program available, building those that are not in the cache.
    ///
    /// Programs in the folder that `KUBEBUILDER_ASSETS` names are used and not built. Building everything takes
    /// about a quarter of an hour on two cores; `progress` hears of each step. Fails with what to install where Go
    /// is missing.
    pub fn provide(progress: &dyn Fn(&Progress)) -> Result<Tools> {
        let cache = cache_folder()?;
        let assets = env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from);
        if let Some(assets) = &assets {
            ensure!(
                assets.is_dir(),
                "KUBEBUILDER_ASSETS is not a folder: {}",
                assets.display()
            );
        }
        let builder = Builder {
            cache: &cache,
            assets: assets.as_deref(),
            progress,
        };
        let folders = MODULES
            .iter()
            .map(|module| builder.provide(module))
            .collect::<Result<Vec<_>>>()?;
        Ok(Tools { assets, folders })
    }

    /// Returns the path of a program, by its name (`etcd`, `kubectl`, `helm`, ...).
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        let given = self.assets.iter().map(|folder| folder.join(name));
        given
            .chain(self.folders.iter().map(|folder| folder.join(BIN).join(name)))
            .find(|path| path.is_file())
            .with_context(|| format!("the testbed has no program {name}"))
    }

    /// Returns the text of a file that came with the module `module`.
    pub(crate) fn file(&self, module: &str, name: &str) -> Result<String> {
        let path = self.file_path(module, name)?;
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Returns the path of a file that came with the module `module`.
    pub(crate) fn file_path(&self, module: &str, name: &str) -> Result<PathBuf> {
        let index = MODULES.iter().position(|known| known.name == module);
        let folder = index.and_then(|index| self.folders.get(index));
        folder
            .map(|folder| folder.join(FILES).join(name))
            .with_context(|| format!("the testbed has no module {module}"))
    }
}

const BIN: &str = "bin";
const FILES: &str = "files";

/// Returns the folder that all clones of this user share.
fn cache_folder() -> Result<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    let folder = base.context("neither XDG_CACHE_HOME nor HOME names a folder to build into")?;
    Ok(folder.join("kdef").join("testbed"))
}

/// Returns the folder of a module's `go.mod`.
fn module_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tools").join(name)
}
