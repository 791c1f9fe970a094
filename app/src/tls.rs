//! TLS of the listeners, as the settings say, and a health check that speaks it.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use platform::tls::{ClientTls, ClientTlsSettings, IdentityFiles, TlsServer, TlsSettings, Verification};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::Config;

/// Bytes of an answer that a health check looks at.
const STATUS_LINE_BYTES: usize = 64;

/// What the listeners speak; in the clear where there is none.
#[derive(Debug, Clone)]
pub struct ListenerTls {
    /// Of everything that serves somebody.
    pub service: Option<TlsServer>,
    /// Of the operations listener.
    pub operations: Option<TlsServer>,
}

impl ListenerTls {
    /// Reads the files.
    pub fn open(config: &Config) -> Result<Self> {
        let Some(identity) = identity(config)? else { return Ok(Self { service: None, operations: None }) };
        let client_ca_file = config.optional("tls.client_ca_file").map(PathBuf::from);
        let service = TlsServer::open(TlsSettings::new(identity.clone(), client_ca_file))
            .context("read tls.certificate_file, tls.key_file and tls.client_ca_file")?;
        let operations = match config.text("tls.operations") {
            "off" => None,
            "server" => Some(TlsServer::open(TlsSettings::new(identity, None))?),
            _ => Some(service.clone()),
        };
        Ok(Self { service: Some(service), operations })
    }
}

/// Whether the settings of TLS go together; the files are not read.
pub fn check(config: &Config) -> Result<()> {
    if identity(config)?.is_none() && config.optional("tls.client_ca_file").is_some() {
        bail!("tls.client_ca_file needs tls.certificate_file and tls.key_file");
    }
    match config.text("tls.operations") {
        "same" | "server" | "off" => Ok(()),
        other => bail!("tls.operations is {other:?}: say same, server or off"),
    }
}

/// How an address of a listener begins.
pub fn scheme(config: &Config) -> &'static str {
    if config.optional("tls.certificate_file").is_some() { "https" } else { "http" }
}

fn identity(config: &Config) -> Result<Option<IdentityFiles>> {
    let file = |key| config.optional(key).map(PathBuf::from);
    let names = ("tls.certificate_file", "tls.key_file");
    Ok(IdentityFiles::pair(file(names.0), file(names.1), names)?)
}

/// The status line that the operations listener answers to `/health`.
pub async fn ask_health(config: &Config, address: SocketAddr) -> Result<String> {
    let stream = TcpStream::connect(address).await.context("is the server running?")?;
    match identity(config)?.filter(|_| config.text("tls.operations") != "off") {
        None => asked(stream, address).await,
        Some(identity) => {
            // It is our own listener on our own machine, and is asked nothing but whether it is well: that its
            // certificate names this address is not needed. It is shown to itself where it asks for one.
            let settings = ClientTlsSettings::new(None, Some(identity));
            let tls = ClientTls::open(ClientTlsSettings { verification: Verification::Nothing, ..settings })?;
            let name = address.ip().to_string();
            let refused = "if it asks for a certificate of a client, the one of tls.certificate_file must do, or set tls.operations to server";
            asked(tls.connect(&name, stream).await?, address).await.context(refused)
        }
    }
}

async fn asked(mut stream: impl AsyncRead + AsyncWrite + Unpin, address: SocketAddr) -> Result<String> {
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = vec![0; STATUS_LINE_BYTES];
    let read = stream.read(&mut answer).await?;
    let text = String::from_utf8_lossy(answer.get(..read).unwrap_or_default()).into_owned();
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
