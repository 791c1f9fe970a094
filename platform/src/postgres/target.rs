//! A database that can be connected to, with or without TLS.

use tokio_postgres::{Client, Config, NoTls, Notification};
use tokio_util::sync::CancellationToken;

use super::tls::Connector;

/// How many notifications wait for a slow listener before the connection stops reading more.
const NOTIFICATIONS_WAITING: usize = 256;

/// Where to connect, and how.
#[derive(Clone)]
pub struct Target {
    /// Host, user, database, password.
    pub(super) config: Config,
    /// The TLS to use where the server and the configuration's mode ask for it.
    pub(super) tls: Option<Connector>,
}

impl std::fmt::Debug for Target {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("hosts", &self.config.get_hosts())
            .field("ports", &self.config.get_ports())
            .field("user", &self.config.get_user())
            .field("database", &self.config.get_dbname())
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

impl Target {
    /// A target that is not encrypted: a Unix socket.
    #[must_use]
    pub fn plain(config: Config) -> Self {
        Self { config, tls: None }
    }

    /// The connection parameters.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The same with settings of the session on top, as in `options` of libpq (`-c jit=off`), and a name for
    /// `pg_stat_activity`.
    #[must_use]
    pub fn with_session(&self, application_name: &str, options: &str) -> Self {
        let mut target = self.clone();
        target.config.application_name(application_name);
        let options = self.config.get_options().map_or(options.to_owned(), |chosen| format!("{chosen} {options}"));
        target.config.options(options);
        target
    }

    /// Opens one connection, outside any pool. It ends when the client is dropped.
    pub async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(run(connection));
                Ok(client)
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                tokio::spawn(run(connection));
                Ok(client)
            }
        }
    }

    /// Opens one connection that listens on channels (`LISTEN`). What is notified from then on arrives in
    /// the [`Listener`]; when the connection breaks, it says so by ending.
    pub async fn listen(&self, channels: &[&str]) -> Result<Listener, tokio_postgres::Error> {
        let (sender, notifications) = tokio::sync::mpsc::channel(NOTIFICATIONS_WAITING);
        let cancel = CancellationToken::new();
        let client = match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(forward(connection, sender, cancel.clone()));
                client
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                tokio::spawn(forward(connection, sender, cancel.clone()));
                client
            }
        };
        let listener = Listener { client, notifications, cancel };
        for channel in channels {
            listener.client.batch_execute(&format!("LISTEN \"{}\"", channel.replace('"', "\"\""))).await?;
        }
        Ok(listener)
    }
}

/// A connection that listens.
#[derive(Debug)]
pub struct Listener {
    client: Client,
    notifications: tokio::sync::mpsc::Receiver<Notification>,
    cancel: CancellationToken,
}

impl Listener {
    /// The next notification; `None` when the connection has ended (connect again, and catch up first:
    /// what was notified meanwhile is lost).
    pub async fn next(&mut self) -> Option<Notification> {
        self.notifications.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Drives a connection until its client is dropped.
async fn run<S, T>(connection: tokio_postgres::Connection<S, T>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    if let Err(error) = connection.await {
        tracing::warn!(error = super::describe(&error), "a connection to PostgreSQL ended");
    }
}

/// Drives a connection and hands on what is notified.
async fn forward<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    sender: tokio::sync::mpsc::Sender<Notification>,
    cancel: CancellationToken,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        let message = tokio::select! {
            () = cancel.cancelled() => return,
            message = std::future::poll_fn(|context| connection.poll_message(context)) => message,
        };
        match message {
            Some(Ok(tokio_postgres::AsyncMessage::Notification(notification))) => {
                if sender.send(notification).await.is_err() {
                    return;
                }
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::warn!(error = super::describe(&error), "the listening connection to PostgreSQL ended");
                return;
            }
            None => return,
        }
    }
}
