//! Logs, and the one-time set-up of cryptography.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::args::{LogEncoding, LogLevel};

/// Starts logging to standard error. Request and response bodies and values are never logged, at any level.
pub(crate) fn start_logging(level: LogLevel, encoding: LogEncoding) {
    let own = match level {
        LogLevel::Trace => "trace",
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    };
    // Libraries may log what they send below the level of warnings, so they stay there whatever our own level is.
    let library = if level == LogLevel::Error { "error" } else { "warn" };
    let filter = EnvFilter::new(format!("{library},kdef_controller={own},kdef_cluster={own}"));
    let logs = fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match encoding {
        LogEncoding::Json => logs
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .init(),
        LogEncoding::Console => logs.init(),
    }
}

/// Makes `ring` the process's provider of cryptography for TLS; calling it again changes nothing.
pub(crate) fn install_crypto() {
    // An error means that a provider is installed already.
    let _installed = rustls::crypto::ring::default_provider().install_default();
}
