//! The door of gRPC: who is calling, and whether the method is for them. What no rule names is refused.

use std::sync::Arc;

use axum::http::HeaderMap;
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::Status;

use super::status::{missing_scope, refusal};
use crate::auth::{Authenticate, AuthenticateError, Presented, Principal, Unreadable, authorization};
use crate::problem::Code;

/// Who may use a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrpcAccess {
    /// Anyone; credentials are not looked at.
    Open,
    /// Whoever has a token with this scope.
    Scope(&'static str),
    /// Whoever has a token with one of these scopes; the method finds out which.
    AnyScope(&'static [&'static str]),
}

/// Who may use one method of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodRule {
    /// The service with its package (`dict.core.v1.CoreDictService`).
    pub service: &'static str,
    /// The method (`CreateKey`).
    pub method: &'static str,
    /// Who.
    pub access: GrpcAccess,
}

/// A rule, for tables.
#[must_use]
pub const fn method_rule(service: &'static str, method: &'static str, access: GrpcAccess) -> MethodRule {
    MethodRule { service, method, access }
}

const HEALTH: &str = "grpc.health.v1.Health";

/// The standard health service: open to whoever can reach the listener, and never refused under load.
pub const HEALTH_RULES: [MethodRule; 2] =
    [method_rule(HEALTH, "Check", GrpcAccess::Open), method_rule(HEALTH, "Watch", GrpcAccess::Open)];

/// The standard reflection service, in both of its versions: it tells nothing that is not in the contracts.
pub const REFLECTION_RULES: [MethodRule; 2] = [
    method_rule("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo", GrpcAccess::Open),
    method_rule("grpc.reflection.v1alpha.ServerReflection", "ServerReflectionInfo", GrpcAccess::Open),
];

impl MethodRule {
    /// Whether a supervisor asks it: never refused under load, and not in the access log at `info`.
    pub(super) fn is_probe(&self) -> bool {
        self.service == HEALTH
    }
}

/// What the door knows.
#[derive(Debug)]
pub struct GrpcGuard {
    pub(super) rules: Vec<MethodRule>,
    authenticate: Arc<dyn Authenticate>,
}

impl GrpcGuard {
    /// A door with these rules. Of two for one method the first counts.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = MethodRule>, authenticate: Arc<dyn Authenticate>) -> Self {
        Self { rules: rules.into_iter().collect(), authenticate }
    }

    /// Who calls a method of this access; `None` where nobody asks.
    pub(super) async fn enter(
        &self,
        headers: &HeaderMap,
        access: GrpcAccess,
    ) -> Result<Option<Arc<Principal>>, Box<Status>> {
        let scopes = match &access {
            GrpcAccess::Open => return Ok(None),
            GrpcAccess::Scope(scope) => std::slice::from_ref(scope),
            GrpcAccess::AnyScope(scopes) => scopes,
        };
        let unauthenticated = |message: &str| Box::new(refusal(Code::Unauthenticated, message));
        let presented = match authorization(headers) {
            Ok(Some(token @ Presented::Token(_))) => token,
            Ok(Some(_)) => return Err(unauthenticated("only signed tokens are taken here, and no API keys")),
            Ok(None) => return Err(unauthenticated("send a token in the metadata: authorization: Bearer TOKEN")),
            Err(Unreadable(why)) => return Err(unauthenticated(why)),
        };
        let principal = match self.authenticate.authenticate(presented).await {
            Ok(principal) => principal,
            Err(AuthenticateError::Refused(why)) => return Err(unauthenticated(why)),
            Err(AuthenticateError::Unavailable) => {
                return Err(Box::new(refusal(Code::DataUnavailable, "who you are cannot be looked up now")));
            }
        };
        if principal.scopes.iter().any(|granted| scopes.contains(&granted.as_str())) {
            return Ok(Some(Arc::new(principal)));
        }
        Err(Box::new(missing_scope(scopes)))
    }
}

/// The methods of a `FileDescriptorSet` that no rule names, as `package.Service/Method`; for the test that there are
/// none. Says so itself where the set cannot be read.
#[must_use]
pub fn missing_rules(descriptors: &[u8], rules: &[MethodRule]) -> Vec<String> {
    let set = match FileDescriptorSet::decode(descriptors) {
        Ok(set) => set,
        Err(error) => return vec![format!("the descriptors cannot be read: {error}")],
    };
    let mut missing = Vec::new();
    for file in &set.file {
        for service in &file.service {
            let service_name = format!("{}.{}", file.package(), service.name());
            for method in &service.method {
                let named = |rule: &MethodRule| rule.service == service_name && rule.method == method.name();
                if !rules.iter().any(named) {
                    missing.push(format!("{service_name}/{}", method.name()));
                }
            }
        }
    }
    missing
}
