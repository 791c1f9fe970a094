//! What a failed use case is to a client of the HTTP API: one closed mapping, in both languages of the product.

use axum::http::{HeaderName, HeaderValue, header};
use chrono::{DateTime, FixedOffset, Utc};
use platform::problem::{Code, Problem, Text};

use super::schema::Incomplete;
use crate::domain::refusal::{Refusal, RefusalKind, Violation};
use crate::failure::Failure;

/// Seconds after which something that is busy is worth asking again.
const BUSY_PAUSE_S: u64 = 1;
/// Seconds that Brasília is behind UTC; there is no summer time since 2019.
const BRASILIA_S: i32 = 3 * 3600;

/// The answer to a request that failed.
pub(super) fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::Refused(refusal) => refused(&refusal),
        Failure::Invalid(violations) => invalid(&violations),
        Failure::NotFound(what) => not_found(what),
        Failure::MissingScope(scope) => Problem::spoken(
            Code::Forbidden,
            format!("O token não tem a permissão `{scope}`; use um que a tenha."),
            format!("The token lacks the scope `{scope}`; use one that has it."),
        ),
        Failure::Quota { limit, retry_after_ms } => limited(&limit, Some(retry_after_ms)),
        Failure::Unavailable { what: "directory", retry_after_ms } => directory_unavailable(retry_after_ms),
        Failure::Unavailable { what, retry_after_ms } => {
            tracing::warn!(what, "a request about PIX keys needs what is not available");
            unavailable(retry_after_ms)
        }
        Failure::Busy => refused(&RefusalKind::ResourceConflict.into()),
        Failure::Store(error) => {
            tracing::warn!(%error, "the base of PIX keys could not be reached");
            unavailable(None)
        }
        Failure::Vault(error) => defect(&error.to_string()),
        Failure::Internal(what) => defect(&what),
    }
}

impl From<Incomplete> for Failure {
    fn from(incomplete: Incomplete) -> Self {
        Self::Internal(incomplete.to_string())
    }
}

/// The same where the fields are parameters of the query, which have names and no pointers.
pub(super) fn problem_of_query(failure: Failure) -> Problem {
    let mut problem = problem(failure);
    let english = problem.english.iter_mut().flat_map(|english| &mut english.errors);
    for error in problem.errors.iter_mut().chain(english) {
        error.pointer = error.pointer.trim_start_matches('/').to_owned();
    }
    problem
}

/// A claim that is not there, or not for the caller to see.
pub(super) fn no_such_claim() -> Problem {
    not_found("claim")
}

fn refused(refusal: &Refusal) -> Problem {
    if !refusal.violations.is_empty() {
        return invalid(&refusal.violations);
    }
    match refusal.kind {
        RefusalKind::NotFound | RefusalKind::Gone | RefusalKind::ClaimKeyNotFound => not_found("key"),
        RefusalKind::RateLimited => limited("directory", refusal.retry_after_ms),
        RefusalKind::ServiceUnavailable => directory_unavailable(refusal.retry_after_ms),
        RefusalKind::Forbidden | RefusalKind::ParticipantInvalid => {
            let text = words(refusal);
            Problem::spoken(Code::Forbidden, text.portuguese, text.english)
        }
        RefusalKind::InternalServerError | RefusalKind::RequestSignatureInvalid => {
            let text = words(refusal);
            Problem::spoken(Code::SourceRefused, text.portuguese, text.english)
        }
        RefusalKind::BadRequest | RefusalKind::EntryInvalid | RefusalKind::ClaimInvalid => {
            Problem::fields(vec![(String::new(), words(refusal))])
        }
        RefusalKind::RequestIdAlreadyUsed => Problem::fields(vec![("Idempotency-Key".to_owned(), words(refusal))]),
        RefusalKind::InvalidReason => Problem::fields(vec![("/reason".to_owned(), words(refusal))]),
        kind => {
            let text = words(refusal);
            let mut problem = Problem::spoken(Code::PixKeyRefused, text.portuguese, text.english);
            problem.reason = Some(kind.reason());
            if kind == RefusalKind::ResourceConflict {
                problem.headers.push(retry_after(BUSY_PAUSE_S));
            }
            problem
        }
    }
}

