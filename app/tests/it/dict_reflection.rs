//! A client that knows no contract: it learns the services by reflection and calls them, as grpcurl does.

use bytes::{Buf, BufMut};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor, ReflectMessage, Value};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

/// Messages whose type is known at run time only.
#[derive(Clone)]
struct Dynamic(MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        self.clone()
    }

    fn decoder(&mut self) -> Self {
        self.clone()
    }
}

impl Encoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put_slice(&message.encode_to_vec());
        Ok(())
    }
}

impl Decoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let bytes = from.copy_to_bytes(from.remaining());
        DynamicMessage::decode(self.0.clone(), bytes).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}

/// What reflection says of a server.
pub struct Reflected {
    channel: Channel,
    pool: DescriptorPool,
    /// The services it names.
    pub services: Vec<String>,
}

async fn ask(channel: &Channel, question: MessageRequest) -> ServerReflectionResponse {
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(question) };
    let mut client = ServerReflectionClient::new(channel.clone());
    let mut answers = client.server_reflection_info(tokio_stream::once(request)).await.unwrap().into_inner();
    answers.message().await.unwrap().unwrap()
}

impl Reflected {
    pub async fn learn(channel: Channel) -> Self {
        let listed = ask(&channel, MessageRequest::ListServices(String::new())).await;
        let Some(MessageResponse::ListServicesResponse(list)) = listed.message_response else {
            panic!("no list of services")
        };
        let services: Vec<String> = list.service.into_iter().map(|service| service.name).collect();
        let mut pool = DescriptorPool::new();
        for service in &services {
            let described = ask(&channel, MessageRequest::FileContainingSymbol(service.clone())).await;
            let Some(MessageResponse::FileDescriptorResponse(files)) = described.message_response else {
                panic!("{service} is not described")
            };
            add(&channel, &mut pool, files.file_descriptor_proto).await;
        }
        Self { channel, pool, services }
    }

    fn method(&self, path: &str) -> MethodDescriptor {
        let (service, method) = path.rsplit_once('/').unwrap();
        let service = self.pool.get_service_by_name(service).unwrap();
        service.methods().find(|it| it.name() == method).unwrap()
    }

    /// Calls a method with fields by name.
    pub async fn call(&self, path: &str, token: &str, fields: &[(&str, Value)]) -> Result<DynamicMessage, Status> {
        let method = self.method(path);
        let mut message = DynamicMessage::new(method.input());
        for (name, value) in fields {
            message.set_field_by_name(name, value.clone());
        }
        let mut request = Request::new(message);
        if !token.is_empty() {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let mut grpc = tonic::client::Grpc::new(self.channel.clone());
        grpc.ready().await.unwrap();
        let path = format!("/{path}").parse().unwrap();
        grpc.unary(request, path, Dynamic(method.output())).await.map(tonic::Response::into_inner)
    }

    /// A message of a type by name, for fields that are messages.
    pub fn message(&self, name: &str, fields: &[(&str, Value)]) -> Value {
        let mut message = DynamicMessage::new(self.pool.get_message_by_name(name).unwrap());
        for (name, value) in fields {
            message.set_field_by_name(name, value.clone());
        }
        Value::Message(message)
    }
}

/// Adds files to the pool, asking for those they stand on.
async fn add(channel: &Channel, pool: &mut DescriptorPool, files: Vec<Vec<u8>>) {
    let mut waiting: Vec<prost_types::FileDescriptorProto> =
        files.iter().map(|bytes| Message::decode(bytes.as_slice()).unwrap()).collect();
    while let Some(file) = waiting.pop() {
        if pool.get_file_by_name(file.name()).is_some() {
            continue;
        }
        let missing = file.dependency.iter().find(|name| pool.get_file_by_name(name).is_none()).cloned();
        let Some(missing) = missing else {
            pool.add_file_descriptor_proto(file).unwrap();
            continue;
        };
        let described = ask(channel, MessageRequest::FileByFilename(missing)).await;
        let Some(MessageResponse::FileDescriptorResponse(files)) = described.message_response else {
            panic!("a file that another imports is not described")
        };
        waiting.push(file);
        waiting.extend(files.file_descriptor_proto.iter().map(|bytes| {
            let file: prost_types::FileDescriptorProto = Message::decode(bytes.as_slice()).unwrap();
            file
        }));
    }
}

/// A field's value by name.
pub fn text(message: &DynamicMessage, name: &str) -> String {
    message.get_field_by_name(name).unwrap().as_str().unwrap().to_owned()
}

/// The message in a field.
pub fn inner(message: &DynamicMessage, name: &str) -> DynamicMessage {
    let field = message.get_field_by_name(name).unwrap();
    let inner = field.as_message().unwrap().clone();
    assert!(!inner.descriptor().name().is_empty());
    inner
}
