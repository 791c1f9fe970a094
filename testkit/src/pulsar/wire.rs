//! Pulsar's binary protocol: frames, checksums and the commands that a client of ours needs. Field and type numbers are
//! those of the published protocol; fields that nobody here reads are left out, and skipped when they come.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use prost::{Message, Oneof};

/// The largest frame that is read.
pub const FRAME_BYTES_MAX: usize = 5 * 1024 * 1024 + 10 * 1024;

/// What stands before the checksum of a message.
const CHECKSUM_MARK: u16 = 0x0e01;

/// Errors of the broker, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum ServerError {
    Authentication = 3,
    ConsumerBusy = 5,
    Checksum = 9,
    NotAllowed = 22,
}

/// A command. Its type's number is the number of the field that it stands in.
#[derive(Clone, PartialEq, Message)]
pub struct BaseCommand {
    #[prost(int32, required, tag = "1")]
    pub kind: i32,
    #[prost(oneof = "Body", tags = "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24")]
    pub body: Option<Body>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Body {
    #[prost(message, tag = "2")]
    Connect(Connect),
    #[prost(message, tag = "3")]
    Connected(Connected),
    #[prost(message, tag = "4")]
    Subscribe(Subscribe),
    #[prost(message, tag = "5")]
    Producer(Producer),
    #[prost(message, tag = "6")]
    Send(Send),
    #[prost(message, tag = "7")]
    SendReceipt(SendReceipt),
    #[prost(message, tag = "8")]
    SendError(SendError),
    #[prost(message, tag = "9")]
    Message(Delivery),
    #[prost(message, tag = "10")]
    Ack(Ack),
    #[prost(message, tag = "11")]
    Flow(Flow),
    #[prost(message, tag = "13")]
    Success(Success),
    #[prost(message, tag = "14")]
    Error(Error),
    #[prost(message, tag = "15")]
    CloseProducer(CloseProducer),
    #[prost(message, tag = "16")]
    CloseConsumer(CloseConsumer),
    #[prost(message, tag = "17")]
    ProducerSuccess(ProducerSuccess),
    #[prost(message, tag = "18")]
    Ping(Empty),
    #[prost(message, tag = "19")]
    Pong(Empty),
    #[prost(message, tag = "20")]
    Redeliver(Redeliver),
    #[prost(message, tag = "21")]
    Partitions(TopicQuestion),
    #[prost(message, tag = "22")]
    PartitionsAnswer(PartitionsAnswer),
    #[prost(message, tag = "23")]
    Lookup(TopicQuestion),
    #[prost(message, tag = "24")]
    LookupAnswer(LookupAnswer),
}

#[derive(Clone, PartialEq, Message)]
pub struct Connect {
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub auth_data: Option<Bytes>,
    #[prost(string, optional, tag = "5")]
    pub auth_method_name: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Connected {
    #[prost(string, required, tag = "1")]
    pub server_version: String,
    #[prost(int32, optional, tag = "2")]
    pub protocol_version: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Subscribe {
    #[prost(string, required, tag = "1")]
    pub topic: String,
    #[prost(string, required, tag = "2")]
    pub subscription: String,
    /// 0 exclusive, 1 shared, 2 failover.
    #[prost(int32, required, tag = "3")]
    pub subscription_type: i32,
    #[prost(uint64, required, tag = "4")]
    pub consumer_id: u64,
    #[prost(uint64, required, tag = "5")]
    pub request_id: u64,
    /// 0 latest, 1 earliest.
    #[prost(int32, optional, tag = "13")]
    pub initial_position: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Producer {
    #[prost(string, required, tag = "1")]
    pub topic: String,
    #[prost(uint64, required, tag = "2")]
    pub producer_id: u64,
    #[prost(uint64, required, tag = "3")]
    pub request_id: u64,
    #[prost(string, optional, tag = "4")]
    pub producer_name: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct Send {
    #[prost(uint64, required, tag = "1")]
    pub producer_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub sequence_id: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct MessageId {
    #[prost(uint64, required, tag = "1")]
    pub ledger_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub entry_id: u64,
}

#[derive(Clone, PartialEq, Message)]
pub struct SendReceipt {
    #[prost(uint64, required, tag = "1")]
    pub producer_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub sequence_id: u64,
    #[prost(message, optional, tag = "3")]
    pub message_id: Option<MessageId>,
}

#[derive(Clone, PartialEq, Message)]
pub struct SendError {
    #[prost(uint64, required, tag = "1")]
    pub producer_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub sequence_id: u64,
    #[prost(int32, required, tag = "3")]
    pub error: i32,
    #[prost(string, required, tag = "4")]
    pub message: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Delivery {
    #[prost(uint64, required, tag = "1")]
    pub consumer_id: u64,
    #[prost(message, required, tag = "2")]
    pub message_id: MessageId,
    #[prost(uint32, optional, tag = "3")]
    pub redelivery_count: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Ack {
    #[prost(uint64, required, tag = "1")]
    pub consumer_id: u64,
    /// 0 individual, 1 cumulative.
    #[prost(int32, required, tag = "2")]
    pub ack_type: i32,
    #[prost(message, repeated, tag = "3")]
    pub message_ids: Vec<MessageId>,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct Flow {
    #[prost(uint64, required, tag = "1")]
    pub consumer_id: u64,
    #[prost(uint32, required, tag = "2")]
    pub permits: u32,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct Success {
    #[prost(uint64, required, tag = "1")]
    pub request_id: u64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Error {
    #[prost(uint64, required, tag = "1")]
    pub request_id: u64,
    #[prost(int32, required, tag = "2")]
    pub error: i32,
    #[prost(string, required, tag = "3")]
    pub message: String,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct CloseProducer {
    #[prost(uint64, required, tag = "1")]
    pub producer_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub request_id: u64,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct CloseConsumer {
    #[prost(uint64, required, tag = "1")]
    pub consumer_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub request_id: u64,
}

#[derive(Clone, PartialEq, Message)]
pub struct ProducerSuccess {
    #[prost(uint64, required, tag = "1")]
    pub request_id: u64,
    #[prost(string, required, tag = "2")]
    pub producer_name: String,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct Empty {}

#[derive(Clone, PartialEq, Message)]
pub struct Redeliver {
    #[prost(uint64, required, tag = "1")]
    pub consumer_id: u64,
    /// None: all that the consumer has.
    #[prost(message, repeated, tag = "2")]
    pub message_ids: Vec<MessageId>,
}

#[derive(Clone, PartialEq, Message)]
pub struct TopicQuestion {
    #[prost(string, required, tag = "1")]
    pub topic: String,
    #[prost(uint64, required, tag = "2")]
    pub request_id: u64,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct PartitionsAnswer {
    #[prost(uint32, optional, tag = "1")]
    pub partitions: Option<u32>,
    #[prost(uint64, required, tag = "2")]
    pub request_id: u64,
    /// 0 success, 1 failed.
    #[prost(int32, optional, tag = "3")]
    pub response: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct LookupAnswer {
    #[prost(string, optional, tag = "1")]
    pub broker_service_url: Option<String>,
    /// 0 redirect, 1 connect, 2 failed.
    #[prost(int32, optional, tag = "3")]
    pub response: Option<i32>,
    #[prost(uint64, required, tag = "4")]
    pub request_id: u64,
    #[prost(bool, optional, tag = "5")]
    pub authoritative: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
pub struct KeyValue {
    #[prost(string, required, tag = "1")]
    pub key: String,
    #[prost(string, required, tag = "2")]
    pub value: String,
}

/// What a producer says of its message.
#[derive(Clone, PartialEq, Message)]
pub struct Metadata {
    #[prost(string, required, tag = "1")]
    pub producer_name: String,
    #[prost(uint64, required, tag = "2")]
    pub sequence_id: u64,
    #[prost(uint64, required, tag = "3")]
    pub publish_time: u64,
    #[prost(message, repeated, tag = "4")]
    pub properties: Vec<KeyValue>,
    #[prost(string, optional, tag = "6")]
    pub partition_key: Option<String>,
    #[prost(uint64, optional, tag = "12")]
    pub event_time: Option<u64>,
}

impl Body {
    const fn kind(&self) -> i32 {
        match self {
            Body::Connect(_) => 2,
            Body::Connected(_) => 3,
            Body::Subscribe(_) => 4,
            Body::Producer(_) => 5,
            Body::Send(_) => 6,
            Body::SendReceipt(_) => 7,
            Body::SendError(_) => 8,
            Body::Message(_) => 9,
            Body::Ack(_) => 10,
            Body::Flow(_) => 11,
            Body::Success(_) => 13,
            Body::Error(_) => 14,
            Body::CloseProducer(_) => 15,
            Body::CloseConsumer(_) => 16,
            Body::ProducerSuccess(_) => 17,
            Body::Ping(_) => 18,
            Body::Pong(_) => 19,
            Body::Redeliver(_) => 20,
            Body::Partitions(_) => 21,
            Body::PartitionsAnswer(_) => 22,
            Body::Lookup(_) => 23,
            Body::LookupAnswer(_) => 24,
        }
    }
}

/// A whole frame: its length, the length of the command, the command, and the message if there is one.
pub fn frame(body: Body, message: &[u8]) -> Bytes {
    let command = BaseCommand { kind: body.kind(), body: Some(body) }.encode_to_vec();
    let mut frame = BytesMut::with_capacity(8 + command.len() + message.len());
    frame.put_u32(length(4 + command.len() + message.len()));
    frame.put_u32(length(command.len()));
    frame.put_slice(&command);
    frame.put_slice(message);
    frame.freeze()
}

/// The command of a frame without its length, and what follows the command. `None` where it is not one that is known.
pub fn parse_frame(mut frame: Bytes) -> Option<(Body, Bytes)> {
    let command_length = usize::try_from(frame.try_get_u32().ok()?).ok()?;
    if frame.len() < command_length {
        return None;
    }
    let command = BaseCommand::decode(frame.split_to(command_length)).ok()?;
    Some((command.body?, frame))
}

/// Metadata and payload of a message. `None` where its checksum is missing or wrong, or it is cut.
pub fn parse_message(mut message: Bytes) -> Option<(Metadata, Bytes)> {
    if message.try_get_u16().ok()? != CHECKSUM_MARK || message.try_get_u32().ok()? != crc32c(&message) {
        return None;
    }
    let metadata_length = usize::try_from(message.try_get_u32().ok()?).ok()?;
    if message.len() < metadata_length {
        return None;
    }
    Some((Metadata::decode(message.split_to(metadata_length)).ok()?, message))
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), a bit at a time: enough for tests.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message as it follows a command: mark, checksum, length of the metadata, metadata, payload.
    fn message(metadata: &Metadata, payload: &[u8]) -> Bytes {
        let metadata = metadata.encode_to_vec();
        let mut summed = BytesMut::with_capacity(4 + metadata.len() + payload.len());
        summed.put_u32(length(metadata.len()));
        summed.put_slice(&metadata);
        summed.put_slice(payload);
        let mut message = BytesMut::with_capacity(6 + summed.len());
        message.put_u16(CHECKSUM_MARK);
        message.put_u32(crc32c(&summed));
        message.put_slice(&summed);
        message.freeze()
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn a_frame_is_read_as_it_is_written_and_a_changed_message_is_not() {
        let metadata =
            Metadata { producer_name: "p".to_owned(), partition_key: Some("k".to_owned()), ..Default::default() };
        let sent = message(&metadata, b"payload");
        let mut whole = frame(Body::Send(Send { producer_id: 1, sequence_id: 2 }), &sent);
        assert_eq!(usize::try_from(whole.get_u32()).unwrap(), whole.len());
        let (body, rest) = parse_frame(whole).unwrap();
        assert_eq!(body, Body::Send(Send { producer_id: 1, sequence_id: 2 }));
        assert_eq!(parse_message(rest).unwrap(), (metadata, Bytes::from_static(b"payload")));
        let mut changed = sent.to_vec();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(parse_message(changed.into()), None);
    }
}