/// What a refusal means to whoever asked, and what they can do.
#[expect(clippy::too_many_lines, reason = "one table of texts")]
fn words(refusal: &Refusal) -> Text {
    let until = refusal.period_end.map(day).unwrap_or_default();
    let (portuguese, english) = match refusal.kind {
        RefusalKind::Forbidden => (
            "O diretório não permite isto à sua instituição.",
            "The directory does not allow your institution to do this.",
        ),
        RefusalKind::ParticipantInvalid => (
            "O diretório não reconhece a instituição da conta; confira o ISPB.",
            "The directory does not know the account's institution; check the ISPB.",
        ),
        RefusalKind::InternalServerError => {
            ("O diretório falhou; tente de novo em instantes.", "The directory failed; try again shortly.")
        }
        RefusalKind::RequestSignatureInvalid => (
            "O diretório recusou a assinatura do pedido; quem opera a conexão precisa corrigi-la.",
            "The directory refused the request's signature; whoever runs the connection has to correct it.",
        ),
        RefusalKind::BadRequest | RefusalKind::EntryInvalid | RefusalKind::ClaimInvalid => (
            "O diretório não aceita os dados; confira chave, conta e titular.",
            "The directory does not accept the data; check key, account and owner.",
        ),
        RefusalKind::RequestIdAlreadyUsed => (
            "Este Idempotency-Key já foi usado com outros dados; use um novo.",
            "This Idempotency-Key was used with other data; use a new one.",
        ),
        RefusalKind::InvalidReason => {
            ("O motivo não serve para esta operação.", "The reason does not fit this operation.")
        }
        RefusalKind::TaxIdNumberBlocked => (
            "O CPF ou CNPJ está bloqueado por ordem judicial; nada pode ser feito com ele.",
            "The CPF or CNPJ is blocked by a court; nothing can be done with it.",
        ),
        RefusalKind::EntryLimitExceeded => (
            "A conta já tem todas as chaves que pode ter: 5 de pessoa física, 20 de pessoa jurídica. Exclua uma antes.",
            "The account has as many keys as it may: 5 of a natural person, 20 of a legal one. Remove one first.",
        ),
        RefusalKind::EntryAlreadyExists => (
            "Esta chave já está registrada para esta pessoa na sua instituição.",
            "This key is registered for this person at your institution already.",
        ),
        RefusalKind::EntryCannotBeQueriedForBookTransfer => (
            "A chave é da sua própria instituição: o pagamento é uma transferência interna.",
            "The key is your own institution's: the payment is a book transfer.",
        ),
        RefusalKind::EntryKeyOwnedByDifferentPerson => (
            "A chave é de outra pessoa. Se o telefone agora é do seu cliente, inicie uma reivindicação de posse.",
            "The key is another person's. If the phone is your customer's now, open a claim of ownership.",
        ),
        RefusalKind::EntryKeyInCustodyOfDifferentParticipant => (
            "A chave é desta pessoa, em outra instituição. Para trazê-la, inicie uma portabilidade.",
            "The key is this person's, at another institution. To bring it here, open a portability.",
        ),
        RefusalKind::EntryLockedByClaim => (
            "Há uma reivindicação ou portabilidade em curso desta chave; espere o seu fim.",
            "A claim or portability of this key is under way; wait for its end.",
        ),
        RefusalKind::EntryTaxIdNumberByDifferentOwner => (
            "Uma chave de CPF ou CNPJ só pode ser registrada para o próprio titular.",
            "A CPF or CNPJ can be the key of its own holder only.",
        ),
        RefusalKind::EntryBlocked => (
            "A chave está bloqueada por ordem judicial; nada pode ser feito com ela.",
            "The key is blocked by a court; nothing can be done with it.",
        ),
        RefusalKind::EntryWithFraudRelatedRestriction => (
            "A chave ou a pessoa tem uma restrição por fraude; trate o caso com a área de prevenção.",
            "The key or the person is restricted for fraud; take the case to those who prevent it.",
        ),
        RefusalKind::ClaimTypeInconsistent => (
            "O tipo não serve: posse é só de telefone de outra pessoa; portabilidade, da mesma pessoa em outra instituição.",
            "The kind does not fit: ownership is for another person's phone, portability for the same person's key elsewhere.",
        ),
        RefusalKind::ClaimAlreadyExistsForKey => (
            "Já há uma reivindicação ou portabilidade em curso desta chave.",
            "A claim or portability of this key is under way already.",
        ),
        RefusalKind::ClaimResultingEntryAlreadyExists => (
            "A chave já é desta pessoa na sua instituição; não há o que reivindicar.",
            "The key is this person's at your institution already; there is nothing to claim.",
        ),
        RefusalKind::ClaimOperationInvalid => (
            "O estado da reivindicação, ou o lado da sua instituição nela, não permite isto; consulte-a de novo.",
            "The claim's state, or your institution's side in it, does not allow this; ask for it anew.",
        ),
        RefusalKind::ClaimResolutionPeriodNotEnded => {
            return Text::new(
                format!("O prazo de resposta ainda não terminou{}.", until_portuguese(&until)),
                format!("The period for an answer has not ended yet{}.", until_english(&until)),
            );
        }
        RefusalKind::ClaimCompletionPeriodNotEnded => {
            return Text::new(
                format!("O prazo de encerramento ainda não terminou{}.", until_portuguese(&until)),
                format!("The period before completion has not ended yet{}.", until_english(&until)),
            );
        }
        RefusalKind::ResourceConflict => (
            "Outra operação com a mesma chave está em curso; tente de novo em um segundo.",
            "Another operation with the same key is under way; try again in a second.",
        ),
        // Answered as codes of their own.
        RefusalKind::NotFound | RefusalKind::Gone | RefusalKind::ClaimKeyNotFound => {
            ("Ninguém tem esta chave.", "Nobody has this key.")
        }
        RefusalKind::RateLimited => ("O limite foi alcançado.", "The limit is reached."),
        RefusalKind::ServiceUnavailable => ("O diretório não está disponível.", "The directory is not available."),
    };
    Text::new(portuguese, english)
}

