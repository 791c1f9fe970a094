//! One attempt: a request, the redirects that it may follow, and what the status means.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_RANGE, LOCATION, RANGE,
};
use reqwest::{Method, Response};
use secrecy::ExposeSecret;
use url::Url;

use super::credentials::Shown;
use super::failure::{self, Failure};
use super::{Upstream, UpstreamError, address, answer, body};
use crate::domain::connector::{Endpoint, EndpointKind, HttpMethod};
use crate::domain::mapping::OutboundRequest;

/// At most so many redirects are followed.
const REDIRECTS_MAX: usize = 3;
/// As much of a refusal's body is read, to say why.
const REFUSAL_BYTES_MAX: usize = 16 << 10;

/// What is asked, the same in every attempt.
#[derive(Debug)]
pub(super) struct Call {
    pub method: Method,
    /// Without credentials.
    pub url: Url,
    pub body: Option<Bytes>,
    /// Whether bytes are wanted as they are.
    pub file: bool,
}

/// The rest of a file: from a byte on, if it is still the file that we began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rest {
    pub from: u64,
    pub validator: String,
}

/// Which part of a file is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// All of it.
    All,
    /// The rest of it.
    Rest(&'a Rest),
    /// As little as can be asked for: the headers count.
    FirstByte,
}

impl Call {
    /// A request below `base`, which decides scheme, host and port.
    pub fn new(base: &Url, endpoint: &Endpoint, request: &OutboundRequest) -> Result<Self, UpstreamError> {
        let below = base.path().trim_end_matches('/');
        let mut url = base.clone();
        url.set_path(&format!("{below}{}", request.path));
        let inside = url.path().strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !inside {
            return Err(UpstreamError::Forbidden("the request leaves the connector's base address".to_owned()));
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let method = match endpoint.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
        };
        let body = request.body.as_ref().map(|body| Bytes::from(body.to_string()));
        Ok(Self { method, url, body, file: matches!(endpoint.kind, EndpointKind::File { .. }) })
    }

    /// The same, asking for the headers only.
    pub fn head(self) -> Self {
        Self { method: Method::HEAD, body: None, file: true, ..self }
    }
}

/// A step of a request: the first, or one that a redirect led to.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    url: Url,
    /// Whether it stays with the source itself: credentials go nowhere else.
    own: bool,
}

/// Where a redirect leads, if it may.
fn follow(base: &Url, from: &Url, location: &str, hosts: &[String]) -> Result<Step, UpstreamError> {
    let forbidden = |why: &str| UpstreamError::Forbidden(format!("the source redirects {why}"));
    let mut url = from.join(location).map_err(|_| forbidden("to something that is no address"))?;
    let cleared = url.set_username("").is_ok() && url.set_password(None).is_ok();
    url.set_fragment(None);
    let own = url.origin() == base.origin();
    let known = url.host_str().is_some_and(|host| hosts.iter().any(|known| known.eq_ignore_ascii_case(host)));
    if cleared && (own || (known && url.scheme() == "https")) {
        return Ok(Step { url, own });
    }
    let host = url.host_str().unwrap_or("").to_owned();
    Err(match url.scheme() {
        "http" if from.scheme() == "https" => forbidden(&format!("from https to http ({host}), which is not followed")),
        _ if known => forbidden(&format!("to {host} without https, which is not followed")),
        _ => forbidden(&format!("to {host}, which is not among its redirect_hosts")),
    })
}

impl Upstream {
    /// Sends a call and follows its redirects; an answer with any other status comes back as it is.
    pub(super) async fn send(&self, call: &Call, shown: &Shown, asked: Asked<'_>) -> Result<Response, Failure> {
        let base = &self.connector.base_url;
        let (mut step, mut method) = (Step { url: call.url.clone(), own: true }, call.method.clone());
        let mut outgoing = call.body.clone();
        for _ in 0..=REDIRECTS_MAX {
            address::check(&step.url, self.connector.allow_private_network).map_err(Failure::ours)?;
            let response = self.step(&step, &method, outgoing.as_ref(), call.file, shown, asked).await?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let nowhere = || UpstreamError::Invalid(format!("it answered {status} and does not say where to go"));
            let location = location.ok_or_else(|| Failure::answered(nowhere()))?;
            step = follow(base, &step.url, location, &self.connector.redirect_hosts).map_err(Failure::answered)?;
            if method == Method::POST && status < 307 {
                // As every browser does (RFC 9110, section 15.4).
                (method, outgoing) = (Method::GET, None);
            }
        }
        let error = UpstreamError::Invalid(format!("it redirected more than {REDIRECTS_MAX} times"));
        Err(Failure::answered(error))
    }

    async fn step(
        &self,
        step: &Step,
        method: &Method,
        outgoing: Option<&Bytes>,
        file: bool,
        shown: &Shown,
        asked: Asked<'_>,
    ) -> Result<Response, Failure> {
        // A certificate and a key that do not belong together may have been read in the middle of a rotation.
        let torn = |error| Failure { refused: Some(shown.fingerprint), ..Failure::ours(error) };
        let pair = if step.own { self.clients.of(shown).map_err(torn)? } else { self.clients.plain.clone() };
        let client = if file { &pair.files } else { &pair.answers };
        let mut url = step.url.clone();
        if let Some((parameter, secret)) = shown.as_query() {
            show_in_query(&mut url, parameter, step.own.then(|| secret.expose_secret()));
        }
        let mut headers = self.headers(file)?;
        if let Some((name, value)) = shown.as_header().filter(|_| step.own) {
            headers.insert(name, value.clone());
        }
        match asked {
            Asked::All => {}
            Asked::Rest(rest) => {
                headers.insert(RANGE, header(&RANGE, &format!("bytes={}-", rest.from))?);
                headers.insert(IF_RANGE, header(&IF_RANGE, &rest.validator)?);
            }
            Asked::FirstByte => drop(headers.insert(RANGE, HeaderValue::from_static("bytes=0-0"))),
        }
        let mut request = client.request(method.clone(), url);
        if let Some(outgoing) = outgoing {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request = request.body(outgoing.clone());
        }
        let used = (step.own && shown.has_identity()).then_some(shown.fingerprint);
        self.clients.send(request.headers(headers), used).await
    }

