//! Trust: verification is never off, whatever a host leaves out.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::get as on_get;
use gateway::domain::connector::{Auth, Connector};
use gateway::upstream::{Lookup, UpstreamError};
use testkit::TempDir;
use testkit::tls::{PemIdentity, Shows, TestAuthority, TlsListener};

use crate::upstream_world::{World, connector, get, secret};

fn router() -> Router {
    Router::new().route("/", on_get(|| async { "{}" }))
}

fn trusting(listener: &TlsListener, file: Option<PathBuf>) -> Connector {
    Connector { extra_ca_file: file, ..connector(&listener.url("")) }
}

async fn refused(world: &World, connector: Connector) -> String {
    get(&world.upstream(connector), "/").await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_root_of_ones_own_is_trusted_where_the_file_names_it() {
    let (world, authority) = (World::new(), TestAuthority::new());
    let listener = TlsListener::serve(router(), &authority, Shows::WholeChain).await;
    get(&world.upstream(trusting(&listener, Some(authority.root_file()))), "/").await.unwrap();
    let error = refused(&world, trusting(&listener, None)).await;
    assert!(error.contains("no trusted root") && error.contains("extra_ca_file"), "{error}");
    // An intermediate is no root: it must lead to one.
    let error = refused(&world, trusting(&listener, Some(authority.intermediate_file()))).await;
    assert!(error.contains("no trusted root"), "{error}");
    let other = refused(&world, trusting(&listener, Some(TestAuthority::new().root_file()))).await;
    assert!(other.contains("signed by another authority"), "{other}");
}

#[tokio::test]
async fn a_host_without_its_intermediate_is_served_by_the_extra_file() {
    let (world, authority) = (World::new(), TestAuthority::new());
    let listener = TlsListener::serve(router(), &authority, Shows::NoIntermediate).await;
    let error = refused(&world, trusting(&listener, Some(authority.root_file()))).await;
    assert!(error.contains("leaves out its intermediate"), "{error}");
    get(&world.upstream(trusting(&listener, Some(authority.both_file()))), "/").await.unwrap();
    // The intermediate of somebody else with the same name does not help.
    let files = TempDir::new("chain");
    let mixed = files.join("mixed.pem");
    let stranger = std::fs::read_to_string(TestAuthority::new().intermediate_file()).unwrap();
    std::fs::write(&mixed, stranger + &std::fs::read_to_string(authority.root_file()).unwrap()).unwrap();
    refused(&world, trusting(&listener, Some(mixed))).await;
}

#[tokio::test]
async fn wrong_names_and_expired_certificates_are_refused_once_and_said_to_be_that() {
    let (world, authority) = (World::new(), TestAuthority::new());
    for (shows, why) in [(Shows::AnotherHost, "names another host"), (Shows::Expired, "has expired")] {
        let listener = TlsListener::serve(router(), &authority, shows).await;
        let error = refused(&world, trusting(&listener, Some(authority.both_file()))).await;
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(world.retries(), 0);
    // The name that counts is the one in the address, wherever it resolves to.
    let listener = TlsListener::serve(router(), &authority, Shows::AnotherHost).await;
    let mut named = trusting(&listener, Some(authority.root_file()));
    named.base_url = format!("https://elsewhere.test:{}", listener.port()).parse().unwrap();
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }));
    get(&world.upstream_looking_up(named, lookup), "/").await.unwrap();
}

#[tokio::test]
async fn files_of_certificates_that_cannot_be_used_are_named() {
    let (world, files) = (World::new(), TempDir::new("ca"));
    let path = files.join("ca.pem");
    let nothing = |connector: &mut Connector| connector.extra_ca_file = Some(path.clone());
    let mut source = connector("https://127.0.0.1:1");
    nothing(&mut source);
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (text, why) in [(None, "No such file"), (Some("hello"), "no PEM certificate"), (Some(pem), "is no certificate")]
    {
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        let error = world.refused_upstream(source.clone()).to_string();
        assert!(error.contains("ca.pem") && error.contains(why), "{error}");
    }
}

fn show(world: &World, identity: &PemIdentity) {
    world.vault.set("source/tls.crt", &identity.chain);
    world.vault.set("source/tls.key", &identity.key);
}

#[tokio::test]
async fn client_certificates_rotate_without_a_restart() {
    let (world, authority) = (World::new(), TestAuthority::new());
    let listener = TlsListener::serve(router(), &authority, Shows::ClientCertificateDemanded).await;
    let bare = trusting(&listener, Some(authority.root_file()));
    let auth = Auth::MutualTls { certificate: secret("source/tls.crt"), key: secret("source/tls.key") };
    let source = Connector { auth, ..bare.clone() };
    let error = refused(&world, bare).await;
    assert!(error.contains("cannot be reached"), "{error}");
    let upstream = world.upstream(source.clone());
    show(&world, &authority.client("bgc", true));
    let error = get(&upstream, "/").await.unwrap_err();
    assert!(matches!(&error, UpstreamError::Unreachable(_)), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("did not accept our client certificate (it says that it has expired)"), "{said}");
    // What the operator replaces is used at the next call: the refusal made us forget the old one.
    show(&world, &authority.client("bgc", false));
    get(&upstream, "/").await.unwrap();
    // A rotation in good time needs no refusal.
    show(&world, &authority.client("bgc-2", false));
    for name in ["source/tls.crt", "source/tls.key"] {
        world.secrets.forget(&secret(name));
    }
    get(&upstream, "/").await.unwrap();
    // A certificate of another authority, and one that is none.
    show(&world, &TestAuthority::new().client("bgc", false));
    for name in ["source/tls.crt", "source/tls.key"] {
        world.secrets.forget(&secret(name));
    }
    let error = refused(&world, source.clone()).await;
    assert!(error.contains("did not accept our client certificate"), "{error}");
    world.vault.set("source/tls.key", "hello");
    for name in ["source/tls.crt", "source/tls.key"] {
        world.secrets.forget(&secret(name));
    }
    let error = refused(&world, source).await;
    assert!(error.contains("source/tls.key") && error.contains("no PEM private key"), "{error}");
}
