//! What each error means to whoever gets it. `docs/api/errors.md` and `/docs/errors` say the same.

use crate::problem::Code;

/// When a code is answered, and what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// When it is answered.
    pub when: &'static str,
    /// What the client can do.
    pub remedy: &'static str,
}

/// The explanation of a code.
#[must_use]
pub const fn explain(code: Code) -> Explanation {
    let (when, remedy) = match code {
        Code::ValidationError => (
            "a field is wrong: NCM not of 8 digits, volume not above 0, `max_results` outside 1–50, unknown country, dimension or measure",
            "correct the fields in `errors`",
        ),
        Code::NcmNotFound => ("the NCM is in neither the code table nor the data", "look it up with `/v1/ncm?q=`"),
        Code::Unauthenticated => (
            "the address asks who you are and the request does not say, or its token, key or session is wrong, expired or revoked",
            "sign in, or send a valid API key or token",
        ),
        Code::InvalidCredentials => ("e-mail or password is wrong", "correct them, or reset the password"),
        Code::Forbidden => ("you are known, and may not do this", "use an account or credential that may"),
        Code::CrossSiteRequest => {
            ("a page of another site made the browser send a change", "do it on the product's own page")
        }
        Code::AccountExists => ("sign-up with an e-mail that has an account", "sign in, or reset the password"),
        Code::NotFound => ("nothing is at this address", "check the path"),
        Code::MethodNotAllowed => ("the address takes another method", "see the header `Allow`"),
        Code::PayloadTooLarge => ("the body is larger than the route takes", "send less"),
        Code::UnsupportedMediaType => ("the body is not JSON", "send `content-type: application/json`"),
        Code::QueryTooLarge => (
            "the question would read or return more than allowed",
            "ask what `detail` ends with: a question near yours that is accepted",
        ),
        Code::RateLimitExceeded => (
            "the free simulations of the day are used (`X-RateLimit-Limit`, `-Remaining`, `-Reset` say so), or too many wrong passwords, or too many questions to the directory of PIX keys",
            "wait for `Retry-After` seconds",
        ),
        Code::Overloaded => {
            ("more work than the server takes on, or it is stopping", "try again after `Retry-After` seconds")
        }
        Code::DataUnavailable => ("nothing is loaded yet, or the store cannot be reached", "load data; see `/ready`"),
        Code::RequestTimeout => {
            ("the body of the request did not come to its end in time", "send it again, over a better connection")
        }
        Code::Timeout => ("the request did not finish in its time", "try again; ask for less"),
        Code::SourceNotFound => ("the outside source answered that there is no such thing", "check the arguments"),
        Code::SourceRefused => (
            "the outside source understood the request and refused it: a wrong credential, or an argument that it does not take",
            "see `detail`, which has the source's reason; whoever runs the program corrects the connector",
        ),
        Code::SourceInvalid => (
            "the outside source answered something else than its connector describes: a page instead of data, another shape, far too much",
            "try again later; nothing of it was kept",
        ),
        Code::SourceUnavailable => (
            "the outside source cannot be reached, fails, asks us to slow down, or is left alone after failures; and nothing usable is in the cache",
            "try again after `Retry-After` seconds",
        ),
        Code::SourceTimeout => (
            "the outside source did not answer in time, and nothing usable is in the cache",
            "try again: an answer that came too late is in the cache then",
        ),
        Code::PixKeyNotFound => (
            "nobody has the PIX key, or another institution does and this is not for others to see",
            "check the key; whose it is, is asked with a look-up",
        ),
        Code::PixKeyRefused => (
            "a rule of the directory of PIX keys refuses it: the key is another's, the account has as many as it may, a claim is under way",
            "match on `reason`; `detail` says what can be done",
        ),
        Code::Internal => ("a defect on our side", "report it with the header `x-request-id`"),
    };
    Explanation { when, remedy }
}

/// The `detail` of one occurrence, for examples.
pub(super) const fn example(code: Code) -> &'static str {
    match code {
        Code::ValidationError => "max_results must be an integer from 1 to 50.",
        Code::NcmNotFound => {
            "NCM 99999999 is in neither the code table nor the data; look the product up at /v1/ncm?q=."
        }
        Code::Unauthenticated => "sign in, or send an API key or token, to use this address",
        Code::InvalidCredentials => "the e-mail or the password is wrong",
        Code::Forbidden => "only a person who is signed in may do this; keys and tokens may not",
        Code::CrossSiteRequest => {
            "a page of another site sent this request; open the product's own page and do it there"
        }
        Code::AccountExists => "there is an account with this e-mail; sign in, or reset the password",
        Code::NotFound => "there is nothing at `/v1/nowhere`",
        Code::MethodNotAllowed => "`/v1/exports` does not take POST; it takes GET",
        Code::PayloadTooLarge => "the body is larger than this address takes",
        Code::UnsupportedMediaType => {
            "the body is of type `text/plain`; send JSON with the header `Content-Type: application/json`"
        }
        Code::QueryTooLarge => "the answer would have more than 1000000 groups; add a cut or take a drilldown away",
        Code::RateLimitExceeded => "the 5 free simulations of today are used up",
        Code::Overloaded => "too many requests are under way; try again in a second",
        Code::DataUnavailable => {
            "no exports have been loaded yet; run `bgc ingest load-csv FILE` or start with `bgc up --sample`"
        }
        Code::RequestTimeout => "the body did not come to its end within 10 s; send it again",
        Code::Timeout => "no answer within 10 s; ask for less, or again later",
        Code::SourceNotFound => "comexstat: the source says that there is no such thing",
        Code::SourceRefused => "comexstat: the source refused the request with 400: Filtro inválido",
        Code::SourceInvalid => "comexstat: the source's answer cannot be used: text/html instead of JSON",
        Code::SourceUnavailable => "comexstat: the source has failed 5 times in a row and is left alone for 42 s more",
        Code::SourceTimeout => "comexstat: the source did not answer within 30000 ms",
        Code::PixKeyNotFound => "there is no such PIX key",
        Code::PixKeyRefused => "the account has as many keys as it may; remove one first",
        Code::Internal => "the request could not be answered; its id for a report is 4bf92f3577b34da6a3ce929d0e0e4736",
    }
}
