//! The binary: everything is in the library.

use clap::Parser;
use kdef_controller::Args;

fn main() -> anyhow::Result<()> {
    Args::parse().run()
}
