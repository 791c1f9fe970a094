//! The service that a tester steers the simulator with.

use proto::connect;
use proto::connect::inject_fault_request::Fault as FaultMessage;
use proto::connect::simulator_control_service_server::SimulatorControlService;
use proto::connect::tamper_entry_request::Change;
use tonic::{Request, Response, Status};

use super::{bad, key, read};
use crate::directory::{status, wire};
use crate::domain::bucket::Category;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::simulator::{Blocking, Fault, Simulator, Tampering};

#[derive(Debug, Clone)]
pub(super) struct Control(pub Simulator);

fn answer<T>(result: Result<T, Refusal>) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|refusal| status::from_refusal(&refusal))
}

fn wrong(property: &str, reason: &str) -> Refusal {
    Refusal::of_field(RefusalKind::BadRequest, property, reason)
}

impl Control {
    fn state(&self) -> connect::GetSimulatorResponse {
        let state = self.0.state();
        connect::GetSimulatorResponse {
            now: Some(wire::moment_to_proto(state.now)),
            policies: state.policies,
            category: state.category.name().to_owned(),
            entries: i64::try_from(state.entries).unwrap_or(i64::MAX),
            open_claims: i64::try_from(state.open_claims).unwrap_or(i64::MAX),
        }
    }

    fn set_policies(&self, it: &connect::SetPoliciesRequest) -> Result<(), Refusal> {
        let unknown = || wrong("category", "it is A to H, or empty");
        let category = Category::parse(&it.category);
        if category.is_none() && !it.category.is_empty() {
            return Err(unknown());
        }
        self.0.set_policies(it.enabled, category);
        Ok(())
    }

    fn inject_fault(&self, it: &connect::InjectFaultRequest) -> Result<(), Refusal> {
        let fault = match it.fault() {
            FaultMessage::Unavailable => Fault::Unavailable,
            FaultMessage::AnswerLost => Fault::AnswerLost,
            FaultMessage::RequestLost => Fault::RequestLost,
            FaultMessage::Internal => Fault::Internal,
            FaultMessage::Conflict => Fault::Conflict,
            FaultMessage::Unspecified => return Err(wrong("fault", "it is required")),
        };
        let times = u32::try_from(it.times).map_err(|_| wrong("times", "it is 0 to 1,000,000"))?;
        let method = Some(it.method.as_str()).filter(|it| !it.is_empty());
        self.0.inject_fault(method, fault, times)
    }

    fn tamper(&self, it: connect::TamperEntryRequest) -> Result<connect::TamperEntryResponse, Refusal> {
        let change = it.change();
        let mut entry = it.entry.ok_or_else(|| wrong("entry", "it is required"))?;
        if change == Change::Remove {
            let cid = self.0.tamper(Tampering::Remove(key(&entry.key)?))?;
            return Ok(connect::TamperEntryResponse { cid: cid.to_string() });
        }
        // What a tester leaves open is as it was, or new.
        let before = (change == Change::Overwrite).then(|| self.0.entry(&key(&entry.key)?)).transpose()?;
        let now = self.0.state().now;
        let moment = |was: Option<_>| Some(wire::moment_to_proto(was.unwrap_or(now)));
        entry.created_at = entry.created_at.or_else(|| moment(before.as_ref().map(|it| it.created_at)));
        entry.key_owned_since = entry.key_owned_since.or_else(|| moment(before.as_ref().map(|it| it.key_owned_since)));
        if entry.request_id.is_empty() {
            let was = before.as_ref().map(|it| Ok(it.request_id));
            entry.request_id = was.unwrap_or_else(|| self.0.new_request_id())?.to_string();
        }
        let entry = read(RefusalKind::EntryInvalid, wire::entry_from_proto(Some(&entry), "entry"))?;
        let cid = match change {
            Change::Insert => self.0.tamper(Tampering::Insert(entry))?,
            Change::Overwrite => self.0.tamper(Tampering::Overwrite(entry))?,
            Change::Unspecified | Change::Remove => return Err(wrong("change", "it is required")),
        };
        Ok(connect::TamperEntryResponse { cid: cid.to_string() })
    }

    fn block(&self, it: &connect::BlockEntryRequest) -> Result<(), Refusal> {
        let what = match (it.tax_id.as_str(), it.for_fraud) {
            ("", false) => Blocking::Key(key(&it.key)?),
            ("", true) => Blocking::KeyForFraud(key(&it.key)?),
            (tax_id, _) => Blocking::TaxId(bad(wire::tax_id_from_proto(tax_id, "tax_id"))?),
        };
        self.0.block(what, it.blocked)
    }
}

#[tonic::async_trait]
impl SimulatorControlService for Control {
    async fn get_simulator(
        &self,
        _: Request<connect::GetSimulatorRequest>,
    ) -> Result<Response<connect::GetSimulatorResponse>, Status> {
        Ok(Response::new(self.state()))
    }

    async fn advance_clock(
        &self,
        request: Request<connect::AdvanceClockRequest>,
    ) -> Result<Response<connect::GetSimulatorResponse>, Status> {
        answer(self.0.advance_clock(request.get_ref().seconds).map(|()| self.state()))
    }

    async fn set_policies(
        &self,
        request: Request<connect::SetPoliciesRequest>,
    ) -> Result<Response<connect::GetSimulatorResponse>, Status> {
        answer(self.set_policies(request.get_ref()).map(|()| self.state()))
    }

    async fn inject_fault(
        &self,
        request: Request<connect::InjectFaultRequest>,
    ) -> Result<Response<connect::GetSimulatorResponse>, Status> {
        answer(self.inject_fault(request.get_ref()).map(|()| self.state()))
    }

    async fn tamper_entry(
        &self,
        request: Request<connect::TamperEntryRequest>,
    ) -> Result<Response<connect::TamperEntryResponse>, Status> {
        answer(self.tamper(request.into_inner()))
    }

    async fn block_entry(
        &self,
        request: Request<connect::BlockEntryRequest>,
    ) -> Result<Response<connect::BlockEntryResponse>, Status> {
        answer(self.block(request.get_ref()).map(|()| connect::BlockEntryResponse {}))
    }
}
