//! Holding what was found against a file.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// Compares a text with a file's; a file that is not there stands for nothing. When updating, the file is written anew.
pub(crate) fn expect(path: &Path, found: &str, update: bool) -> Outcome<()> {
    let expected = if path.exists() {
        fs::read_to_string(path)?
    } else {
        String::new()
    };
    if expected == found {
        return Ok(());
    }
    if !update {
        return Err(format!("{} differs; found:\n{found}", path.display()).into());
    }
    if found.is_empty() {
        fs::remove_file(path)?;
    } else {
        fs::write(path, found)?;
    }
    Ok(())
}
