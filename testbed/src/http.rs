//! A small HTTP/1.1 server on a loopback port, for the Git server and for artifacts that must be served wrongly.
//!
//! Handlers write the response to the bare connection, since a broken response (a short body, a stall) is what some
//! of them are for. One request a connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

const MAX_HEAD: u64 = 64 << 10;
const MAX_HEADERS: usize = 64;
const MAX_BODY: u64 = 64 << 20;
const PATIENCE: Duration = Duration::from_mins(1);

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path, not decoded, without the query.
    pub(crate) path: String,
    pub(crate) query: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Returns the value of a header, whatever the case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A server that answers until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Listens on a free loopback port and calls `handler` for each request, on a thread of its own.
    pub(crate) fn start<H>(handler: H) -> Result<Server>
    where
        H: Fn(&Request, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
        let server = Server {
            address: listener.local_addr()?,
            stopped: Arc::default(),
        };
        let stopped = Arc::clone(&server.stopped);
        let handler = Arc::new(handler);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(mut connection) = connection else { continue };
                let handler = Arc::clone(&handler);
                // An error here is the client's: it went away or sent no HTTP.
                thread::spawn(move || answer(&mut connection, handler.as_ref()).ok());
            }
        });
        Ok(server)
    }

    /// Returns the server's base URL, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _woken = TcpStream::connect(self.address);
    }
}

/// Writes a whole response with a body.
pub(crate) fn respond(connection: &mut TcpStream, status: &str, body: &[u8]) -> io::Result<()> {
    write_head(connection, status, body.len())?;
    connection.write_all(body)
}

/// Writes the status line and the headers of a response whose body is announced as `length` bytes.
pub(crate) fn write_head(connection: &mut TcpStream, status: &str, length: usize) -> io::Result<()> {
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
}

/// Returns whether `GET path` on a loopback port is answered with status 200.
pub(crate) fn answers_ok(port: u16, path: &str) -> Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut connection = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    connection.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut status = String::new();
    BufReader::new(connection.take(MAX_HEAD)).read_line(&mut status)?;
    Ok(status.split(' ').nth(1) == Some("200"))
}

fn answer(
    connection: &mut TcpStream,
    handler: &dyn Fn(&Request, &mut TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    match read_request(connection)? {
        Ok(request) => handler(&request, connection),
        Err(status) => respond(connection, status, b""),
    }
}

/// Reads a request, or returns the status line that refuses it.
fn read_request(connection: &TcpStream) -> io::Result<std::result::Result<Request, &'static str>> {
    let mut reader = BufReader::new(connection);
    let head = read_head(&mut reader)?;
    let Some(mut request) = parse_head(&head) else {
        return Ok(Err("400 Bad Request"));
    };
    if request.header("Transfer-Encoding").is_some() {
        return Ok(Err("411 Length Required"));
    }
    let length: u64 = request
        .header("Content-Length")
        .map_or(Ok(0), str::parse)
        .unwrap_or(u64::MAX);
    if length > MAX_BODY {
        return Ok(Err("413 Content Too Large"));
    }
    reader.take(length).read_to_end(&mut request.body)?;
    Ok(Ok(request))
}

/// Reads up to and including the empty line that ends a request's head.
fn read_head(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut reader = reader.take(MAX_HEAD);
    while !head.ends_with(b"\r\n\r\n") && reader.read_until(b'\n', &mut head)? > 0 {}
    Ok(head)
}

fn parse_head(head: &[u8]) -> Option<Request> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(head).ok().filter(httparse::Status::is_complete)?;
    let target = parsed.path?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Some(Request {
        method: parsed.method?.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| {
                (
                    header.name.to_owned(),
                    String::from_utf8_lossy(header.value).into_owned(),
                )
            })
            .collect(),
        body: Vec::new(),
    })
}
