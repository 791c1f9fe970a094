//! The gRPC face: services assembled, who may call what, errors as statuses.

pub mod access;
mod core;
mod extension;
pub mod health;
mod reconciliation;
pub mod status;

use std::sync::Arc;

use platform::auth::Principal;
use proto::core::core_dict_extension_service_server::CoreDictExtensionServiceServer;
use proto::core::core_dict_service_server::CoreDictServiceServer;
use proto::core::reconciliation_service_server::ReconciliationServiceServer;
use tonic::service::Routes;
use tonic::{Request, Status};
use tonic_health::server::HealthReporter;

use self::health::Dependencies;
use crate::Dict;
use crate::caller::{self, CallerOf};
use crate::failure::Failure;
use crate::lookup::Lookups;

/// The services of this context, by their full names.
pub const SERVICES: [&str; 3] =
    ["dict.core.v1.CoreDictService", "dict.core.v1.CoreDictExtensionService", "dict.core.v1.ReconciliationService"];

/// The largest message that is read, in bytes; the largest there is holds 200 keys.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// What the services work with. Clones share it.
#[derive(Debug, Clone)]
pub struct Face {
    /// What use cases work with.
    pub dict: Dict,
    /// What look-ups work with besides.
    pub lookups: Lookups,
    /// What health tells of besides PostgreSQL.
    pub dependencies: Dependencies,
}

/// Why there can be no reflection.
#[derive(Debug, thiserror::Error)]
#[error("the description of the services is not valid: {0}")]
pub struct ReflectionError(tonic_reflection::server::Error);

/// The services of this context and grpc.health.v1, with what tells it how they are.
///
/// # Errors
/// If the contracts' own description is broken, which a build would have found.
pub fn routes(face: &Face, reflection: bool) -> Result<(Routes, HealthReporter), ReflectionError> {
    let mut routes = Routes::builder();
    routes
        .add_service(CoreDictServiceServer::new(core::Core(face.clone())).max_decoding_message_size(MESSAGE_BYTES_MAX))
        .add_service(
            CoreDictExtensionServiceServer::new(extension::Extension(face.clone()))
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
        )
        .add_service(
            ReconciliationServiceServer::new(reconciliation::Reconciliation(face.clone()))
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
        );
    let (reporter, health) = tonic_health::server::health_reporter();
    routes.add_service(health);
    if reflection {
        let v1 = described().build_v1().map_err(ReflectionError)?;
        let v1alpha = described().build_v1alpha().map_err(ReflectionError)?;
        routes.add_service(v1).add_service(v1alpha);
    }
    Ok((routes.routes(), reporter))
}

fn described<'a>() -> tonic_reflection::server::Builder<'a> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name("dict.core.v1.CoreDictService")
        .with_service_name("dict.core.v1.CoreDictExtensionService")
        .with_service_name("dict.core.v1.ReconciliationService")
        .with_service_name("grpc.health.v1.Health")
}

/// Who calls: the guard put them there; their institution must be one that this server serves.
fn caller_of<T>(face: &Face, request: Request<T>) -> Result<(CallerOf, T), Status> {
    let principal = request.extensions().get::<Arc<Principal>>().cloned();
    let principal =
        principal.ok_or_else(|| status::status(Failure::Internal("a method was called behind no guard".to_owned())))?;
    let caller = caller::admit(&face.dict, &principal).map_err(status::status)?;
    Ok((caller, request.into_inner()))
}
