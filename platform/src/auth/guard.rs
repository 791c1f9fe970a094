//! The door: who is calling, and whether the route is for them. What no rule names is refused.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use tower::{Layer, Service};

use super::credential::{Unreadable, presented};
use super::{Access, Authenticate, AuthenticateError, Caller, Presented, Rule, TrustedProxies, origin};
use crate::problem::{Code, Problem};

/// Who may use each method of one route.
type MethodRules = Vec<(Method, Access)>;

/// What the door knows.
#[derive(Debug)]
pub struct Guard {
    rules: HashMap<String, MethodRules>,
    authenticate: Arc<dyn Authenticate>,
    proxies: TrustedProxies,
}

impl Guard {
    /// A door with these rules.
    #[must_use]
    pub fn new(
        rules: impl IntoIterator<Item = Rule>,
        authenticate: Arc<dyn Authenticate>,
        proxies: TrustedProxies,
    ) -> Self {
        let mut by_path: HashMap<String, MethodRules> = HashMap::new();
        for rule in rules {
            by_path.entry(rule.path.to_owned()).or_default().push((rule.method, rule.access));
        }
        Self { rules: by_path, authenticate, proxies }
    }
}

/// Puts the door before every route of `routes`. Unknown paths pass: there is nothing behind them.
pub fn guard(routes: Router, guard: Arc<Guard>) -> Router {
    routes.layer(GuardLayer(guard))
}

#[derive(Debug, Clone)]
struct GuardLayer(Arc<Guard>);

impl Layer<Route> for GuardLayer {
    type Service = Guarded;

    fn layer(&self, route: Route) -> Guarded {
        Guarded { route, guard: Arc::clone(&self.0), rules: Arc::default() }
    }
}

/// One route behind the door.
#[derive(Clone)]
struct Guarded {
    route: Route,
    guard: Arc<Guard>,
    /// The template and its rules, filled by the first request: axum says the template only then.
    rules: Arc<OnceLock<(String, MethodRules)>>,
}

impl Guarded {
    /// Who may make this request; `None` where there is no route.
    fn access(&self, request: &Request) -> Result<Option<Access>, Box<Problem>> {
        let Some(template) = request.extensions().get::<MatchedPath>() else { return Ok(None) };
        let template = template.as_str();
        let known = self
            .rules
            .get_or_init(|| (template.to_owned(), self.guard.rules.get(template).cloned().unwrap_or_default()));
        let rules = if known.0 == template {
            known.1.as_slice()
        } else {
            // A service that answers several templates: right, only slower.
            self.guard.rules.get(template).map_or(&[][..], MethodRules::as_slice)
        };
        if rules.is_empty() {
            tracing::error!(endpoint = template, "a route has no authorisation rule; it is refused");
            return Err(Box::new(Problem::spoken(
                Code::Forbidden,
                "Ninguém pode usar este endereço.",
                "Nobody may use this address.",
            )));
        }
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        match rules.iter().find(|(of, _)| of == method) {
            Some((_, access)) => Ok(Some(*access)),
            None if method == Method::OPTIONS => Ok(None),
            None => Err(Box::new(method_not_allowed(request, rules))),
        }
    }
}

impl Service<Request> for Guarded {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A route makes itself ready when it is called.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let access = match self.access(&request) {
            Ok(Some(access)) => access,
            Ok(None) => return Box::pin(self.route.call(request)),
            Err(problem) => return answered(*problem),
        };
        if origin::is_cross_site(&request) {
            return answered(Problem::spoken(
                Code::CrossSiteRequest,
                "Uma página de outro site enviou este pedido; abra a página do produto e faça-o lá.",
                "A page of another site sent this request; open the product's own page and do it there.",
            ));
        }
        let (address, secure) = self.guard.proxies.client(request.headers(), request.extensions());
        if access == Access::ThisMachine && !origin::names_this_machine(&request) {
            return answered(Problem::spoken(
                Code::Forbidden,
                "Este endereço só atende a quem o chama por localhost ou por um endereço desta máquina.",
                "This address only answers to whoever calls it localhost, or by an address of this machine.",
            ));
        }
        if matches!(access, Access::Open | Access::ThisMachine) {
            request.extensions_mut().insert(Caller { address, secure, principal: None });
            return Box::pin(self.route.call(request));
        }
        let carried = match presented(request.headers(), secure) {
            Ok(carried) => carried.is_some(),
            Err(Unreadable(why)) => return answered(refused(why)),
        };
        if !carried {
            if access != Access::Public {
                return answered(unauthenticated());
            }
            request.extensions_mut().insert(Caller { address, secure, principal: None });
            return Box::pin(self.route.call(request));
        }
        let mut route = self.route.clone();
        let guard = Arc::clone(&self.guard);
        Box::pin(async move {
            // Apart, because a body cannot be looked at from two threads and the headers can.
            let (parts, body) = request.into_parts();
            let (principal, forget) = match enter(&guard, &parts.headers, access, secure).await {
                Ok(entered) => entered,
                Err(problem) => return Ok(problem.into_response()),
            };
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(Caller { address, secure, principal });
            let mut response = route.call(request).await?;
            if access != Access::Public {
                response.headers_mut().append(header::VARY, CREDENTIALS);
            }
            if forget && !response.headers().contains_key(header::SET_COOKIE) {
                // What forgets one person's cookie must not be kept for another.
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response.headers_mut().insert(header::SET_COOKIE, forget_cookie(secure));
            }
            Ok(response)
        })
    }
}

