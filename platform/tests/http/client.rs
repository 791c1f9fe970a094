//! A client that sends exactly what it is given.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, as read from the wire.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    /// Asserts that this is a problem of the given kind, and gives its detail.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> String {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, Some("application/problem+json")),
            "{}",
            self.body
        );
        let body = self.json();
        assert_eq!(body["error"], code);
        assert_eq!(body["status"], status);
        body["detail"].as_str().unwrap().to_owned()
    }
}

pub struct Client {
    pub stream: TcpStream,
    /// Read and not part of an answer yet.
    ahead: Vec<u8>,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), ahead: Vec::new() }
    }

    pub async fn send(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Whether the other side closes without another byte.
    pub async fn closed(&mut self) -> bool {
        let mut byte = [0];
        matches!(self.stream.read(&mut byte).await, Ok(0) | Err(_))
    }

    pub async fn answer(&mut self) -> Answer {
        let mut bytes = std::mem::take(&mut self.ahead);
        let head_end = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            let read = self.stream.read_buf(&mut bytes).await.unwrap();
            assert_ne!(read, 0, "closed after {:?}", String::from_utf8_lossy(&bytes));
        };
        let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> =
            lines.filter_map(|line| line.split_once(": ")).map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
        let mut body = bytes[head_end + 4..].to_vec();
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, v)| v.parse().unwrap());
        while body.len() < length {
            assert_ne!(self.stream.read_buf(&mut body).await.unwrap(), 0, "the body ends early");
        }
        self.ahead = body.split_off(length);
        Answer { status, headers, body: String::from_utf8(body).unwrap() }
    }
}

/// One request on a connection of its own. `head` is the request line and headers, one a line.
pub async fn ask(address: SocketAddr, head: &str, body: &str) -> Answer {
    let mut client = Client::connect(address).await;
    let head = head.trim().lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    client.send(&format!("{head}\r\nhost: test\r\n{length}connection: close\r\n\r\n{body}")).await;
    if head.starts_with("HEAD") {
        // Its length is that of the body it does not have.
        let mut text = String::new();
        client.stream.read_to_string(&mut text).await.unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let headers = head.lines().filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_lowercase(), v.to_owned()));
        return Answer { status, headers: headers.collect(), body: body.to_owned() };
    }
    client.answer().await
}

/// A GET of `path`.
pub async fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1"), "").await
}
