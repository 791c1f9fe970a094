//! What can go wrong in a use case of this context, and what a caller is told of it.

use axum::http::{HeaderValue, header};
use chrono::TimeDelta;
use platform::http::language::Language;
use platform::problem::{Code, Problem};
use platform::random::EntropyError;

use crate::domain::lifetime::API_KEYS_MAX;
use crate::domain::lock_out::{Locked, retry_after_s};
use crate::domain::password::PasswordError;
use crate::hashing::HashError;
use crate::store::StoreError;
use crate::text::{self, pick};

/// Why a use case did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// E-mail or password is wrong; nobody is told which.
    #[error("e-mail or password is wrong")]
    InvalidCredentials,
    /// The session ended while it was asked for something.
    #[error("the session has ended")]
    SessionOver,
    /// Too many tries.
    #[error("too many tries; the next may be made in {} s", .0.num_seconds())]
    Locked(TimeDelta),
    /// The e-mail has an account.
    #[error("there is an account with this e-mail already")]
    AccountExists,
    /// There is no such thing, or it is somebody else's.
    #[error("there is nothing with this id")]
    NotFound,
    /// A password that is not taken; the field it came in.
    #[error("{reason}")]
    Password {
        /// JSON pointer.
        pointer: &'static str,
        /// Why.
        reason: PasswordError,
    },
    /// A reset that is not open (any more).
    #[error("the link to set a new password is unknown, used or expired")]
    ResetOver,
    /// The user has as many API keys as anybody may.
    #[error("there are {API_KEYS_MAX} API keys already")]
    TooManyKeys,
    /// Too much work of this kind waits already.
    #[error("too many passwords are being checked")]
    Overloaded,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A password could not be hashed.
    #[error("{0}")]
    Hashing(String),
}

impl From<Locked> for IdentityError {
    fn from(Locked(wait): Locked) -> Self {
        Self::Locked(wait)
    }
}

impl From<HashError> for IdentityError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded => Self::Overloaded,
            HashError::Entropy(error) => Self::Entropy(error),
            HashError::Failed(text) => Self::Hashing(text),
        }
    }
}

impl IdentityError {
    /// Whether the server failed, and not the one who asked.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Overloaded | Self::Store(_) | Self::Entropy(_) | Self::Hashing(_))
    }

    /// What the caller is told; faults of ours are logged here and told without their cause.
    #[must_use]
    pub fn problem(self, language: Language) -> Problem {
        let told = |code, portuguese, english| Problem::new(code, pick(language, portuguese, english));
        match self {
            Self::InvalidCredentials => challenged(told(
                Code::InvalidCredentials,
                "E-mail ou senha incorretos; confira os dois ou peça uma nova senha.",
                "The e-mail or the password is wrong; check both, or ask for a new password.",
            )),
            Self::SessionOver => challenged(told(
                Code::Unauthenticated,
                "A sessão terminou; entre de novo.",
                "The session has ended; sign in again.",
            )),
            Self::Locked(wait) => locked(wait, language),
            Self::AccountExists => told(
                Code::AccountExists,
                "Já existe uma conta com este e-mail; entre com ela ou peça uma nova senha.",
                "There is an account with this e-mail already; sign in to it, or ask for a new password.",
            ),
            Self::NotFound => {
                told(Code::NotFound, "Não há nada com este identificador.", "There is nothing with this id.")
            }
            Self::Password { pointer, reason } => Problem::field(pointer, text::password(reason, language)),
            Self::ResetOver => Problem::field(
                "/token",
                pick(
                    language,
                    "O link é desconhecido, já foi usado ou expirou; peça outro.",
                    "The link is unknown, was used already, or has expired; ask for another one.",
                ),
            ),
            Self::TooManyKeys => Problem::field("/name", text::too_many_keys(language)),
            Self::Overloaded => {
                let mut problem = told(
                    Code::Overloaded,
                    "Há pedidos demais agora; tente de novo em alguns segundos.",
                    "There are too many requests right now; try again in a few seconds.",
                );
                problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("2")));
                problem
            }
            Self::Store(error) if error.is_passing() => {
                tracing::error!(%error, "the store could not be asked");
                let mut problem = told(
                    Code::DataUnavailable,
                    "As contas não podem ser consultadas agora; tente de novo em instantes.",
                    "The accounts cannot be looked up now; try again shortly.",
                );
                problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("1")));
                problem
            }
            fault @ (Self::Store(_) | Self::Entropy(_) | Self::Hashing(_)) => {
                tracing::error!(error = %fault, "a request of an account failed");
                told(
                    Code::Internal,
                    "O pedido não pôde ser atendido; a falha é nossa.",
                    "The request could not be answered; the fault is ours.",
                )
            }
        }
    }
}

/// Says by what to show who one is.
fn challenged(mut problem: Problem) -> Problem {
    problem.headers.push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bgc\"")));
    problem
}

fn locked(wait: TimeDelta, language: Language) -> Problem {
    let seconds = retry_after_s(wait);
    let detail = match language {
        Language::PtBr => format!("Tentativas demais; tente de novo em {seconds} s."),
        Language::En => format!("Too many tries; try again in {seconds} s."),
    };
    let mut problem = Problem::new(Code::RateLimitExceeded, detail);
    problem.headers.push((header::RETRY_AFTER, HeaderValue::from(seconds)));
    problem
}
