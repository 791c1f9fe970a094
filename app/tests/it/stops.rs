//! How a server ends: asked once, asked twice, out of time, killed.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::client::{sugar, try_ask};
use crate::harness::{Server, postgres_processes, sample_copy, signal, wait_for};

/// A request whose body never comes to its end: the server works on it until it gives up.
fn endless_request(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /v1/simulator/destinations HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// Waits until a request is under way.
fn wait_until_working(server: &Server) {
    wait_for("a request under way", || {
        let metrics = crate::client::get(&server.operations, "/metrics").body;
        let working = |line: &str| {
            let count = line.strip_prefix("bgc_http_requests_in_flight ");
            count.is_some_and(|count| count.trim().parse::<u32>().unwrap() >= 2)
        };
        metrics.lines().any(working).then_some(())
    });
}

#[test]
fn a_request_without_an_end_is_answered_408_and_a_second_signal_forces_the_stop() {
    let (_dir, data_dir) = sample_copy("second-signal");
    let mut server =
        Server::up_with(&data_dir, false, &[("BGC_HTTP_TIMEOUT_MS", "1500"), ("BGC_HTTP_DRAIN_MS", "600000")]);
    let mut answer = String::new();
    endless_request(&server.http).read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"error\":\"request_timeout\""), "{answer}");
    server = {
        server.stop("TERM");
        Server::up_with(&data_dir, false, &[("BGC_HTTP_TIMEOUT_MS", "600000"), ("BGC_HTTP_DRAIN_MS", "600000")])
    };
    let held = endless_request(&server.http);
    wait_until_working(&server);
    signal(server.process.id(), "TERM");
    wait_for("the listener to close", || try_ask(&server.http, "GET /health HTTP/1.1", "").err());
    assert!(server.process.child.try_wait().unwrap().is_none(), "it waits for the request under way");
    assert_eq!(server.stop("INT").code(), Some(130));
    drop(held);
}

#[test]
fn a_stop_that_takes_too_long_ends_at_its_deadline() {
    let (_dir, data_dir) = sample_copy("deadline");
    let server = Server::up_with(&data_dir, false, &[("BGC_HTTP_DRAIN_MS", "200"), ("BGC_HTTP_TIMEOUT_MS", "600000")]);
    let held = endless_request(&server.http);
    wait_until_working(&server);
    assert_eq!(server.stop("TERM").code(), Some(124));
    drop(held);
}

#[test]
fn after_a_kill_nothing_is_lost_and_nothing_is_left_running() {
    let (_dir, data_dir) = sample_copy("killed");
    let mut server = Server::up(&data_dir, false);
    let before = sugar(&server.http).json()["destinations"].clone();
    signal(server.process.id(), "KILL");
    server.process.end();
    // At once: PostgreSQL may still be on its way down.
    let again = Server::up(&data_dir, false);
    assert_eq!(sugar(&again.http).json()["destinations"], before);
    again.stop("TERM");
    let mut third = Server::up(&data_dir, false);
    signal(third.process.id(), "KILL");
    third.process.end();
    if std::path::Path::new("/usr/bin/setpriv").exists() {
        wait_for("PostgreSQL to follow its owner", || postgres_processes(&data_dir).is_empty().then_some(()));
    }
    assert_eq!(Server::up(&data_dir, false).stop("INT").code(), Some(0));
}