    /// The headers of every request: what every source gets, what the connector's file says, and the trace.
    fn headers(&self, file: bool) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(if file { "*/*" } else { "application/json" }));
        if file {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        for (name, value) in &self.connector.headers {
            let wrong = || UpstreamError::Setup(format!("`{name}` cannot be sent as a header"));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::ours(wrong()))?;
            let value = header(&name, value)?;
            headers.insert(name, value);
        }
        if let Some(trace) = platform::telemetry::trace::current_trace_id() {
            // Zero is no span.
            let value = format!("00-{trace}-{:016x}-01", self.roll().max(1));
            headers.insert("traceparent", header(&HeaderName::from_static("traceparent"), &value)?);
        }
        Ok(headers)
    }

    /// What a status other than success means.
    pub(super) async fn refusal(&self, mut response: Response, shown: &Shown) -> Failure {
        let status = response.status().as_u16();
        let told = answer::retry_after(response.headers(), self.clock.now());
        let seconds = |told: Duration| told.as_secs() + u64::from(told.subsec_nanos() > 0);
        match status {
            404 | 410 => Failure::answered(UpstreamError::NotFound),
            429 => {
                let retry_after_s = seconds(told.unwrap_or(self.connector.limits.retry.longest)).max(1);
                let error = UpstreamError::TooManyRequests { retry_after_s };
                Failure { passing: true, told, ..Failure::answered(error) }
            }
            503 => {
                let long = told.filter(|&told| told > self.connector.limits.retry.longest);
                let error = long.map_or(UpstreamError::Failed(503), |told| UpstreamError::Unavailable {
                    retry_after_s: seconds(told),
                });
                Failure { told, ..Failure::passing(error) }
            }
            500 | 502 | 504 => Failure::passing(UpstreamError::Failed(status)),
            501.. => Failure::lasting(UpstreamError::Failed(status)),
            _ => {
                let content_type = answer::content_type(response.headers());
                let said = body::beginning(&mut response, REFUSAL_BYTES_MAX).await;
                let detail = failure::detail(&said, &content_type, &shown.secrets());
                let refused = matches!(status, 401 | 403).then_some(shown.fingerprint);
                Failure { refused, ..Failure::answered(UpstreamError::Refused { status, detail }) }
            }
        }
    }
}

/// Sets a parameter of the query to `secret`, or takes it out: a redirect may have carried it along.
fn show_in_query(url: &mut Url, parameter: &str, secret: Option<&str>) {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != parameter)
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    if others.is_empty() && secret.is_none() {
        url.set_query(None);
        return;
    }
    let mut pairs = url.query_pairs_mut();
    pairs.clear().extend_pairs(others);
    if let Some(secret) = secret {
        pairs.append_pair(parameter, secret);
    }
}

fn header(name: &HeaderName, value: &str) -> Result<HeaderValue, Failure> {
    let wrong = || Failure::ours(UpstreamError::Setup(format!("the value of the header {name} cannot be sent")));
    HeaderValue::from_str(value).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn redirects_stay_or_go_where_the_file_says_over_https() {
        let base = url("https://api.example.gov/v1");
        let hosts = ["files.example.gov".to_owned()];
        let go = |location: &str| follow(&base, &url("https://api.example.gov/v1/a?b=c"), location, &hosts);
        let to = |text: &str, own: bool| Ok(Step { url: url(text), own });
        assert_eq!(go("/other"), to("https://api.example.gov/other", true));
        assert_eq!(go("https://api.example.gov:443/x#y"), to("https://api.example.gov/x", true));
        assert_eq!(go("//FILES.example.gov/x"), to("https://files.example.gov/x", false));
        assert_eq!(go("https://user:pass@files.example.gov/x"), to("https://files.example.gov/x", false));
        for (location, why) in [
            ("http://api.example.gov/x", "from https to http"),
            ("http://files.example.gov/x", "from https to http"),
            ("https://api.example.gov:444/x", "not among its redirect_hosts"),
            ("https://evil.example/x", "not among its redirect_hosts"),
            ("https://files.example.gov.evil.example/x", "not among its redirect_hosts"),
            ("file:///etc/passwd", "not among its redirect_hosts"),
            ("https://[", "no address"),
        ] {
            assert!(go(location).unwrap_err().to_string().contains(why), "{location}: {:?}", go(location));
        }
    }

    #[test]
    fn a_key_in_the_query_goes_in_once_and_out_again() {
        let mut address = url("https://a.example/?x=1%2F2&key=old&y=");
        show_in_query(&mut address, "key", Some("n&w"));
        assert_eq!(address.as_str(), "https://a.example/?x=1%2F2&y=&key=n%26w");
        show_in_query(&mut address, "key", None);
        assert_eq!(address.as_str(), "https://a.example/?x=1%2F2&y=");
        let mut only = url("https://a.example/?key=old");
        show_in_query(&mut only, "key", None);
        assert_eq!(only.as_str(), "https://a.example/");
    }
}
