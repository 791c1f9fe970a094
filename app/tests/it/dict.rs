//! dict over the network: who may call what, bad input, the command line, and a client that knows no contract.

use std::time::Duration;

use prost_reflect::Value as Field;
use proto::core as message;
use testkit::TempDir;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::dict_reflection::{Reflected, inner, text};
use crate::dict_world::{
    CPF, ISPB, SCOPES, connect, connect_as, core, extension, reconciliation, request_id, token, wish,
};
use crate::harness::{Server, done, refused, run, stderr};

/// A server of dict alone, and what belongs to it.
struct World {
    _directory: TempDir,
    server: Server,
}

impl World {
    fn start(label: &str, environment: &[(&str, &str)]) -> Self {
        let directory = TempDir::new(label);
        let server = Server::start(&directory.join("data"), &["serve", "dict"], environment);
        Self { _directory: directory, server }
    }

    fn token(&self, ispb: &str, scopes: &str, more: &[&str]) -> String {
        token(&self.server.data_dir, ispb, scopes, more)
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn reason(status: &tonic::Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

#[test]
fn a_client_that_knows_no_contract_learns_it_by_reflection_and_calls_it() {
    let world = World::start("dict-reflection", &[]);
    let token = world.token(ISPB, SCOPES, &[]);
    runtime().block_on(async {
        let reflected = Reflected::learn(connect(&world.server.dict).await).await;
        for service in ["CoreDictService", "CoreDictExtensionService", "ReconciliationService"] {
            assert!(reflected.services.contains(&format!("dict.core.v1.{service}")), "{:?}", reflected.services);
        }
        let key = reflected.message(
            "dict.core.v1.Key",
            &[("type", Field::EnumNumber(message::KeyType::Cpf.into())), ("value", Field::String(CPF.to_owned()))],
        );
        let account = reflected.message(
            "dict.core.v1.Account",
            &[
                ("participant", Field::String(ISPB.to_owned())),
                ("number", Field::String("1234567".to_owned())),
                ("type", Field::EnumNumber(message::AccountType::Cacc.into())),
                (
                    "opened_at",
                    reflected.message("google.protobuf.Timestamp", &[("seconds", Field::I64(1_577_836_800))]),
                ),
            ],
        );
        let owner = reflected.message(
            "dict.core.v1.Owner",
            &[
                ("type", Field::EnumNumber(message::PersonType::NaturalPerson.into())),
                ("tax_id", Field::String(CPF.to_owned())),
                ("name", Field::String("Maria da Silva".to_owned())),
            ],
        );
        let fields = [
            ("request_id", Field::String(request_id(1))),
            ("key", key.clone()),
            ("account", account),
            ("owner", owner),
        ];
        let created = reflected.call("dict.core.v1.CoreDictService/CreateKey", &token, &fields).await.unwrap();
        assert_eq!(text(&inner(&inner(&created, "entry"), "key"), "value"), CPF);
        let found = reflected
            .call(
                "dict.core.v1.CoreDictService/LookupKey",
                &token,
                &[("key", key), ("purpose", Field::EnumNumber(message::LookupPurpose::Display.into()))],
            )
            .await
            .unwrap();
        assert_eq!(text(&found, "owner_tax_id_masked"), "***.982.247-**");
        let health = reflected.call("grpc.health.v1.Health/Check", "", &[]).await.unwrap();
        assert_eq!(health.get_field_by_name("status").unwrap().as_enum_number(), Some(1));
    });
    assert!(world.server.stop("TERM").success());
}

#[test]
fn only_a_token_for_this_server_and_institution_with_the_scope_comes_in() {
    let world = World::start("dict-tokens", &[]);
    let expired = world.token(ISPB, SCOPES, &["--ttl", "1s"]);
    let other_audience = world.token(ISPB, SCOPES, &["--audience", "bgc-api"]);
    let other_ispb = world.token("12345678", SCOPES, &[]);
    let read_only = world.token(ISPB, "dict.key.read", &[]);
    let display_only = world.token(ISPB, "dict.lookup.display", &[]);
    let good = world.token(ISPB, SCOPES, &[]);
    // {"alg":"none"} and the claims of a good token, unsigned.
    let claims = good.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    runtime().block_on(async {
        let create = async |token: &str| {
            let connection = connect_as(&world.server.dict, token).await;
            core(&connection).create_key(wish(1)).await.err().map(|status| (status.code(), reason(&status)))
        };
        for refused in [&other_audience, &unsigned, &"nonsense".to_owned()] {
            let (code, _) = create(refused).await.unwrap();
            assert_eq!(code, Code::Unauthenticated);
        }
        let (code, why) = create(&other_ispb).await.unwrap();
        assert_eq!((code, why.as_str()), (Code::PermissionDenied, "PARTICIPANT_INVALID"));
        let (code, _) = create(&read_only).await.unwrap();
        assert_eq!(code, Code::PermissionDenied);
        // A token that names no institution, and none at all.
        let mut bare =
            proto::core::core_dict_service_client::CoreDictServiceClient::new(connect(&world.server.dict).await);
        assert_eq!(bare.create_key(wish(1)).await.err().unwrap().code(), Code::Unauthenticated);
        assert!(bare.health_check(message::HealthCheckRequest {}).await.is_ok(), "health asks nobody");
        // The scope of the purpose decides, and is asked before anything else is looked at.
        let connection = connect_as(&world.server.dict, &display_only).await;
        let payment = message::LookupKeyRequest {
            key: wish(1).key,
            purpose: message::LookupPurpose::Payment.into(),
            ..message::LookupKeyRequest::default()
        };
        let status = core(&connection).lookup_key(payment).await.err().unwrap();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "MISSING_SCOPE"));
        assert_eq!(create(&good).await, None);
        // The leeway of clocks is thirty seconds.
        tokio::time::sleep(Duration::from_secs(32)).await;
        assert_eq!(create(&expired).await.unwrap().0, Code::Unauthenticated);
    });
    assert!(world.server.stop("TERM").success());
}

#[test]
fn bad_input_is_refused_by_field_and_breaks_nothing() {
    let world = World::start("dict-bad-input", &[]);
    let token = world.token(ISPB, SCOPES, &[]);
    runtime().block_on(async {
        let connection = connect_as(&world.server.dict, &token).await;
        let mut client = core(&connection);
        let status = client.create_key(message::CreateKeyRequest::default()).await.err().unwrap();
        assert_eq!(status.code(), Code::InvalidArgument);
        let fields = status.get_details_bad_request().unwrap().field_violations;
        assert!(fields.iter().any(|field| field.field == "request_id"), "{fields:?}");
        // Wrong check digits, full-width digits, a name that is too long.
        let mut wrong = wish(7);
        wrong.key.as_mut().unwrap().value = "52998224724".to_owned();
        assert_eq!(client.create_key(wrong).await.err().unwrap().code(), Code::InvalidArgument);
        let mut wide = wish(7);
        wide.key.as_mut().unwrap().value = "５２９９８２２４７２５".to_owned();
        assert_eq!(client.create_key(wide).await.err().unwrap().code(), Code::InvalidArgument);
        // An account of another institution.
        let mut foreign = wish(7);
        foreign.account.as_mut().unwrap().participant = "12345678".to_owned();
        assert_eq!(client.create_key(foreign).await.err().unwrap().code(), Code::PermissionDenied);
        // Five megabytes.
        let mut huge = wish(7);
        huge.owner.as_mut().unwrap().name = "a".repeat(5 << 20);
        let code = client.create_key(huge).await.err().unwrap().code();
        assert!(matches!(code, Code::OutOfRange | Code::ResourceExhausted), "{code:?}");
        // One millisecond is not enough, and the request can be sent again.
        let mut hurried = Request::new(wish(7));
        hurried.set_timeout(Duration::from_millis(1));
        match client.create_key(hurried).await {
            Ok(_) => {}
            Err(status) => assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}"),
        }
        let entry = client.create_key(wish(7)).await.unwrap().into_inner().entry.unwrap();
        assert!(!entry.cid.is_empty());
        // The same id with other content.
        let mut other = wish(8);
        other.request_id = request_id(7);
        let status = client.create_key(other).await.err().unwrap();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "REQUEST_ID_ALREADY_USED"));
        // A forged page token.
        let listing = message::ListKeysRequest {
            account: wish(7).account,
            page_token: "Zm9yZ2Vk".to_owned(),
            ..message::ListKeysRequest::default()
        };
        assert_eq!(client.list_keys(listing).await.err().unwrap().code(), Code::InvalidArgument);
        let asked = extension(&connection)
            .check_keys(message::CheckKeysRequest { keys: vec![message::Key::default(); 201] })
            .await;
        assert_eq!(asked.err().unwrap().code(), Code::InvalidArgument);
        let vsync = message::GetVSyncRequest { key_type: message::KeyType::Cpf.into() };
        assert_eq!(reconciliation(&connection).get_v_sync(vsync).await.unwrap().into_inner().entries, 1);
    });
    let log = world.server.process.log();
    assert!(!log.contains("52998224724") && !log.contains("Maria"), "personal data is never in logs");
    assert!(world.server.stop("TERM").success());
}

