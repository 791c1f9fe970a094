//! A server whose listeners speak TLS, and what its settings refuse.

use platform::tls::{ClientTls, ClientTlsSettings, IdentityFiles};
use testkit::tls::TestAuthority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Server, bgc, sample_copy, stderr};

/// The answer of `https://address/path` to a client that trusts the authority, or why there is none.
fn ask(address: &str, path: &str, authority: &TestAuthority, identity: Option<IdentityFiles>) -> String {
    let tls = ClientTls::open(ClientTlsSettings::new(Some(authority.root_file()), identity)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let asked = runtime.block_on(async {
        let mut stream = tls.connect("127.0.0.1", TcpStream::connect(address).await?).await?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    });
    asked.unwrap_or_else(|error| error.to_string())
}

#[test]
fn every_listener_speaks_tls_and_asks_its_clients_who_they_are() {
    let (_dir, data_dir) = sample_copy("tls");
    let authority = TestAuthority::new();
    let files = authority.keep("server", &authority.server(&["localhost", "127.0.0.1"], false));
    let text = |path: &std::path::Path| path.display().to_string();
    let (certificate, key, authorities) = (text(&files.certificate), text(&files.key), text(&authority.root_file()));
    let settings = [
        ("BGC_TLS_CERTIFICATE_FILE", certificate.as_str()),
        ("BGC_TLS_KEY_FILE", &key),
        ("BGC_TLS_CLIENT_CA_FILE", &authorities),
    ];
    let server = Server::up_with(&data_dir, false, &settings);
    assert!(server.printed.contains(&format!("https://{}", server.http)), "{}", server.printed);
    let client = authority.keep("client", &authority.client("client.test", false));
    for (address, path) in [(&server.http, "/health"), (&server.gateway, "/health"), (&server.operations, "/metrics")] {
        let answer = ask(address, path, &authority, Some(client.clone()));
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        let refused = ask(address, path, &authority, None);
        assert!(refused.contains("CertificateRequired"), "{path}: {refused}");
    }
    let healthcheck = |settings: &[(&str, &str)]| {
        let mut command = bgc(&data_dir);
        command.envs(settings.iter().copied()).env("BGC_OPERATIONS_LISTEN", &server.operations).arg("healthcheck");
        command.output().unwrap()
    };
    let healthy = healthcheck(&settings);
    assert!(healthy.status.success(), "{}", stderr(&healthy));
    assert!(!healthcheck(&[]).status.success(), "in the clear it hears nothing");
    assert_eq!(server.stop("TERM").code(), Some(0));
}

#[test]
fn settings_of_tls_that_do_not_go_together_are_refused_by_name() {
    let dir = testkit::TempDir::new("tls-settings");
    let refused = |settings: &[(&str, &str)]| {
        let output = bgc(dir.path()).args(["config", "print"]).envs(settings.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    assert!(refused(&[("BGC_TLS_CERTIFICATE_FILE", "/a.pem")]).contains("tls.key_file"));
    assert!(refused(&[("BGC_TLS_CLIENT_CA_FILE", "/a.pem")]).contains("tls.certificate_file"));
    assert!(refused(&[("BGC_TLS_OPERATIONS", "sometimes")]).contains("tls.operations"));
}
