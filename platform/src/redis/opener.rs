//! Opens a connection, by the driver itself or over our own TLS: it trusts whom we trust, and its files may change.

use std::io;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, RedisConnectionInfo, RedisResult};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::describe;
use super::settings::RedisSettings;
use crate::tls::ClientTls;

/// How a connection is opened.
pub(super) struct Opener {
    way: Way,
    config: AsyncConnectionConfig,
}

enum Way {
    Driver(Client),
    Tls { tls: ClientTls, host: String, port: u16, greeting: RedisConnectionInfo },
}

impl Opener {
    pub fn new(settings: &RedisSettings, config: AsyncConnectionConfig) -> RedisResult<Self> {
        let way = match (&settings.tls, settings.info.addr()) {
            (Some(tls), ConnectionAddr::Tcp(host, port)) => {
                let greeting = settings.info.redis_settings().clone();
                Way::Tls { tls: tls.clone(), host: host.clone(), port: *port, greeting }
            }
            _ => Way::Driver(Client::open(settings.info.clone())?),
        };
        Ok(Self { way, config })
    }

    /// Opens one, with its greeting and its password. Says in words why it cannot, without a credential.
    pub async fn open(&self) -> Result<MultiplexedConnection, String> {
        match &self.way {
            Way::Driver(client) => {
                let connecting = client.get_multiplexed_async_connection_with_config(&self.config);
                connecting.await.map_err(|error| describe(&error))
            }
            Way::Tls { tls, host, port, greeting } => {
                let stream = connect(tls, host, *port).await.map_err(|error| error.to_string())?;
                let greeted = MultiplexedConnection::new_with_config(greeting, stream, self.config.clone()).await;
                let (connection, driving) = greeted.map_err(|error| describe(&error))?;
                // Ends when the last handle on the connection is gone.
                tokio::spawn(driving);
                Ok(connection)
            }
        }
    }
}

async fn connect(tls: &ClientTls, host: &str, port: u16) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    rustix::net::sockopt::set_tcp_user_timeout(
        &stream,
        u32::try_from(super::settings::UNACKNOWLEDGED.as_millis()).unwrap_or(u32::MAX),
    )?;
    tls.connect(host, stream).await
}
