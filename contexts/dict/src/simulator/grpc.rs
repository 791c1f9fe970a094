//! The simulator over gRPC: the contract of Connect, and what only the simulator has.

mod control;

use std::time::Duration;

use chrono::{DateTime, Utc};
use proto::connect;
use proto::connect::connect_service_server::{ConnectService, ConnectServiceServer};
use proto::connect::simulator_control_service_server::SimulatorControlServiceServer;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::core::Core;
use super::{Method, Simulator, Unanswered, check_limit};
use crate::directory::status;
use crate::directory::wire::{self, Read};
use crate::directory::{ClaimFilter, EntryQuery, EntryUpdate, NewClaim, NewEntry};
use crate::domain::claim::{Claim, ClaimStatus, Side, Step};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::refusal::{Refusal, RefusalKind};

/// How long a call whose answer is lost is held at most; a client that gives up earlier is not waited for.
const LOST_FOR: Duration = Duration::from_secs(30);
/// How many content identifiers one message of the stream carries.
const CIDS_PER_MESSAGE: usize = 1_000;
/// What no limit stands for (DICT API 2.6.1, listClaims, listCidSetEvents).
const CLAIMS_LIMIT: u32 = 20;
const CID_EVENTS_LIMIT: u32 = 100;

/// Both services, ready to be served.
#[must_use]
pub fn services(simulator: Simulator) -> Routes {
    let control = SimulatorControlServiceServer::new(control::Control(simulator.clone()));
    Routes::new(ConnectServiceServer::new(Connect(simulator))).add_service(control)
}

#[derive(Debug, Clone)]
struct Connect(Simulator);

/// What was read, or a refusal that names the fields.
fn read<T>(kind: RefusalKind, read: Read<T>) -> Result<T, Refusal> {
    read.map_err(|violations| Refusal { violations, ..kind.into() })
}

fn bad<T>(it: Read<T>) -> Result<T, Refusal> {
    read(RefusalKind::BadRequest, it)
}

/// A reason that must be there and known.
fn reason<T>(it: Read<Option<T>>) -> Result<T, Refusal> {
    read(RefusalKind::InvalidReason, it.and_then(|it| wire::required(it, "reason")))
}

/// A kind of key that must be there.
fn key_type(number: i32) -> Result<KeyType, Refusal> {
    bad(wire::key_type_from_proto(number, "key_type").and_then(|it| wire::required(it, "key_type")))
}

fn key(key: &Option<proto::core::Key>) -> Result<Key, Refusal> {
    bad(wire::key_from_proto(key.as_ref(), "key"))
}

fn claim_id(text: &str) -> Result<Uuid, Refusal> {
    bad(wire::uuid_from_proto(text, "claim_id"))
}

/// A limit, or what stands for none.
fn limit(number: i32, default: u32) -> Result<u32, Refusal> {
    let limit = if number == 0 { default } else { u32::try_from(number).unwrap_or_default() };
    check_limit(limit).map(|_| limit)
}

/// That a participant speaks for itself.
fn own(participant: Ispb, account: Ispb) -> Result<(), Refusal> {
    if participant == account { Ok(()) } else { Err(RefusalKind::Forbidden.into()) }
}

