//! The arguments, which are also the help texts.

use std::path::PathBuf;

use clap::{ArgAction, Args, ColorChoice, Parser, Subcommand, ValueEnum, ValueHint};

const EXAMPLES: &str = "\
Examples:
  # Print the manifests of the project in ./k8s
  kdef render ./k8s

  # Check it for production, with warnings as errors, as a pipeline would
  kdef validate ./k8s --env production --strict

Exit status:
  0  done
  1  something in the input is wrong
  2  the command was called wrongly
  3  a file could not be read or written, or the cluster did not answer";

const FMT_EXAMPLES: &str = "\
Examples:
  # Format the files of the current folder and all below
  kdef fmt

  # Fail where a file is not formatted, as a pipeline would, and show what is to change
  kdef fmt --check --diff

  # Format one file, and those of a folder
  kdef fmt k8s/app.kdef environments

  # Format a text, as an editor would
  kdef fmt - < app.kdef

Exit status:
  0  done
  1  a file has syntax errors, or with --check is not formatted
  2  the command was called wrongly
  3  a file could not be read or written";

const RENDER_EXAMPLES: &str = "\
Examples:
  # Print the manifests of the project in the current folder
  kdef render

  # Print them for production, with another image
  kdef render ./k8s --env production --set image_tag=v2

  # Apply them
  kdef render ./k8s --env production | kubectl apply --server-side -f -

  # Set several variables at once, one of them a list
  kdef render --set 'replicas=3,hosts=[\"a.example.com\", \"b.example.com\"]'

  # Take values from the output of a program
  jq .production values.json | kdef render ./k8s --values -

  # Write two of the applications that root.kdef lists as files
  kdef render --only shop --only checkout --output-dir out";

const VALIDATE_EXAMPLES: &str = "\
Examples:
  # Check the project in the current folder
  kdef validate

  # Check what production would get, with warnings as errors
  kdef validate ./k8s --env production --strict

  # Check every environment that the project describes
  kdef validate ./k8s --all-envs

  # Show the problems beside the lines of a pull request
  kdef validate ./k8s --format github

  # List the codes of all problems
  kdef validate --format json | jq -r '.[].code'";

/// kdef deploys applications to Kubernetes from short, typed .kdef files.
#[derive(Debug, Parser)]
#[command(
    name = "kdef",
    version,
    disable_version_flag = true,
    args_override_self = true,
    subcommand_required = true,
    arg_required_else_help = true,
    propagate_version = false,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Whether to colour messages; `auto` colours on a terminal, unless `NO_COLOR` is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub(crate) color: ColorChoice,

    /// Print the version
    #[arg(short = 'v', long, short_alias = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Fmt(FmtArgs),
    Render(RenderArgs),
    Validate(ValidateArgs),
    /// Print the version
    Version,
}

/// Write .kdef files in their canonical form
///
/// Formats the files that are named, and all .kdef files in and below the folders that are named, but for hidden folders;
/// without any PATH those of the current folder. The names of files that change are printed. Only blanks and line breaks
/// change, never what a file means. Files with syntax errors are left as they are, and their errors are shown.
#[derive(Debug, Args)]
#[command(after_help = FMT_EXAMPLES)]
pub(crate) struct FmtArgs {
    /// Files and folders; `-` formats the standard input to the standard output [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing, and end with status 1 when a file is not formatted
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing, and print what is to change as a unified diff instead of names
    #[arg(long)]
    pub(crate) diff: bool,

    /// How to show problems
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

/// Print the Kubernetes manifests of a project
///
/// Reads the .kdef files of a folder and prints the Kubernetes objects that they describe, as one YAML stream in the
/// order in which they can be applied. Needs no cluster. When anything in the project is wrong, every problem is shown
/// and nothing is printed.
#[derive(Debug, Args)]
#[command(after_help = RENDER_EXAMPLES)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Write files into this folder instead of printing, one for each workload or other block
    ///
    /// A workload's file holds its Service and Ingresses too. The folder is made when it is missing; files of the same
    /// names are replaced, others are left alone.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) output_dir: Option<PathBuf>,
}

/// Check a project, without a cluster
///
/// Renders the project and shows every problem found on the way: in the language, in the values that it is given, and
/// in the objects that come out. Sums up what the project holds when there is none.
#[derive(Debug, Args)]
#[command(after_help = VALIDATE_EXAMPLES)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Check the project in each environment that it describes in an `environments` folder
    ///
    /// A problem that several environments have is shown once.
    #[arg(long, conflicts_with = "env")]
    pub(crate) all_envs: bool,
}

/// What every command on a project takes.
#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// The project's folder [default: the current one]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,

    /// The project's folder, as a flag
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,

    /// The environment, whose overrides stand in environments/NAME.kdef
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,

    /// Give a variable a value; may be repeated, and wins over everything else
    ///
    /// The value is read as the variable's declared type: `--set replicas=3`, `--set 'hosts=["a", "b"]'`. Several fit
    /// into one: a comma starts the next where `name=` follows it outside brackets and quotes.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,

    /// Take values from a JSON or YAML file, `-` for the standard input; may be repeated, later files win
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) values: Vec<PathBuf>,

    /// Take variable declarations from a .kdef file; may be repeated, later files win
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_hint = ValueHint::FilePath)]
    pub(crate) vars_from: Vec<PathBuf>,

    /// Only this entry of root.kdef's `deployments`; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// How to show problems
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

/// How to show problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines they stand on
    Human,
    /// As a JSON array
    Json,
    /// As workflow commands of GitHub Actions
    Github,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