type Entered = (Option<Arc<super::Principal>>, bool);

/// Who calls, and whether a stale cookie is to be forgotten.
async fn enter(guard: &Guard, headers: &HeaderMap, access: Access, secure: bool) -> Result<Entered, Problem> {
    let Ok(Some(credential)) = presented(headers, secure) else { return Err(unauthenticated()) };
    let principal = match guard.authenticate.authenticate(credential).await {
        Ok(principal) => principal,
        // A browser goes on sending a cookie that ended; a public page must not break by it.
        Err(AuthenticateError::Refused(_)) if matches!(credential, Presented::Session(_)) => {
            if access == Access::Public {
                return Ok((None, true));
            }
            let mut problem =
                refused_because("A sessão terminou; entre de novo.", "The session has ended; sign in again.");
            problem.headers.push((header::SET_COOKIE, forget_cookie(secure)));
            return Err(problem);
        }
        Err(AuthenticateError::Refused(why)) => return Err(refused(why)),
        Err(AuthenticateError::Unavailable) => {
            let mut problem = Problem::spoken(
                Code::DataUnavailable,
                "Não é possível verificar agora quem você é; tente de novo em instantes.",
                "Who you are cannot be looked up now; try again shortly.",
            );
            problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("1")));
            return Err(problem);
        }
    };
    if access == Access::Session && principal.credential != super::Credential::Session {
        return Err(Problem::spoken(
            Code::Forbidden,
            "Só uma pessoa que entrou com e-mail e senha pode fazer isto; chaves e tokens não podem.",
            "Only a person who is signed in may do this; keys and tokens may not.",
        ));
    }
    if let Access::Scope(scope) = access
        && !principal.scopes.iter().any(|granted| granted == scope)
    {
        return Err(Problem::spoken(
            Code::Forbidden,
            format!("Só um programa com o escopo `{scope}` pode fazer isto; sua credencial não o tem."),
            format!("Only a program with the scope `{scope}` may do this; your credential does not have it."),
        ));
    }
    Ok((Some(Arc::new(principal)), false))
}

/// What tells one caller from another: for `Vary` of answers that differ by caller.
pub const CREDENTIALS: HeaderValue = HeaderValue::from_static("authorization, x-api-key, cookie");

/// The session cookie emptied; a test keeps its names equal to those of [`super::session_cookie_name`].
fn forget_cookie(secure: bool) -> HeaderValue {
    HeaderValue::from_static(if secure {
        "__Host-bgc_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure"
    } else {
        "bgc_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
    })
}

pub(super) fn unauthenticated() -> Problem {
    refused_because(
        "Entre, ou envie uma chave de API ou um token, para usar este endereço.",
        "Sign in, or send an API key or token, to use this address.",
    )
}

/// The credential's own reason is told in English only; in Portuguese, what all of them come to.
fn refused(why: &str) -> Problem {
    refused_because(
        "A credencial enviada não vale: está errada, vencida ou revogada. Entre de novo ou envie outra.",
        why,
    )
}

fn refused_because(portuguese: &str, english: &str) -> Problem {
    let mut problem = Problem::spoken(Code::Unauthenticated, portuguese, english);
    problem.headers.push((header::VARY, CREDENTIALS));
    problem.headers.push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bgc\"")));
    problem
}

fn method_not_allowed(request: &Request, rules: &[(Method, Access)]) -> Problem {
    let allowed = rules.iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>().join(", ");
    let (path, method) = (request.uri().path(), request.method());
    let mut problem = Problem::spoken(
        Code::MethodNotAllowed,
        format!("`{path}` não aceita {method}; aceita {allowed}."),
        format!("`{path}` does not take {method}; it takes {allowed}."),
    );
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        problem.headers.push((header::ALLOW, allowed));
    }
    problem
}

fn answered(problem: Problem) -> Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>> {
    Box::pin(std::future::ready(Ok(problem.into_response())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forgotten_cookie_is_the_session() {
        for secure in [false, true] {
            let name = super::super::session_cookie_name(secure);
            assert!(forget_cookie(secure).to_str().unwrap().starts_with(&format!("{name}=;")));
        }
    }
}
