//! Three servers of one installation: what they share, they share to the last token.

use std::net::TcpListener;
use std::time::Duration;

use proto::core as message;
use testkit::TempDir;
use tonic::Code;

use crate::dict_world::{Connection, ISPB, SCOPES, connect_as, core, token, wish};
use crate::harness::{Background, Server, ask_postgres, bgc};

/// A directory, three servers over it and one PostgreSQL, and a caller of each.
struct Replicas {
    servers: Vec<Server>,
    callers: Vec<Connection>,
    _simulator: Background,
    _directory: TempDir,
}

impl Replicas {
    async fn start(label: &str) -> Self {
        let directory = TempDir::new(label);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let connect_url = format!("http://127.0.0.1:{port}");
        let mut command = bgc(&directory.join("simulator"));
        command.args(["dict", "simulator", "--no-policies", "--listen", &format!("127.0.0.1:{port}")]);
        let simulator = Background::start(command, directory.join("simulator.log"));
        let master_key = "5e".repeat(32);
        let common = [
            ("BGC_DICT_MODE", "remote"),
            ("CONNECT_URL", connect_url.as_str()),
            ("DICT_MASTER_KEY", master_key.as_str()),
            ("BGC_DICT_PARTICIPANTS", ISPB),
            ("BGC_DICT_CATEGORY", "H"),
        ];
        let first = Server::start(&directory.join("first"), &["serve", "dict"], &common);
        let socket_dir = first.data_dir.join("postgres/run");
        let role = |user: &str| format!("host={} user={user} dbname=bgc", socket_dir.display());
        let (app, migration) = (role("app_rw"), role("migration_admin"));
        let mut environment = common.to_vec();
        environment.extend([("DATABASE_URL", app.as_str()), ("MIGRATION_DATABASE_URL", migration.as_str())]);
        let token = token(&first.data_dir, ISPB, SCOPES, &[]);
        let mut servers = vec![first];
        for name in ["second", "third"] {
            servers.push(Server::start(&directory.join(name), &["serve", "dict"], &environment));
        }
        let mut callers = Vec::new();
        for server in &servers {
            callers.push(connect_as(&server.dict, &token).await);
        }
        Self { servers, callers, _simulator: simulator, _directory: directory }
    }

    /// The last first: the first one's PostgreSQL is everybody's.
    fn stop(self) {
        for server in self.servers.into_iter().rev() {
            assert!(server.stop("TERM").success());
        }
    }
}

/// Asks for a key that nobody has, for a payer who asks nothing else.
async fn miss(caller: &Connection, number: u64) -> Code {
    let request = message::LookupKeyRequest {
        key: wish(1_000_000 + number).key,
        purpose: message::LookupPurpose::Payment.into(),
        payer_tax_id: dict::sample::cpf(number),
        end_to_end_id: format!("E{ISPB}202611221200{number:011}"),
    };
    core(caller).lookup_key(request).await.err().unwrap().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_share_a_participants_bucket() {
    let replicas = Replicas::start("dict-replicas-bucket").await;
    let mut admitted = 0;
    let mut number = 0;
    // Each in its turn, until all of them refuse: 50 tokens of category H, 3 for each key that is not there, and 2 more a
    // minute (Manual Operacional do DICT, 13).
    let mut refused_in_a_row = 0;
    while refused_in_a_row < 6 {
        number += 1;
        match miss(&replicas.callers[usize::try_from(number % 3).unwrap()], number).await {
            Code::NotFound => (admitted, refused_in_a_row) = (admitted + 1, 0),
            Code::ResourceExhausted => refused_in_a_row += 1,
            code => panic!("{code:?}"),
        }
    }
    // The last may owe what it could not pay. A slow machine gains a token or two while it asks.
    assert!((16..=18).contains(&admitted), "{admitted} were let in");
    replicas.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_race_for_one_key_and_one_of_them_gets_it() {
    let replicas = Replicas::start("dict-replicas-race").await;
    for number in 1..=20 {
        let calls = replicas.callers.iter().enumerate().map(|(at, caller)| {
            let mut request = wish(number);
            request.request_id = crate::dict_world::request_id(number * 10 + at as u64);
            let mut core = core(caller);
            async move { core.create_key(request).await.map(drop).map_err(|status| status.code()) }
        });
        let outcomes = futures_util::future::join_all(calls).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let lost = outcomes.iter().filter_map(|outcome| outcome.err());
        assert!(lost.into_iter().all(|code| matches!(code, Code::AlreadyExists | Code::Aborted)), "{outcomes:?}");
    }
    let keys = "SELECT count(*) FROM dict.entries WHERE status = 'ACTIVE'";
    let data_dir = replicas.servers[0].data_dir.clone();
    let ask = |sql: &'static str| {
        let data_dir = data_dir.clone();
        tokio::task::spawn_blocking(move || ask_postgres(&data_dir, sql))
    };
    assert_eq!(ask(keys).await.unwrap(), Some(20));
    assert_eq!(ask("SELECT count(*) FROM dict.cid_events WHERE added").await.unwrap(), Some(20));
    assert_eq!(ask("SELECT count(*) FROM dict.requests WHERE status = 'PENDING'").await.unwrap(), Some(0));
    // And all that the world is to hear of it has left.
    let drained = async {
        while ask("SELECT count(*) FROM dict.outbox").await.unwrap() != Some(0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), drained).await.unwrap();
    replicas.stop();
}
