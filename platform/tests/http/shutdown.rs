//! The two stages of the end.

use std::time::Duration;

use platform::lifecycle::{Cause, Ended, Lifecycle, Signal, Signals};
use rustix::process::{Signal as SystemSignal, getpid, kill_process};
use tokio::net::TcpStream;

use crate::client::{Client, get};
use crate::server::start;

#[tokio::test]
async fn the_soft_stop_finishes_requests_and_takes_no_more() {
    let server = start().await;
    let (signal, signals) = Signals::manual();
    let lifecycle = server.lifecycle.clone();
    let exit = tokio::spawn(async move { lifecycle.run(signals).await });
    let mut idle = Client::connect(server.address).await;
    idle.send("GET /hello HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert_eq!(idle.answer().await.status, 200);
    let mut busy = Client::connect(server.address).await;
    busy.send("GET /gate HTTP/1.1\r\nhost: test\r\n\r\n").await;
    server.in_flight(1).await;

    signal.send(Signal::Terminate).await.unwrap();
    assert!(idle.closed().await, "an idle connection ends at once");
    assert!(!server.readiness.is_ready());
    for _ in 0..100 {
        if TcpStream::connect(server.address).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(TcpStream::connect(server.address).await.is_err(), "the listener is closed");

    server.gate.add_permits(1);
    let answer = busy.answer().await;
    assert_eq!((answer.body.as_str(), answer.header("connection")), ("through", Some("close")));
    assert!(busy.closed().await);
    assert_eq!(exit.await.unwrap().ended, Ended::Drained);
    assert_eq!(server.end.await.unwrap().cut, 0);
}

#[tokio::test]
async fn a_second_signal_cuts_what_is_left() {
    let server = start().await;
    let (signal, signals) = Signals::manual();
    let lifecycle = server.lifecycle.clone();
    let exit = tokio::spawn(async move { lifecycle.run(signals).await });
    let mut stuck = Client::connect(server.address).await;
    stuck.send("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await;
    server.in_flight(1).await;
    signal.send(Signal::Interrupt).await.unwrap();
    signal.send(Signal::Interrupt).await.unwrap();
    assert!(stuck.closed().await);
    assert_eq!(exit.await.unwrap().code(), 130);
    assert_eq!(server.end.await.unwrap().cut, 1);
}

#[tokio::test]
async fn two_servers_in_one_process_stop_apart() {
    let (first, second) = (start().await, start().await);
    first.lifecycle.stop("only this one");
    first.end.await.unwrap();
    assert_eq!(get(second.address, "/hello").await.status, 200);
    assert!(second.readiness.is_ready());
}

#[tokio::test]
async fn the_system_s_signals_stop_and_a_closed_terminal_does_not() {
    let lifecycle = Lifecycle::new(Duration::from_secs(5));
    let signals = Signals::install().unwrap();
    let soft = lifecycle.soft().clone();
    let exit = tokio::spawn(async move { lifecycle.run(signals).await });
    kill_process(getpid(), SystemSignal::HUP).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!soft.is_cancelled());
    kill_process(getpid(), SystemSignal::TERM).unwrap();
    let exit = exit.await.unwrap();
    assert_eq!((exit.cause, exit.ended), (Cause::Signal(Signal::Terminate), Ended::Drained));
}
