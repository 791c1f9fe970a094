//! Connections outside a pool: notifications, and encryption that is never given up in silence.

use platform::postgres::Role;
use platform::postgres::settings::{DatabasePlace, from_env};
use testkit::TestDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn what_is_notified_arrives_and_the_end_is_noticed() {
    let database = TestDatabase::create(&[]).await;
    let mut listener = database.target(Role::AppRw).listen(&["demo_changed"]).await.unwrap();
    let client = database.connect(Role::AppRw).await;
    client.batch_execute("NOTIFY demo_changed, '42'; NOTIFY other, '1'").await.unwrap();
    let heard = listener.next().await.unwrap();
    assert_eq!((heard.channel(), heard.payload()), ("demo_changed", "42"));
    client
        .batch_execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'app_rw' AND datname = current_database()")
        .await
        .unwrap();
    assert!(listener.next().await.is_none());
}

/// A server that has no TLS. Returns what the client sends after it was told so.
async fn server_without_tls(listener: tokio::net::TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = [0_u8; 8];
    stream.read_exact(&mut request).await.unwrap();
    assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "the client asks for TLS first");
    stream.write_all(b"N").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    rest
}

#[tokio::test]
async fn a_required_encryption_is_never_given_up() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://ana:s3cret@{}/bgc?sslmode={mode}", listener.local_addr().unwrap());
        let settings = from_env(|name| (name == "DATABASE_URL").then(|| url.clone()), ".bgc");
        // Verification needs root certificates, which a bare machine may lack: that is refused at once.
        let Ok(settings) = settings else { continue };
        let DatabasePlace::External { app, .. } = settings.place else { panic!("external") };
        let (connected, sent) = tokio::join!(app.connect(), server_without_tls(listener));
        assert!(connected.is_err(), "{mode}");
        assert!(sent.is_empty(), "{mode}: nothing is sent in the clear");
    }
}