/// A moment as people in Brazil and abroad write it, in the time of Brasília.
fn day(at: DateTime<Utc>) -> (String, String) {
    let Some(brasilia) = FixedOffset::west_opt(BRASILIA_S) else { return (String::new(), String::new()) };
    let at = at.with_timezone(&brasilia);
    (at.format("%d/%m/%Y às %H:%M").to_string(), at.format("%Y-%m-%d %H:%M BRT").to_string())
}

fn until_portuguese((portuguese, _): &(String, String)) -> String {
    if portuguese.is_empty() { String::new() } else { format!("; ele vai até {portuguese}") }
}

fn until_english((_, english): &(String, String)) -> String {
    if english.is_empty() { String::new() } else { format!("; it lasts until {english}") }
}

/// Fields that are wrong; a path `account.number` is the pointer `/account/number`.
fn invalid(violations: &[Violation]) -> Problem {
    let field = |violation: &Violation| (pointer(&violation.property), reason(&violation.reason));
    match violations {
        [] => Problem::fields(vec![(String::new(), reason("it is not valid"))]),
        violations => Problem::fields(violations.iter().map(field).collect()),
    }
}

fn pointer(property: &str) -> String {
    match property {
        // A header of the request.
        "request_id" => "Idempotency-Key".to_owned(),
        _ => format!("/{}", property.replace('.', "/")),
    }
}

