//! One connection to the broker.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::topics::{SessionId, short};
use super::wire::{self, Body, ServerError};
use super::{PARTITIONS, Shared};

struct Session {
    id: SessionId,
    shared: Arc<Shared>,
    frames: UnboundedSender<Bytes>,
    /// Topics by producer.
    producers: HashMap<u64, String>,
    cut: CancellationToken,
    connected: bool,
}

/// Takes connections until `stop`.
pub async fn accept(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken, tasks: TaskTracker) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        tasks.spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Receipts are small and waited for.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (reader, writer) = stream.into_split();
    let (frames, outgoing) = unbounded_channel();
    let (id, cut) = {
        let mut state = shared.state();
        state.sessions += 1;
        // A connection may be cut by itself without the others.
        (state.sessions, state.cut.child_token())
    };
    let session = Session {
        id,
        shared: Arc::clone(&shared),
        frames,
        producers: HashMap::new(),
        cut: cut.clone(),
        connected: false,
    };
    tokio::select! {
        () = cut.cancelled() => {}
        () = session.read(reader) => {}
        () = write(writer, outgoing) => {}
    }
    shared.state().topics.end(id);
}

async fn write(mut writer: OwnedWriteHalf, mut outgoing: UnboundedReceiver<Bytes>) {
    while let Some(frame) = outgoing.recv().await {
        if writer.write_all(&frame).await.is_err() {
            return;
        }
    }
}

impl Session {
    async fn read(mut self, mut reader: OwnedReadHalf) {
        while let Ok(length) = reader.read_u32().await {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            if length > wire::FRAME_BYTES_MAX {
                return;
            }
            let mut frame = vec![0; length];
            if reader.read_exact(&mut frame).await.is_err() {
                return;
            }
            // What is not understood is not answered, as an old broker does; the client's deadline says so.
            let Some((body, rest)) = wire::parse_frame(frame.into()) else { continue };
            if !self.connected && !matches!(body, Body::Connect(_)) {
                return;
            }
            self.handle(body, rest);
        }
    }

    fn answer(&self, body: Body) {
        // Where the connection has just ended, nobody waits for the answer.
        if self.frames.send(wire::frame(body, &[])).is_err() {}
    }

    fn refuse(&self, request_id: u64, error: ServerError, message: &str) {
        self.answer(Body::Error(wire::Error { request_id, error: error as i32, message: message.to_owned() }));
    }

    fn handle(&mut self, body: Body, rest: Bytes) {
        let shared = Arc::clone(&self.shared);
        match body {
            Body::Connect(connect) => self.connect(&connect),
            Body::Ping(_) => self.answer(Body::Pong(wire::Empty {})),
            Body::Partitions(ask) => {
                let of_one = short(&ask.topic).contains("-partition-");
                let partitions = Some(if of_one { 0 } else { PARTITIONS });
                let request_id = ask.request_id;
                self.answer(Body::PartitionsAnswer(wire::PartitionsAnswer {
                    partitions,
                    request_id,
                    response: Some(0),
                }));
            }
            Body::Lookup(ask) => self.answer(Body::LookupAnswer(wire::LookupAnswer {
                broker_service_url: Some(format!("pulsar://{}", shared.address)),
                response: Some(1),
                request_id: ask.request_id,
                authoritative: Some(true),
            })),
            Body::Producer(ask) => {
                let producer_name = ask.producer_name.unwrap_or_else(|| format!("{}-{}", self.id, ask.producer_id));
                self.producers.insert(ask.producer_id, ask.topic);
                self.answer(Body::ProducerSuccess(wire::ProducerSuccess { request_id: ask.request_id, producer_name }));
            }
            Body::Send(send) => self.keep(send, rest),
            Body::CloseProducer(ask) => {
                self.producers.remove(&ask.producer_id);
                self.answer(Body::Success(wire::Success { request_id: ask.request_id }));
            }
            Body::Subscribe(ask) => match shared.state().topics.subscribe(self.id, &ask, self.frames.clone()) {
                Ok(()) => self.answer(Body::Success(wire::Success { request_id: ask.request_id })),
                Err((error, message)) => self.refuse(ask.request_id, error, message),
            },
            Body::Flow(flow) => shared.state().topics.flow(self.id, flow.consumer_id, flow.permits),
            Body::Ack(ack) => shared.state().topics.acknowledge(self.id, &ack),
            Body::Redeliver(ask) => shared.state().topics.redeliver(self.id, ask.consumer_id, &ask.message_ids),
            Body::CloseConsumer(ask) => {
                shared.state().topics.leave(self.id, ask.consumer_id);
                self.answer(Body::Success(wire::Success { request_id: ask.request_id }));
            }
            // Only a broker says these.
            Body::Connected(_)
            | Body::SendReceipt(_)
            | Body::SendError(_)
            | Body::Message(_)
            | Body::Success(_)
            | Body::Error(_)
            | Body::ProducerSuccess(_)
            | Body::Pong(_)
            | Body::PartitionsAnswer(_)
            | Body::LookupAnswer(_) => self.cut.cancel(),
        }
    }

    fn connect(&mut self, connect: &wire::Connect) {
        let demanded = self.shared.state().faults.token.clone();
        let given = connect.auth_data.as_deref().filter(|_| connect.auth_method_name.as_deref() == Some("token"));
        if demanded.is_some_and(|token| given != Some(token.as_bytes())) {
            // No request has this number: the answer is to the connection itself.
            return self.refuse(u64::MAX, ServerError::Authentication, "the token is missing or wrong");
        }
        self.connected = true;
        let server_version = "testkit".to_owned();
        self.answer(Body::Connected(wire::Connected { server_version, protocol_version: Some(12) }));
    }

    fn keep(&self, send: wire::Send, message: Bytes) {
        let Some(topic) = self.producers.get(&send.producer_id) else { return self.cut.cancel() };
        let wire::Send { producer_id, sequence_id } = send;
        let refused = |error: ServerError, message: &str| {
            let message = message.to_owned();
            self.answer(Body::SendError(wire::SendError { producer_id, sequence_id, error: error as i32, message }));
        };
        let mut state = self.shared.state();
        if let Some(left) = state.faults.sends_refused.checked_sub(1) {
            state.faults.sends_refused = left;
            return refused(ServerError::NotAllowed, "told to refuse");
        }
        let Some(message_id) = state.topics.keep(topic, message) else {
            return refused(ServerError::Checksum, "the checksum is wrong");
        };
        if let Some(left) = state.faults.receipts_cut.checked_sub(1) {
            state.faults.receipts_cut = left;
            return self.cut.cancel();
        }
        if state.faults.receipts_withheld {
            return;
        }
        let receipt = Body::SendReceipt(wire::SendReceipt { producer_id, sequence_id, message_id: Some(message_id) });
        let Some(delay) = state.faults.receipt_delay else { return self.answer(receipt) };
        let (frames, cut) = (self.frames.clone(), self.cut.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = cut.cancelled() => {}
                () = tokio::time::sleep(delay) => if frames.send(wire::frame(receipt, &[])).is_err() {},
            }
        });
    }
}
