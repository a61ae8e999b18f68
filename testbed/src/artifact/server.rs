//! An HTTP server for artifacts, which can serve them wrongly.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::http::{Request, Server, respond, write_head};
use crate::locked;

/// How a path is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With these bytes.
    Bytes(Vec<u8>),
    /// With a status line such as `503 Service Unavailable` and no body.
    Status(String),
    /// With these bytes, after announcing `missing` bytes more; the connection ends early.
    ShortBody {
        /// What is sent.
        body: Vec<u8>,
        /// How many bytes are announced and never sent.
        missing: usize,
    },
    /// With these bytes, `chunk` bytes at a time, with a pause before each chunk.
    Slow {
        /// What is sent.
        body: Vec<u8>,
        /// Bytes a time, at least 1.
        chunk: usize,
        /// The pause before each chunk.
        pause: Duration,
    },
}

/// Serves hand-made artifacts on a loopback port until it is dropped. Paths it does not know are a 404.
#[derive(Debug)]
pub struct ArtifactServer {
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    server: Server,
}

impl ArtifactServer {
    /// Starts a server that knows no path.
    pub fn start() -> Result<ArtifactServer> {
        let answers: Arc<Mutex<BTreeMap<String, Answer>>> = Arc::default();
        let known = Arc::clone(&answers);
        let server = Server::start(move |request, connection| serve(&known, request, connection))?;
        Ok(ArtifactServer { answers, server })
    }

    /// Answers `path` (without a leading slash) like this from now on, and returns its URL.
    pub fn serve(&self, path: &str, answer: Answer) -> String {
        locked(&self.answers).insert(format!("/{path}"), answer);
        self.url(path)
    }

    /// Answers `path` with a 404 from now on.
    pub fn remove(&self, path: &str) {
        locked(&self.answers).remove(&format!("/{path}"));
    }

    /// Returns the URL of a path, served or not.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.server.url())
    }
}

fn serve(
    answers: &Mutex<BTreeMap<String, Answer>>,
    request: &Request,
    connection: &mut TcpStream,
) -> io::Result<()> {
    let answer = locked(answers).get(&request.path).cloned();
    match answer {
        None => respond(connection, "404 Not Found", b""),
        Some(Answer::Status(status)) => respond(connection, &status, b""),
        Some(Answer::Bytes(body)) => respond(connection, "200 OK", &body),
        Some(Answer::ShortBody { body, missing }) => {
            write_head(connection, "200 OK", body.len() + missing)?;
            connection.write_all(&body)
        }
        Some(Answer::Slow { body, chunk, pause }) => {
            write_head(connection, "200 OK", body.len())?;
            body.chunks(chunk.max(1)).try_for_each(|chunk| {
                thread::sleep(pause);
                connection.write_all(chunk)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn get(url: &str) -> String {
        let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        write!(connection, "GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    }

    #[test]
    fn every_answer_is_served_as_asked() {
        let server = ArtifactServer::start().unwrap();
        let body = b"kdef".to_vec();
        let slow = Answer::Slow {
            body: body.clone(),
            chunk: 3,
            pause: Duration::from_millis(1),
        };
        let cases = [
            (
                Answer::Bytes(body.clone()),
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nkdef",
            ),
            (
                Answer::Status("503 Busy".to_owned()),
                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
            (
                Answer::ShortBody { body, missing: 5 },
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nkdef",
            ),
            (
                slow,
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nkdef",
            ),
        ];
        for (answer, expected) in cases {
            let described = format!("{answer:?}");
            let url = server.serve("x/y.tar.gz", answer);
            assert_eq!(get(&url), expected, "{described}");
        }
        server.remove("x/y.tar.gz");
        assert!(get(&server.url("x/y.tar.gz")).starts_with("HTTP/1.1 404 "));
    }
}
