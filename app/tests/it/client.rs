//! A client over a plain socket: it sends what it is told and reads to the end.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take: generous, the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.body))
    }

    /// Asserts that this is a problem with this status and code, and gives its JSON.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let kind = self.header("content-type");
        assert_eq!((self.status, kind), (status, "application/problem+json"), "{}", self.body);
        let body = self.json();
        assert_eq!((&body["error"], &body["status"]), (&Value::from(code), &Value::from(status)), "{body}");
        for member in ["type", "title", "detail", "message"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {body}");
        }
        body
    }
}

/// Sends a request: `head` is the request line and headers, one a line.
pub fn ask(address: &str, head: &str, body: &str) -> Answer {
    try_ask(address, head, body).unwrap_or_else(|error| panic!("{head}: {error}"))
}

/// The same; an error when nobody answers.
pub fn try_ask(address: &str, head: &str, body: &str) -> std::io::Result<Answer> {
    try_ask_from(another_client(), address, head, body)
}

/// The same from an address of the loopback, which the server counts as one client.
pub fn ask_from(client: IpAddr, address: &str, head: &str, body: &str) -> Answer {
    try_ask_from(client, address, head, body).unwrap_or_else(|error| panic!("{head}: {error}"))
}

/// An address of the loopback that no other request of this process comes from: free simulations are counted by
/// address.
pub fn another_client() -> IpAddr {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let [_, b, c, d] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    // 127.1.0.0 and up, so that it is never the server's own.
    IpAddr::V4(Ipv4Addr::new(127, b.wrapping_add(1).max(1), c, d))
}

fn connect(client: IpAddr, address: &str) -> std::io::Result<TcpStream> {
    let to: SocketAddr = address.parse().map_err(std::io::Error::other)?;
    let bound = async move {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(client, 0))?;
        socket.connect(to).await?.into_std()
    };
    // Only tokio binds before it connects; a thread of its own, as a test may run in a runtime.
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(bound)
    });
    let stream = thread.join().map_err(|_| std::io::Error::other("no connection"))??;
    stream.set_nonblocking(false)?;
    Ok(stream)
}

fn try_ask_from(client: IpAddr, address: &str, head: &str, body: &str) -> std::io::Result<Answer> {
    let mut stream = connect(client, address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = head.lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let request = format!("{head}\r\nhost: {address}\r\nconnection: close\r\n{length}\r\n{body}");
    // A server that has refused a large body may have closed already: its answer is read all the same.
    let sent = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    if bytes.is_empty() {
        sent?;
        read?;
    }
    parse(&bytes).ok_or_else(|| std::io::Error::other(format!("no answer: {:?}", String::from_utf8_lossy(&bytes))))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": ").map(|(k, v)| (k.to_lowercase(), v.to_owned())));
    Some(Answer { status, headers: headers.collect(), body: body.to_owned() })
}

/// `GET path`.
pub fn get(address: &str, path: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1"), "")
}

/// `POST` of JSON.
pub fn post(address: &str, path: &str, body: &str) -> Answer {
    ask(address, &format!("POST {path} HTTP/1.1\ncontent-type: application/json"), body)
}

/// A simulation of raw sugar, the README's example.
pub fn sugar(address: &str) -> Answer {
    post(address, "/v1/simulator/destinations", r#"{"ncm":"17011400"}"#)
}
