//! What a failed source means to whoever asked, in both languages, and which code it is.

use platform::problem::Code;

use super::CallFailure;
use crate::cache::{FLIGHTS_MAX, FlightFailure};
use crate::upstream::UpstreamError;

/// A failure, ready for an answer.
pub(super) struct Told {
    /// Which error.
    pub code: Code,
    /// In Portuguese.
    pub portuguese: String,
    /// Seconds after which asking again may help.
    pub retry_after_s: Option<u64>,
}

/// Seconds to wait where nothing better is known.
const RETRY_AFTER_S: u64 = 5;

/// Tells a failure of a source. The English text is its `Display`.
pub(super) fn tell(failure: &CallFailure) -> Told {
    let told = |code, portuguese: String| Told { code, portuguese, retry_after_s: None };
    let unavailable = |portuguese: String, retry_after_s: u64| Told {
        code: Code::SourceUnavailable,
        portuguese,
        retry_after_s: Some(retry_after_s.max(1)),
    };
    let error = match failure {
        CallFailure::Upstream(error) => error,
        CallFailure::Flight(FlightFailure::Abandoned) => {
            return unavailable("a chamada foi interrompida".to_owned(), 1);
        }
        CallFailure::Flight(FlightFailure::Crowded) => {
            let portuguese = format!("já há {FLIGHTS_MAX} perguntas diferentes em andamento");
            return Told { code: Code::Overloaded, portuguese, retry_after_s: Some(1) };
        }
    };
    match error {
        UpstreamError::NotFound => told(Code::SourceNotFound, "a fonte diz que isso não existe".to_owned()),
        UpstreamError::Resting { failures, retry_after_s } => unavailable(
            format!("a fonte falhou {failures} vezes seguidas e fica em paz por mais {retry_after_s} s"),
            *retry_after_s,
        ),
        UpstreamError::Queued { retry_after_s } => unavailable(
            format!("há pedidos demais à espera desta fonte; a próxima vez é daqui a {retry_after_s} s"),
            *retry_after_s,
        ),
        UpstreamError::TooManyRequests { retry_after_s } => {
            unavailable("a fonte diz que é consultada vezes demais".to_owned(), *retry_after_s)
        }
        UpstreamError::Unreachable(why) => {
            unavailable(format!("não foi possível chegar à fonte: {why}"), RETRY_AFTER_S)
        }
        UpstreamError::Failed(status) => unavailable(format!("a fonte respondeu {status}"), RETRY_AFTER_S),
        UpstreamError::Secret(error) => {
            unavailable(format!("falta uma credencial do conector: {error}"), RETRY_AFTER_S)
        }
        UpstreamError::Unavailable { retry_after_s } => unavailable(
            format!("a fonte respondeu 503 e pede que a deixem em paz por {retry_after_s} s"),
            *retry_after_s,
        ),
        UpstreamError::Setup(why) => unavailable(format!("o conector não pode ser usado: {why}"), RETRY_AFTER_S),
        UpstreamError::Disk(why) => unavailable(format!("o arquivo não pode ser guardado: {why}"), RETRY_AFTER_S),
        UpstreamError::Timeout(ms) => told(Code::SourceTimeout, format!("a fonte não respondeu em {ms} ms")),
        UpstreamError::Refused { status, detail } => {
            told(Code::SourceRefused, format!("a fonte recusou o pedido com {status}: {detail}"))
        }
        UpstreamError::TooLarge(bytes) => {
            told(Code::SourceInvalid, format!("a resposta da fonte tem mais de {bytes} bytes"))
        }
        UpstreamError::Invalid(why) | UpstreamError::Forbidden(why) => {
            told(Code::SourceInvalid, format!("a resposta da fonte não pode ser usada: {why}"))
        }
    }
}
