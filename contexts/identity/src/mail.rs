//! Mail: what is sent, and the ways to send it.

use std::fmt::Debug;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use chrono::{DateTime, Utc};
use platform::http::language::Language;

use crate::domain::email::Email;
use crate::text::pick;

/// Files that an outbox keeps; older ones make room.
const OUTBOX_FILES_MAX: usize = 1000;

/// A mail of plain text.
#[derive(Clone)]
pub struct Mail {
    /// To whom.
    pub to: Email,
    /// One line of ASCII.
    pub subject: &'static str,
    /// The text; lines end with a line feed.
    pub text: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Its own id: letters and digits.
    pub id: String,
}

impl Debug for Mail {
    /// Personal data and a secret link: neither is printed by accident.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

impl Mail {
    /// The mail with the link to set a new password.
    #[must_use]
    pub fn password_reset(to: &Email, link: &str, language: Language, at: DateTime<Utc>, id: String) -> Self {
        let text = match language {
            Language::PtBr => format!(
                "Alguém pediu uma nova senha para a conta deste e-mail no Brasil Global Connect.\n\n\
                 Para escolher a nova senha, abra este link na próxima hora; ele funciona uma vez:\n\n{link}\n\n\
                 Com a nova senha, todas as sessões terminam e as chaves de API da conta são apagadas.\n\n\
                 Se não foi você, não faça nada: a senha continua a mesma.\n"
            ),
            Language::En => format!(
                "Somebody asked for a new password for the account of this e-mail at Brasil Global Connect.\n\n\
                 To choose the new password, open this link within an hour; it works once:\n\n{link}\n\n\
                 With the new password, every session ends and the API keys of the account are deleted.\n\n\
                 If it was not you, do nothing: the password stays as it is.\n"
            ),
        };
        let subject = pick(language, "Nova senha no Brasil Global Connect", "New password at Brasil Global Connect");
        Self { to: to.clone(), subject, text, at, id }
    }

    /// The mail as a file (RFC 5322), text in UTF-8.
    #[must_use]
    pub fn to_eml(&self) -> String {
        let head = format!(
            "From: Brasil Global Connect <no-reply@bgc.local>\nTo: {}\nSubject: {}\nDate: {}\nMessage-ID: <{}@bgc.local>\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\
             Auto-Submitted: auto-generated\n\n",
            self.to.as_str(),
            self.subject,
            self.at.to_rfc2822(),
            self.id
        );
        (head + &self.text).replace('\n', "\r\n")
    }
}

/// A mail was not sent. Says nothing about to whom.
#[derive(Debug, thiserror::Error)]
#[error("a mail could not be written into the outbox: {0}")]
pub struct MailError(String);

/// What a [`Mailer`] answers.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// A way to send mail.
pub trait Mailer: Debug + Send + Sync + 'static {
    /// Sends a mail, or hands it over to whoever does.
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a>;
}

/// Writes each mail as a file that only the server's own user can read. For a machine without a mail server; a
/// mail program opens the files.
#[derive(Debug, Clone)]
pub struct FileOutbox {
    directory: PathBuf,
}

impl FileOutbox {
    /// An outbox in a directory, which is made with the first mail.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }
}

impl Mailer for FileOutbox {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        let directory = self.directory.clone();
        let name = format!("{}-{}.eml", mail.at.format("%Y%m%dT%H%M%S%6fZ"), mail.id);
        let content = mail.to_eml();
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&directory, &name, &content)).await;
            let written = written.map_err(|error| MailError(error.to_string()))?;
            written.map_err(|error| MailError(error.to_string()))
        })
    }
}

fn write(directory: &Path, name: &str, content: &str) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    make_room(directory)?;
    // Under another name until it is whole: whoever watches the directory sees whole mails only.
    let partial = directory.join(format!(".{name}"));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(content.as_bytes())?;
    fs::rename(&partial, directory.join(name))
}

/// Removes the oldest mails, so that with the next one there are at most [`OUTBOX_FILES_MAX`].
fn make_room(directory: &Path) -> std::io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(|name| name.ends_with(".eml")) {
            names.push(name);
        }
    }
    if names.len() >= OUTBOX_FILES_MAX {
        // Names begin with the time.
        names.sort();
        let over = names.len() + 1 - OUTBOX_FILES_MAX;
        for name in names.iter().take(over) {
            fs::remove_file(directory.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mail(number: usize) -> Mail {
        let to = Email::parse("ana@example.com").unwrap();
        let at = DateTime::from_timestamp(1_742_040_000 + i64::try_from(number).unwrap(), 0).unwrap();
        Mail::password_reset(&to, "http://127.0.0.1:3000/account#reset=abc", Language::PtBr, at, format!("{number:04}"))
    }

    #[tokio::test]
    async fn mails_are_private_files_and_the_oldest_make_room() {
        let dir = testkit::TempDir::new("outbox");
        let outbox = FileOutbox::new(dir.join("outbox"));
        for number in 0..OUTBOX_FILES_MAX + 2 {
            outbox.send(&mail(number)).await.unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(dir.join("outbox")).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        assert_eq!(names.len(), OUTBOX_FILES_MAX);
        assert!(names[0].to_str().unwrap().ends_with("20250315T120002000000Z-0002.eml"), "{}", names[0].display());
        assert_eq!(fs::metadata(&names[0]).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&names[0]).unwrap();
        assert!(text.contains("To: ana@example.com\r\n") && text.contains("/account#reset=abc\r\n"), "{text}");
        assert!(text.lines().all(str::is_ascii) || text.contains("charset=utf-8"));
        assert!(!format!("{:?}", mail(1)).contains("ana"));
    }
}