/// What is wrong with a field: the domain's words, and the same in Portuguese where they are known.
fn reason(english: &str) -> Text {
    let portuguese = match english {
        "it is required" | "it is missing" => "Falta preencher.",
        "it is required: the key is not of the own base, and the directory asks for it" => {
            "A chave não é da sua instituição, e o diretório pede isto para consultar."
        }
        "it is required where the user asks for the removal" => "Falta dizer quem pediu a exclusão.",
        "the possession of a phone or e-mail must be proved first" => {
            "A posse do telefone ou e-mail precisa ser comprovada antes, com um código."
        }
        "it is E, an ISPB, yyyyMMddHHmm and eleven letters or digits: 32 characters" => {
            "Um EndToEndId tem 32 caracteres: E, o ISPB, aaaaMMddHHmm e onze letras ou números."
        }
        "it begins with the ISPB of another institution" => "O EndToEndId é de outra instituição.",
        "the institution is on both sides: which of them cancels?" => {
            "A instituição está dos dois lados; diga qual deles cancela."
        }
        "the institution is not on that side" => "A instituição não está desse lado.",
        "a name has more than spaces" => "O nome não pode ser só de espaços.",
        "it is negative" => "Não pode ser negativo.",
        "its check digits are wrong" => "Os dígitos verificadores não conferem.",
        "it does not have the form of its kind" | "no kind of key has this form" => {
            "Não tem a forma de uma chave deste tipo."
        }
        "it is longer than 77 characters" => "Tem mais de 77 caracteres.",
        "it is neither a CPF (11 digits) nor a CNPJ (14 characters)" => {
            "Não é CPF (11 dígitos) nem CNPJ (14 caracteres)."
        }
        "a natural person has a CPF, a legal person a CNPJ" => "Pessoa física tem CPF; pessoa jurídica, CNPJ.",
        "an ISPB has eight characters, digits or letters" => "Um ISPB tem oito caracteres, números ou letras.",
        "a UUID has 36 characters: 32 hexadecimal digits and four hyphens"
        | "it is not a UUID"
        | "it is no UUID of version 4" => "Não é um UUID versão 4, com 32 dígitos hexadecimais e quatro hifens.",
        "it has one to four digits, without the check digit" => {
            "A agência tem de um a quatro dígitos, sem o verificador."
        }
        "it has one to twenty digits or letters, with the check digit" => {
            "O número tem de um a vinte dígitos ou letras, com o verificador."
        }
        "only legal persons have one" => "Só pessoa jurídica tem nome fantasia.",
        "it has 1 to 150 letters, spaces, apostrophes and hyphens" => {
            "O nome tem de 1 a 150 letras, espaços, apóstrofos e hifens."
        }
        "it has 1 to 150 characters of ISO 8859-1 that can be printed"
        | "it has 1 to 100 characters of ISO 8859-1 that can be printed" => {
            "Há caracteres demais, ou que o diretório não aceita."
        }
        "it does not fit the operation" => "O motivo não serve para esta operação.",
        "the directory makes random keys" => "Chaves aleatórias são criadas pelo diretório; deixe o valor vazio.",
        "random keys cannot be claimed" => "Chaves aleatórias não podem ser reivindicadas.",
        "codes are sent to phones and e-mails only" => "Códigos são enviados só a telefones e e-mails.",
        "it is not the code that was sent" => "Não é o código que foi enviado.",
        "it is no confirmed, fresh and unused possession of this key" => {
            "A posse desta chave não foi comprovada há pouco; peça um código e confirme-o."
        }
        "it is not from an earlier answer to the same question of the same caller" => {
            "Não é de uma resposta à mesma pergunta."
        }
        _ => return Text::new("O valor não serve.", sentence(english)),
    };
    Text::new(portuguese, sentence(english))
}

/// The domain's words begin small and have no full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

fn not_found(what: &str) -> Problem {
    match what {
        "claim" => Problem::spoken(
            Code::NotFound,
            "Não há reivindicação ou portabilidade com este id em que a sua instituição tome parte.",
            "There is no claim or portability of this id in which your institution takes part.",
        ),
        "possession" => Problem::fields(vec![(
            "/possession_id".to_owned(),
            Text::new(
                "O código expirou ou foi tentado vezes demais; peça outro.",
                "The code expired or was tried too often; ask for another.",
            ),
        )]),
        _ => Problem::spoken(
            Code::PixKeyNotFound,
            "Não há esta chave; confira se foi digitada por inteiro.",
            "There is no such key; check that it was typed in full.",
        ),
    }
}