fn new_entry(it: &connect::CreateEntryRequest, participant: Ispb) -> Result<NewEntry, Refusal> {
    let kind = RefusalKind::EntryInvalid;
    let sent = read(kind, wire::required(it.key.as_ref(), "key"))?;
    let key_type = wire::key_type_from_proto(sent.r#type, "key.type");
    let key_type = read(kind, key_type.and_then(|it| wire::required(it, "key.type")))?;
    // The directory makes random keys; the rules refuse one that was sent.
    let made_here = key_type == KeyType::Evp && sent.value.is_empty();
    let key = if made_here { None } else { Some(read(kind, wire::key_from_proto(Some(sent), "key"))?) };
    let account = read(kind, wire::account_from_proto(it.account.as_ref(), "account"))?;
    own(participant, account.participant)?;
    Ok(NewEntry {
        request_id: read(kind, wire::uuid_from_proto(&it.request_id, "request_id"))?,
        key_type,
        key,
        account,
        owner: read(kind, wire::owner_from_proto(it.owner.as_ref(), "owner"))?,
        reason: reason(wire::entry_reason_from_proto(it.reason, "reason"))?,
    })
}

fn entry_update(it: &connect::UpdateEntryRequest, participant: Ispb) -> Result<EntryUpdate, Refusal> {
    let kind = RefusalKind::EntryInvalid;
    let account = read(kind, wire::account_from_proto(it.account.as_ref(), "account"))?;
    own(participant, account.participant)?;
    Ok(EntryUpdate {
        key: read(kind, wire::key_from_proto(it.key.as_ref(), "key"))?,
        account,
        name: it.owner_name.clone(),
        trade_name: (!it.owner_trade_name.is_empty()).then(|| it.owner_trade_name.clone()),
        reason: reason(wire::entry_reason_from_proto(it.reason, "reason"))?,
    })
}

fn new_claim(it: &connect::CreateClaimRequest, participant: Ispb) -> Result<NewClaim, Refusal> {
    let kind = RefusalKind::ClaimInvalid;
    let claim_type = wire::claim_type_from_proto(it.r#type, "type").and_then(|it| wire::required(it, "type"));
    let claimer_account = read(kind, wire::account_from_proto(it.claimer_account.as_ref(), "claimer_account"))?;
    own(participant, claimer_account.participant)?;
    Ok(NewClaim {
        claim_type: read(kind, claim_type)?,
        key: read(kind, wire::key_from_proto(it.key.as_ref(), "key"))?,
        claimer: read(kind, wire::owner_from_proto(it.claimer.as_ref(), "claimer"))?,
        claimer_account,
    })
}

fn claim_filter(it: &connect::ListClaimsRequest) -> Result<ClaimFilter, Refusal> {
    let status =
        |number: &i32| wire::claim_status_from_proto(*number, "statuses").and_then(|it| wire::required(it, "statuses"));
    Ok(ClaimFilter {
        // Equal values mean either side.
        side: match (it.is_donor, it.is_claimer) {
            (true, false) => Some(Side::Donor),
            (false, true) => Some(Side::Claimer),
            _ => None,
        },
        statuses: bad(it.statuses.iter().map(status).collect::<Read<Vec<ClaimStatus>>>())?,
        claim_type: bad(wire::claim_type_from_proto(it.r#type, "type"))?,
        modified_after: bad(wire::optional_moment_from_proto(it.modified_after.as_ref(), "modified_after"))?,
        modified_before: bad(wire::optional_moment_from_proto(it.modified_before.as_ref(), "modified_before"))?,
        limit: limit(it.limit, CLAIMS_LIMIT)?,
    })
}

fn entry_answer(entry: Entry) -> connect::EntryResponse {
    connect::EntryResponse { entry: Some(wire::entry_to_proto(&entry)) }
}

/// A claim, as `participant` sees it.
fn claim_message(claim: &Claim, participant: Ispb) -> proto::core::Claim {
    let roles: Vec<_> = Side::ALL.into_iter().filter(|&side| claim.participant(side) == participant).collect();
    wire::claim_to_proto(claim, &roles)
}

fn claim_answer(claim: Claim, participant: Ispb) -> connect::ClaimResponse {
    connect::ClaimResponse { claim: Some(claim_message(&claim, participant)) }
}

impl Connect {
    /// A call of a participant: its message is read and its work done behind the lock, and counted as one.
    async fn answer<M>(
        &self,
        method: &Method,
        participant: &str,
        work: impl FnOnce(&mut Core, DateTime<Utc>, Ispb) -> Result<M, Refusal>,
    ) -> Result<Response<M>, Status> {
        let participant = bad(wire::ispb_from_proto(participant, "participant"));
        let participant = participant.map_err(|refusal| status::from_refusal(&refusal))?;
        match self.0.call(method, participant, |core, now| work(core, now, participant)) {
            Ok(message) => Ok(Response::new(message)),
            Err(Unanswered::Refused(refusal)) => Err(status::from_refusal(&refusal)),
            Err(Unanswered::Lost) => {
                tokio::time::sleep(LOST_FOR).await;
                Err(Status::deadline_exceeded("no answer, as was ordered"))
            }
        }
    }
}

#[tonic::async_trait]
impl ConnectService for Connect {
    type ListCidsStream = tokio_stream::Iter<std::vec::IntoIter<Result<connect::ListCidsResponse, Status>>>;

    async fn create_entry(
        &self,
        request: Request<connect::CreateEntryRequest>,
    ) -> Result<Response<connect::EntryResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, participant| {
            core.create_entry(&new_entry(it, participant)?, now, self.0.entropy()).map(entry_answer)
        };
        self.answer(&super::CREATE_ENTRY, &it.participant, work).await
    }

    async fn update_entry(
        &self,
        request: Request<connect::UpdateEntryRequest>,
    ) -> Result<Response<connect::EntryResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, participant| {
            core.update_entry(&entry_update(it, participant)?, now).map(entry_answer)
        };
        self.answer(&super::UPDATE_ENTRY, &it.participant, work).await
    }

    async fn delete_entry(
        &self,
        request: Request<connect::DeleteEntryRequest>,
    ) -> Result<Response<connect::DeleteEntryResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, participant| {
            let reason = reason(wire::entry_reason_from_proto(it.reason, "reason"))?;
            core.delete_entry(participant, &key(&it.key)?, reason, now)?;
            Ok(connect::DeleteEntryResponse { key: it.key.clone() })
        };
        self.answer(&super::DELETE_ENTRY, &it.participant, work).await
    }

    async fn get_entry(
        &self,
        request: Request<connect::GetEntryRequest>,
    ) -> Result<Response<connect::GetEntryResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now: DateTime<Utc>, participant| {
            let payer = bad(wire::tax_id_from_proto(&it.payer_tax_id, "payer_tax_id"))?;
            let end_to_end_id = it.end_to_end_id.clone();
            let found = core.get_entry(&EntryQuery { participant, key: key(&it.key)?, payer, end_to_end_id }, now)?;
            // It knows of no settlements and of no frauds.
            let none = || {
                let watermark = Some(wire::moment_to_proto(now));
                connect::KeyStatistics { watermark, ..Default::default() }
            };
            Ok(connect::GetEntryResponse {
                entry: Some(wire::entry_to_proto(&found.entry)),
                cache_max_age_seconds: i32::try_from(found.cache_max_age_seconds).unwrap_or_default(),
                statistics: it.include_statistics.then(none),
            })
        };
        self.answer(&super::GET_ENTRY, &it.requesting_participant, work).await
    }

    async fn check_keys(
        &self,
        request: Request<connect::CheckKeysRequest>,
    ) -> Result<Response<connect::CheckKeysResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, _, _| {
            let keys = it.keys.iter().map(|key| wire::key_from_proto(Some(key), "keys")).collect::<Read<Vec<_>>>();
            Ok(connect::CheckKeysResponse { has_entry: core.check_keys(&bad(keys)?)? })
        };
        self.answer(&super::CHECK_KEYS, &it.participant, work).await
    }

    async fn create_claim(
        &self,
        request: Request<connect::CreateClaimRequest>,
    ) -> Result<Response<connect::ClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            core.create_claim(&new_claim(it, who)?, now, self.0.entropy()).map(|claim| claim_answer(claim, who))
        };
        self.answer(&super::CREATE_CLAIM, &it.participant, work).await
    }

    async fn acknowledge_claim(
        &self,
        request: Request<connect::AcknowledgeClaimRequest>,
    ) -> Result<Response<connect::ClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let claim = core.step_claim(who, claim_id(&it.claim_id)?, Step::Acknowledge, Side::Donor, now)?;
            Ok(claim_answer(claim, who))
        };
        self.answer(&super::ACKNOWLEDGE_CLAIM, &it.participant, work).await
    }

    async fn confirm_claim(
        &self,
        request: Request<connect::ConfirmClaimRequest>,
    ) -> Result<Response<connect::ClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let step = Step::Confirm(reason(wire::claim_reason_from_proto(it.reason, "reason"))?);
            Ok(claim_answer(core.step_claim(who, claim_id(&it.claim_id)?, step, Side::Donor, now)?, who))
        };
        self.answer(&super::CONFIRM_CLAIM, &it.participant, work).await
    }

    async fn cancel_claim(
        &self,
        request: Request<connect::CancelClaimRequest>,
    ) -> Result<Response<connect::ClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let reason = reason(wire::claim_reason_from_proto(it.reason, "reason"))?;
            let side = bad(wire::side_from_proto(it.role, "role"))?;
            Ok(claim_answer(core.cancel_claim(who, claim_id(&it.claim_id)?, side, reason, now)?, who))
        };
        self.answer(&super::CANCEL_CLAIM, &it.participant, work).await
    }

    async fn complete_claim(
        &self,
        request: Request<connect::CompleteClaimRequest>,
    ) -> Result<Response<connect::CompleteClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let request_id = bad(wire::uuid_from_proto(&it.request_id, "request_id"))?;
            let completed = core.complete_claim(who, claim_id(&it.claim_id)?, request_id, now)?;
            Ok(connect::CompleteClaimResponse {
                claim: Some(claim_message(&completed.claim, who)),
                entry_created_at: Some(wire::moment_to_proto(completed.entry_created_at)),
                key_owned_since: Some(wire::moment_to_proto(completed.key_owned_since)),
            })
        };
        self.answer(&super::COMPLETE_CLAIM, &it.participant, work).await
    }

    async fn get_claim(
        &self,
        request: Request<connect::GetClaimRequest>,
    ) -> Result<Response<connect::ClaimResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, _, who| Ok(claim_answer(core.get_claim(who, claim_id(&it.claim_id)?)?, who));
        self.answer(&super::GET_CLAIM, &it.participant, work).await
    }

    async fn list_claims(
        &self,
        request: Request<connect::ListClaimsRequest>,
    ) -> Result<Response<connect::ListClaimsResponse>, Status> {
        let it = request.get_ref();
        // One side and one side only is a role.
        let method = if it.is_donor == it.is_claimer { super::LIST_CLAIMS } else { super::LIST_CLAIMS_OF_SIDE };
        let work = |core: &mut Core, _, who| {
            let page = core.state.list_claims(who, &claim_filter(it)?);
            let claims = page.claims.iter().map(|claim| claim_message(claim, who)).collect();
            Ok(connect::ListClaimsResponse { claims, has_more_elements: page.more })
        };
        self.answer(&method, &it.participant, work).await
    }

    async fn create_sync_verification(
        &self,
        request: Request<connect::CreateSyncVerificationRequest>,
    ) -> Result<Response<connect::CreateSyncVerificationResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let vsync = bad(wire::vsync_from_proto(&it.vsync, "vsync"))?;
            let agreed = core.state.vsync(who, key_type(it.key_type)?) == vsync;
            let verified_at = Some(wire::moment_to_proto(now));
            Ok(connect::CreateSyncVerificationResponse { agreed, verified_at })
        };
        self.answer(&super::VERIFY_SYNC, &it.participant, work).await
    }

    async fn list_cid_events(
        &self,
        request: Request<connect::ListCidEventsRequest>,
    ) -> Result<Response<connect::ListCidEventsResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, _, who| {
            let from = bad(wire::optional_moment_from_proto(it.from.as_ref(), "from"))?;
            let from = from.unwrap_or(DateTime::<Utc>::MIN_UTC);
            let limit = check_limit(limit(it.limit, CID_EVENTS_LIMIT)?)?;
            let (events, more, [start, end]) = core.state.cid_events(who, key_type(it.key_type)?, from, limit);
            Ok(connect::ListCidEventsResponse {
                events: events.iter().map(wire::cid_event_to_proto).collect(),
                has_more_elements: more,
                sync_verifier_start: start.to_string(),
                sync_verifier_end: end.to_string(),
            })
        };
        self.answer(&super::LIST_CID_EVENTS, &it.participant, work).await
    }

    async fn list_cids(
        &self,
        request: Request<connect::ListCidsRequest>,
    ) -> Result<Response<Self::ListCidsStream>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, _, who| Ok(core.state.cids(who, key_type(it.key_type)?));
        let cids = self.answer(&super::LIST_CIDS, &it.participant, work).await?.into_inner();
        let parts = cids.chunks(CIDS_PER_MESSAGE).map(|part| part.iter().map(ToString::to_string).collect());
        let messages: Vec<_> = parts.map(|cids| Ok(connect::ListCidsResponse { cids })).collect();
        Ok(Response::new(tokio_stream::iter(messages)))
    }

    async fn get_entry_by_cid(
        &self,
        request: Request<connect::GetEntryByCidRequest>,
    ) -> Result<Response<connect::EntryResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, _, who| {
            let cid = bad(wire::cid_from_proto(&it.cid, "cid"))?;
            core.entry_by_cid(who, cid).map(entry_answer)
        };
        self.answer(&super::GET_ENTRY_BY_CID, &it.participant, work).await
    }

    async fn list_policies(
        &self,
        request: Request<connect::ListPoliciesRequest>,
    ) -> Result<Response<connect::ListPoliciesResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let (_, category) = core.limits.settings();
            let message = |state: crate::simulator::limits::PolicyState| connect::Policy {
                name: state.name.name().to_owned(),
                category: category.name().to_owned(),
                available_tokens: state.available_tokens,
                capacity: state.policy.capacity,
                refill_tokens: state.policy.refill_tokens,
                refill_period_seconds: state.policy.refill_period_seconds,
            };
            let policies = core.limits.states(who, now).into_iter().map(message).collect();
            Ok(connect::ListPoliciesResponse { policies })
        };
        self.answer(&super::LIST_POLICIES, &it.participant, work).await
    }

    async fn report_payment_sent(
        &self,
        request: Request<connect::ReportPaymentSentRequest>,
    ) -> Result<Response<connect::ReportPaymentSentResponse>, Status> {
        let it = request.get_ref();
        let work = |core: &mut Core, now, who| {
            let payer = bad(wire::tax_id_from_proto(&it.payer_tax_id, "payer_tax_id"))?;
            core.limits.pay_back(who, &payer, &it.end_to_end_id, now);
            Ok(connect::ReportPaymentSentResponse {})
        };
        self.answer(&super::REPORT_PAYMENT_SENT, &it.participant, work).await
    }
}
