//! `ReconciliationService`: each method finds out who calls, and hands over to its feature.

use proto::core as message;
use proto::core::reconciliation_service_server::ReconciliationService;
use tonic::{Request, Response, Status};

use super::status::status;
use super::{Face, caller_of};
use crate::reconciliation;

/// `ReconciliationService`: each method finds out who calls, and hands over to its feature.
#[derive(Debug, Clone)]
pub struct Reconciliation(pub Face);

#[tonic::async_trait]
impl ReconciliationService for Reconciliation {
    async fn get_cid(
        &self,
        request: Request<message::GetCidRequest>,
    ) -> Result<Response<message::GetCidResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        reconciliation::grpc::get_cid(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn get_v_sync(
        &self,
        request: Request<message::GetVSyncRequest>,
    ) -> Result<Response<message::GetVSyncResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        reconciliation::grpc::get_v_sync(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn list_cid_events(
        &self,
        request: Request<message::ListCidEventsRequest>,
    ) -> Result<Response<message::ListCidEventsResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        reconciliation::grpc::list_cid_events(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn reconcile(
        &self,
        request: Request<message::ReconcileRequest>,
    ) -> Result<Response<message::ReconcileResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        reconciliation::grpc::reconcile(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }
}