fn limited(limit: &str, retry_after_ms: Option<u64>) -> Problem {
    let seconds = seconds(retry_after_ms).max(1);
    let mut problem = Problem::spoken(
        Code::RateLimitExceeded,
        format!("O limite `{limit}` foi alcançado; tente de novo em {seconds} s."),
        format!("The limit `{limit}` is reached; try again in {seconds} s."),
    );
    problem.headers.push(retry_after(seconds));
    problem
}

fn directory_unavailable(retry_after_ms: Option<u64>) -> Problem {
    let mut problem = Problem::spoken(
        Code::SourceUnavailable,
        "O diretório de chaves PIX não respondeu; tente de novo em instantes.",
        "The directory of PIX keys did not answer; try again shortly.",
    );
    problem.headers.push(retry_after(seconds(retry_after_ms).max(1)));
    problem
}

fn unavailable(retry_after_ms: Option<u64>) -> Problem {
    let mut problem = Problem::spoken(
        Code::DataUnavailable,
        "A base de chaves PIX não está acessível agora; tente de novo em instantes.",
        "The base of PIX keys cannot be reached now; try again shortly.",
    );
    problem.headers.push(retry_after(seconds(retry_after_ms).max(1)));
    problem
}

fn defect(what: &str) -> Problem {
    tracing::error!(what, "a request about PIX keys met a defect");
    Problem::spoken(
        Code::Internal,
        "O pedido não pôde ser respondido; a falha é nossa.",
        "The request could not be answered; the fault is ours.",
    )
}

fn seconds(milliseconds: Option<u64>) -> u64 {
    milliseconds.unwrap_or_default().div_ceil(1000)
}

fn retry_after(seconds: u64) -> (HeaderName, HeaderValue) {
    (header::RETRY_AFTER, HeaderValue::from(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::http::language::Language;

    #[test]
    fn every_refusal_has_its_words_and_says_no_field_of_nobody() {
        for kind in RefusalKind::ALL {
            let problem = problem(Failure::Refused(kind.into()));
            let body = problem.body_in(Language::PtBr);
            assert!(!problem.detail.is_empty(), "{kind:?}");
            assert_ne!(problem.code, Code::Internal, "{kind:?}");
            let refused = problem.code == Code::PixKeyRefused;
            assert_eq!(body.get("reason").is_some(), refused, "{kind:?}");
            if refused {
                assert_eq!(body["reason"], kind.reason());
            }
        }
    }

    #[test]
    fn the_reference_lists_every_rule_that_refuses_and_every_route_with_its_scope() {
        let reference = include_str!("../../../../docs/api/pix-keys.md");
        for kind in RefusalKind::ALL {
            let refused = problem(Failure::Refused(kind.into())).code == Code::PixKeyRefused;
            assert_eq!(reference.contains(&format!("| `{}` |", kind.reason())), refused, "{kind:?}");
        }
        for rule in super::super::ACCESS {
            let platform::auth::Access::Scope(scope) = rule.access else { panic!("{} has no scope", rule.path) };
            let row = format!("| `{} {}` | `{scope}` |", rule.method, rule.path);
            assert!(reference.contains(&row), "{row}");
        }
    }

    #[test]
    fn wrong_fields_are_pointed_at() {
        let violations = vec![
            Violation::new("account.number", "it has one to twenty digits or letters, with the check digit"),
            Violation::new("request_id", "it is not a UUID"),
            Violation::new("key.value", "something new"),
        ];
        let problem = problem(Failure::Invalid(violations));
        let pointers: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/account/number", "Idempotency-Key", "/key/value"]);
        let english = problem.body_in(Language::En);
        assert_eq!(english["errors"][2]["detail"], "Something new.");
    }

    #[test]
    fn a_period_says_its_end_and_a_limit_its_pause() {
        let end = "2026-11-29T12:00:00Z".parse().unwrap();
        let period = problem(Failure::Refused(Refusal::until(RefusalKind::ClaimResolutionPeriodNotEnded, end)));
        assert!(period.detail.contains("29/11/2026 às 09:00"), "{}", period.detail);
        let limit = problem(Failure::Quota { limit: "lookups".to_owned(), retry_after_ms: 1_001 });
        assert_eq!(limit.headers, [retry_after(2)]);
    }
}
