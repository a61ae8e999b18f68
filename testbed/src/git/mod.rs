//! A Git server that speaks the smart HTTP protocol, and repositories to commit to.
//!
//! Flux's source-controller fetches over HTTP with the smart protocol only. `git http-backend`, which comes with
//! Git, speaks it behind CGI; commits are written straight into the bare repositories with `git fast-import`.

mod command;
mod repository;

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

use anyhow::{Result, ensure};

use self::command::git;
pub(crate) use self::command::require_git;
pub use self::repository::{Change, Repository};
use crate::http::{Request, Server, respond};

/// Serves Git repositories over HTTP on a loopback port until it is dropped.
#[derive(Debug)]
pub struct GitServer {
    root: PathBuf,
    server: Server,
}

impl GitServer {
    /// Starts a server whose bare repositories live in `root`, an existing folder.
    pub fn start(root: &Path) -> Result<GitServer> {
        let folder = root.to_owned();
        let server = Server::start(move |request, connection| serve(&folder, request, connection))?;
        Ok(GitServer {
            root: root.to_owned(),
            server,
        })
    }

    /// Creates an empty repository. `name` may hold slashes; it must be new on this server.
    pub fn repository(&self, name: &str) -> Result<Repository> {
        let file = format!("{name}.git");
        let path = self.root.join(&file);
        ensure!(!path.exists(), "the Git server has a repository {name} already");
        fs::create_dir_all(&path)?;
        Repository::create(path, format!("{}/{file}", self.server.url()))
    }
}

/// Answers one request with `git http-backend` as a CGI program.
fn serve(root: &Path, request: &Request, connection: &mut TcpStream) -> io::Result<()> {
    let mut backend = git(root);
    backend
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", &request.path)
        .env("QUERY_STRING", &request.query)
        .env("REQUEST_METHOD", &request.method)
        .env("REMOTE_ADDR", "127.0.0.1")
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("CONTENT_TYPE", request.header("Content-Type").unwrap_or_default())
        .env(
            "HTTP_CONTENT_ENCODING",
            request.header("Content-Encoding").unwrap_or_default(),
        )
        .env("GIT_PROTOCOL", request.header("Git-Protocol").unwrap_or_default());
    let mut child = backend
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return respond(connection, "500 Internal Server Error", b"");
    };
    thread::scope(|scope| {
        // The backend may answer before it has read all of the request.
        scope.spawn(move || stdin.write_all(&request.body));
        relay(BufReader::new(stdout), connection)
    })?;
    child.wait().map(drop)
}

/// Turns a CGI response into an HTTP response whose end is the end of the connection.
fn relay(mut cgi: impl BufRead, connection: &mut TcpStream) -> io::Result<()> {
    let mut status = "200 OK".to_owned();
    let mut headers = String::new();
    let mut line = String::new();
    while cgi.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
        match line.trim_end().split_once(": ") {
            Some(("Status", value)) => value.clone_into(&mut status),
            _ => headers.extend([line.trim_end(), "\r\n"]),
        }
        line.clear();
    }
    write!(
        connection,
        "HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n"
    )?;
    io::copy(&mut cgi, connection).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Setup {
        folder: tempfile::TempDir,
        server: GitServer,
    }

    fn setup() -> Setup {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("served");
        fs::create_dir(&root).unwrap();
        let server = GitServer::start(&root).unwrap();
        Setup { folder, server }
    }

    fn clone(setup: &Setup, repository: &Repository) -> PathBuf {
        let target = tempfile::tempdir_in(setup.folder.path()).unwrap().keep();
        let output = git(setup.folder.path())
            .args(["clone", "--quiet", repository.url()])
            .arg(&target)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        target
    }

    #[test]
    fn a_clone_has_what_was_committed() {
        let setup = setup();
        let repository = setup.server.repository("team/shop").unwrap();
        assert_eq!(repository.head().unwrap(), None);
        let large = "kdef ".repeat(1 << 20);
        repository
            .commit(&[("a/b \"c\".txt", "one"), ("large", &large)], "First")
            .unwrap();
        let changes = [Change::Link("link", "a"), Change::Write("new", b"two")];
        let revision = repository.commit_changes(&changes, "Second").unwrap();
        let clone = clone(&setup, &repository);
        assert_eq!(fs::read_to_string(clone.join("a/b \"c\".txt")).unwrap(), "one");
        assert_eq!(fs::read_to_string(clone.join("large")).unwrap(), large);
        assert_eq!(fs::read_link(clone.join("link")).unwrap(), Path::new("a"));
        assert_eq!(fs::read_to_string(clone.join("new")).unwrap(), "two");
        let head = git(&clone)
            .arg("-C")
            .arg(&clone)
            .args(["rev-parse", "HEAD"])
            .output()
            .unwrap()
            .stdout;
        assert_eq!(
            format!("main@sha1:{}", String::from_utf8(head).unwrap().trim()),
            revision
        );
    }

    #[test]
    fn a_folder_replaces_everything() {
        let setup = setup();
        let repository = setup.server.repository("shop").unwrap();
        repository
            .commit(&[("old", "1"), ("folder/kept", "1")], "First")
            .unwrap();
        let source = setup.folder.path().join("source");
        fs::create_dir_all(source.join("folder")).unwrap();
        fs::write(source.join("folder/kept"), "2").unwrap();
        repository.commit_dir(&source, "Second").unwrap();
        let clone = clone(&setup, &repository);
        assert!(!clone.join("old").exists());
        assert_eq!(fs::read_to_string(clone.join("folder/kept")).unwrap(), "2");
    }

    #[test]
    fn removing_gives_a_new_revision() {
        let setup = setup();
        let repository = setup.server.repository("shop").unwrap();
        let first = repository.commit(&[("a", "1"), ("b/c", "1")], "First").unwrap();
        let second = repository.remove("b").unwrap();
        assert_ne!(first, second);
        assert!(!clone(&setup, &repository).join("b").exists());
    }

    #[test]
    fn a_repository_that_does_not_exist_is_not_found() {
        let setup = setup();
        let url = format!("{}/none.git", setup.server.server.url());
        let output = git(setup.folder.path())
            .args(["ls-remote", &url])
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("not found"),
            "{output:?}"
        );
    }
}