#[test]
fn the_command_line_registers_shows_and_removes_keys() {
    let world = World::start("dict-commands", &[]);
    let url = format!("http://{}", world.server.dict);
    let data_dir = &world.server.data_dir;
    let of = ["--account", "1234567", "--url", &url];
    let owner = ["--tax-id", CPF, "--name", "Maria da Silva"];
    let create = [&["dict", "key", "create", "cpf", CPF][..], &of, &owner].concat();
    assert!(done(data_dir, &create).contains("ACTIVE"));
    let again = refused(data_dir, &create);
    assert!(again.contains("ENTRY_ALREADY_EXISTS"), "{again}");
    assert!(done(data_dir, &[&["dict", "key", "list"][..], &of].concat()).contains(CPF));
    let looked_up = done(data_dir, &["dict", "key", "lookup", CPF, "--url", &url]);
    assert!(looked_up.contains("***.982.247-**") && !looked_up.contains("1234567"), "{looked_up}");
    assert!(done(data_dir, &["dict", "vsync", "--url", &url]).contains("agrees with the directory"));
    let json = done(data_dir, &["dict", "key", "get", CPF, "--url", &url, "--json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["status"], "ACTIVE");
    assert!(done(data_dir, &["dict", "rotate-keys"]).contains("data key 3"));
    let load = ["dict", "load-test", "create", "--rate", "50", "--seconds", "1", "--url", &url];
    let load = run(data_dir, &load);
    assert!(load.status.success(), "{}", stderr(&load));
    done(data_dir, &["dict", "key", "delete", CPF, "--tax-id", CPF, "--url", &url]);
    assert!(refused(data_dir, &["dict", "key", "get", CPF, "--url", &url]).contains("NOT_FOUND"));
    assert!(world.server.stop("TERM").success());
}

#[test]
fn what_was_registered_is_there_after_a_restart_and_agrees_with_the_simulator() {
    let directory = TempDir::new("dict-restart");
    let data_dir = directory.join("data");
    let first = Server::start(&data_dir, &["serve", "dict"], &[]);
    let url = format!("http://{}", first.dict);
    let create =
        ["dict", "key", "create", "cpf", CPF, "--account", "1", "--tax-id", CPF, "--name", "Maria", "--url", &url];
    done(&data_dir, &create);
    assert!(first.stop("TERM").success());
    let second = Server::start(&data_dir, &["serve", "dict"], &[]);
    let url = format!("http://{}", second.dict);
    assert!(done(&data_dir, &["dict", "key", "get", CPF, "--url", &url]).contains("ACTIVE"));
    assert!(done(&data_dir, &["dict", "vsync", "--key-type", "cpf", "--url", &url]).contains("agrees"));
    assert!(second.stop("TERM").success());
}

#[test]
fn production_refuses_the_simulator_and_wants_its_master_key() {
    let directory = TempDir::new("dict-production");
    let data_dir = directory.join("data");
    let refused = |environment: &[(&str, &str)]| {
        let mut command = crate::harness::bgc(&data_dir);
        command.args(["serve", "dict"]).env("ENVIRONMENT", "production").envs(environment.iter().copied());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    let participants = ("BGC_DICT_PARTICIPANTS", ISPB);
    let why = refused(&[participants, ("CORE_DICT_USE_MOCK_MODE", "true"), ("DICT_MASTER_KEY", &"ab".repeat(32))]);
    assert!(why.contains("refused in production"), "{why}");
    let why = refused(&[participants, ("CONNECT_ENABLED", "false")]);
    assert!(why.contains("DICT_MASTER_KEY"), "{why}");
    let why = refused(&[("CONNECT_ENABLED", "false"), ("DICT_MASTER_KEY", &"ab".repeat(32))]);
    assert!(why.contains("dict.participants"), "{why}");
}
