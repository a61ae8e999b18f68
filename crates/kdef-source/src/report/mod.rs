//! Diagnostics as text: for a terminal, one line each, JSON, or GitHub's workflow commands.

mod github;
mod json;
mod short;
mod terminal;

pub use github::github;
pub use json::json;
pub use short::{located, short};
pub use terminal::{Style, terminal};

#[cfg(test)]
mod tests;
