//! Faults that a tester asks for.

use std::collections::HashMap;

use crate::domain::refusal::{Refusal, RefusalKind};

/// One way in which calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answered ServiceUnavailable, nothing done.
    Unavailable,
    /// Done, and the answer never comes.
    AnswerLost,
    /// Not done, and no answer comes.
    RequestLost,
    /// Answered InternalServerError, nothing done.
    Internal,
    /// Answered ResourceConflict, nothing done.
    Conflict,
}

/// After how long a call that a fault turned away is asked to come back, in milliseconds.
const RETRY_AFTER_MS: u64 = 50;

impl Fault {
    /// What is answered, where the fault is an answer.
    pub(super) fn refusal(self) -> Option<Refusal> {
        let kind = match self {
            Fault::Unavailable => RefusalKind::ServiceUnavailable,
            Fault::Internal => RefusalKind::InternalServerError,
            Fault::Conflict => RefusalKind::ResourceConflict,
            Fault::AnswerLost | Fault::RequestLost => return None,
        };
        let retry_after_ms = (kind != RefusalKind::InternalServerError).then_some(RETRY_AFTER_MS);
        Some(Refusal { retry_after_ms, ..kind.into() })
    }
}

/// The faults that are still to come: of one method, or (none) of any.
#[derive(Debug, Default)]
pub(super) struct Faults(HashMap<Option<&'static str>, (Fault, u32)>);

impl Faults {
    /// The next calls of a method fail; no times removes it.
    pub fn set(&mut self, method: Option<&'static str>, fault: Fault, times: u32) {
        if times == 0 {
            self.0.remove(&method);
        } else {
            self.0.insert(method, (fault, times));
        }
    }

    /// The fault of the call that comes now; one for its method goes before one for any.
    pub fn next(&mut self, method: &'static str) -> Option<Fault> {
        for place in [Some(method), None] {
            if let Some((fault, times)) = self.0.get_mut(&place) {
                let fault = *fault;
                *times -= 1;
                if *times == 0 {
                    self.0.remove(&place);
                }
                return Some(fault);
            }
        }
        None
    }
}
