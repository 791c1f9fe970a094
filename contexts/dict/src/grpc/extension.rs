//! `CoreDictExtensionService`: each method finds out who calls, and hands over to its feature.

use proto::core as message;
use proto::core::core_dict_extension_service_server::CoreDictExtensionService;
use tonic::{Request, Response, Status};

use super::status::status;
use super::{Face, caller_of};
use crate::{claims, entries, lookup};

/// `CoreDictExtensionService`: each method finds out who calls, and hands over to its feature.
#[derive(Debug, Clone)]
pub struct Extension(pub Face);

#[tonic::async_trait]
impl CoreDictExtensionService for Extension {
    async fn update_key(
        &self,
        request: Request<message::UpdateKeyRequest>,
    ) -> Result<Response<message::UpdateKeyResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::update_key(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn check_keys(
        &self,
        request: Request<message::CheckKeysRequest>,
    ) -> Result<Response<message::CheckKeysResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        entries::grpc::check_keys(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn request_possession_code(
        &self,
        request: Request<message::RequestPossessionCodeRequest>,
    ) -> Result<Response<message::RequestPossessionCodeResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::request_possession_code(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn confirm_possession(
        &self,
        request: Request<message::ConfirmPossessionRequest>,
    ) -> Result<Response<message::ConfirmPossessionResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        claims::grpc::confirm_possession(&self.0.dict, &caller, message).await.map(Response::new).map_err(status)
    }

    async fn report_payment_sent(
        &self,
        request: Request<message::ReportPaymentSentRequest>,
    ) -> Result<Response<message::ReportPaymentSentResponse>, Status> {
        let (caller, message) = caller_of(&self.0, request)?;
        lookup::grpc::report_payment_sent(&self.0.dict, &self.0.lookups, &caller, message)
            .await
            .map(Response::new)
            .map_err(status)
    }
}
