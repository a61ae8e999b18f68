//! What the demo prints: headings, sentences, commands, and their real output.

use anyhow::{Result, ensure};
use testbed::Output;

/// Prints the heading of a chapter.
pub(super) fn heading(text: &str) {
    println!("\n\x1b[1m== {text}\x1b[0m");
}

/// Prints a sentence.
pub(super) fn say(text: &str) {
    println!("{text}");
}

/// Prints a command as it would be typed.
pub(super) fn command(text: &str) {
    println!("\n$ {text}");
}

/// Prints what a command wrote.
pub(super) fn text(text: &str) {
    for line in text.trim_end().lines() {
        println!("  {line}");
    }
}

/// Prints what a command answered; that it failed is an error.
pub(super) fn output(output: &Output) -> Result<()> {
    text(&output.stdout);
    text(&output.stderr);
    ensure!(
        output.status.success(),
        "the command ended with {}",
        output.status
    );
    Ok(())
}
