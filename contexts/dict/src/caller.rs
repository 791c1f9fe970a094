//! Who calls, as far as this context needs to know.

use crate::domain::ispb::Ispb;

/// A caller whose token names an institution that this server serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerOf {
    /// The institution it speaks for.
    pub participant: Ispb,
    /// Who it is there; never a person's data.
    pub subject: String,
    /// What its token allows.
    pub scopes: Vec<String>,
}

impl CallerOf {
    /// Whether its token allows `scope`.
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|it| it == scope)
    }
}
