//! Commands that are asked wrongly, or ask about the installation.

use serde_json::{Value, json};
use testkit::TempDir;

use crate::files::{file, official};
use crate::harness::{bgc, done, refused, run, shared, stderr};

#[test]
fn bad_usage_ends_with_2_and_says_what_was_expected() {
    let dir = TempDir::new("usage");
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["ingest", "load-csv"],
        &["simulate"],
        &["simulate", "17011400", "--max-results", "many"],
        &["serve", "nothing"],
        &["ingest", "load-csv", "x.csv", "--replace", "month"],
        &["up", "--no-such-flag"],
    ] {
        let output = bgc(&dir.join("data")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains("Usage:") || told.contains("try '--help'"), "{arguments:?}: {told}");
    }
    assert!(!dir.join("data").exists(), "nothing was made");
    assert!(done(dir.path(), &["--version"]).starts_with("bgc "));
    assert!(done(dir.path(), &["--help"]).contains("simulate"));
}

#[test]
fn the_configuration_is_printed_checked_and_read_strictly() {
    let dir = TempDir::new("config");
    let printed = done(dir.path(), &["config", "print"]);
    assert!(printed.contains("[http]") && printed.contains("[BGC_HTTP_LISTEN]"), "{printed}");
    let good = file(dir.path(), "good.toml", &printed);
    assert_eq!(
        done(dir.path(), &["--config", &good, "config", "check"]),
        "the configuration is valid; connectors: comexstat, comexstat-bulk, restcountries\n"
    );
    let unknown = file(dir.path(), "bgc.toml", "[http]\nlissen = \"127.0.0.1:1\"\n");
    let output = bgc(&dir.join("data")).current_dir(dir.path()).args(["config", "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("unknown setting \"http.lissen\""), "{}", stderr(&output));
    for arguments in [["up"].as_slice(), &["ingest", "sample"], &["simulate", "17011400"]] {
        let with_file = [&["--config", unknown.as_str()], arguments].concat();
        assert!(refused(&dir.join("data"), &with_file).contains("bgc.toml"));
    }
    assert!(!dir.join("data").exists(), "nothing was started");
    let mut secret = bgc(&dir.join("data"));
    secret.env("DATABASE_URL", "postgres://me:s3cret@example.org/x").args(["config", "print"]);
    let output = secret.output().unwrap();
    assert!(output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("s3cret"));
}

#[test]
fn completions_are_a_script() {
    let dir = TempDir::new("completions");
    for shell in ["bash", "zsh", "fish"] {
        assert!(done(dir.path(), &["completions", shell]).contains("load-csv"), "{shell}");
    }
}

#[test]
fn health_is_asked_of_the_running_server() {
    let server = shared();
    let ask = |address: &str| {
        bgc(&server.data_dir).env("BGC_OPERATIONS_LISTEN", address).arg("healthcheck").output().unwrap()
    };
    let output = ask(&server.operations);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"healthy\n".as_slice()));
    let output =
        bgc(&server.data_dir).env("BGC_OPERATIONS_LISTEN", &server.operations).args(["healthcheck", "--json"]).output();
    let told: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    assert_eq!(told, json!({"healthy": true, "address": server.operations}));
    // Port 1 of the loopback: nobody listens there.
    let output = ask("127.0.0.1:1");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("127.0.0.1:1"), "{}", stderr(&output));
}

#[test]
fn migrations_are_shown_and_checked() {
    let server = shared();
    let status = done(&server.data_dir, &["migrate", "status"]);
    assert!(status.starts_with("trade 0001 facts_reports_tables 2"), "{status}");
    let told: Value = serde_json::from_str(&done(&server.data_dir, &["migrate", "status", "--json"])).unwrap();
    let migrations = told["migrations"].as_array().unwrap();
    assert_eq!(migrations.len(), status.lines().count());
    assert_eq!((&migrations[0]["context"], &migrations[0]["version"]), (&json!("trade"), &json!(1)));
    assert!(migrations.iter().all(|migration| migration["applied_at"].as_str().unwrap().ends_with('Z')), "{told}");
    assert_eq!(done(&server.data_dir, &["migrate", "--check", "--json"]), "{\"up_to_date\":true}\n");
    assert_eq!(done(&server.data_dir, &["migrate", "--json"]), "{\"migrations\":[]}\n");
    assert_eq!(done(&server.data_dir, &["migrate", "--check"]), "the schema is up to date\n");
    assert_eq!(done(&server.data_dir, &["migrate"]), "the schema is up to date\n");
}

#[test]
fn reports_are_refreshed_by_hand() {
    assert_eq!(done(&shared().data_dir, &["ingest", "refresh-mv"]), "the reports are refreshed\n");
    assert_eq!(done(&shared().data_dir, &["ingest", "refresh-mv", "--json"]), "{\"refreshed\":true}\n");
}

#[test]
fn settings_are_printed_as_json_without_secrets() {
    let dir = TempDir::new("settings");
    let output = bgc(dir.path())
        .env("JWT_SECRET_KEY", "nobody reads this secret of the test")
        .args(["config", "print", "--json"])
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(!text.contains("nobody reads this"), "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    let settings = told["settings"].as_array().unwrap();
    let of = |key: &str| settings.iter().find(|setting| setting["key"] == key).unwrap()["value"].clone();
    assert_eq!(of("data_dir"), dir.path().to_str().unwrap());
    assert!(
        settings.iter().any(|setting| setting["secret"] == true && setting["value"] == "(set, not shown)"),
        "{text}"
    );
}

#[test]
fn without_postgresql_the_message_names_the_package() {
    let dir = TempDir::new("no-postgresql");
    for arguments in [["up", "--sample"], ["ingest", "sample"], ["simulate", "17011400"]] {
        let mut command = bgc(&dir.join("data"));
        let output = command.env("BGC_PG_BIN", "/nowhere").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = stderr(&output);
        assert!(told.contains("apt install postgresql") && told.contains("BGC_PG_BIN=/nowhere"), "{told}");
    }
}

#[test]
fn an_address_that_is_taken_is_told_before_anything_is_made() {
    let dir = TempDir::new("taken");
    let taken = &shared().http;
    let mut command = bgc(&dir.join("data"));
    let output = command.env("BGC_HTTP_LISTEN", taken).arg("up").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(&format!("cannot listen on {taken}")), "{}", stderr(&output));
    assert!(!dir.join("data").exists());
}

#[test]
fn loads_that_are_asked_wrongly_are_refused_before_they_begin() {
    let data_dir = &shared().data_dir;
    let dir = TempDir::new("asked-wrongly");
    let path = file(dir.path(), "EXP.csv", official(3, 0));
    for (flags, told) in [
        (["--through", "2024-01"], "--through 2024-01 does not fit"),
        (["--source", "sample"], "--source sample"),
        (["--source", "a\nb"], "--source \"a\\nb\" is not a name"),
        (["--totals", "/nowhere/TOTAIS.csv"], "/nowhere/TOTAIS.csv"),
    ] {
        let message = refused(data_dir, &["ingest", "load-csv", &path, flags[0], flags[1]]);
        assert!(message.contains(told), "{flags:?}: {message}");
    }
    for (flag, value) in
        [("--max-rejects", "101"), ("--max-rejects", "nan"), ("--max-rejects", "-1"), ("--through", "soon")]
    {
        let usage = run(data_dir, &["ingest", "load-csv", &path, flag, value]);
        assert_eq!(usage.status.code(), Some(2), "{flag} {value}");
        assert!(stderr(&usage).contains("is expected"), "{}", stderr(&usage));
    }
    let usage = run(data_dir, &["simulate", "17011400", "--volume-kg", "nan"]);
    assert_eq!(usage.status.code(), Some(2), "{}", stderr(&usage));
    wrong_simulations_are_bad_usage(data_dir);
    let rows = run(&dir.join("data"), &["ingest", "sample", "--rows", "99999999999", "--out", "/dev/null"]);
    assert_eq!(rows.status.code(), Some(1));
    assert!(stderr(&rows).contains("too large"), "{}", stderr(&rows));
}

/// Wrong options of `simulate` are found before the store is opened.
fn wrong_simulations_are_bad_usage(data_dir: &std::path::Path) {
    for (wrong, told) in [
        (["17011400", "--volume-kg", "1.000"].as_slice(), "1 or 1000"),
        (&["17011400", "--volume-kg", "0"], "above 0"),
        (&["17011400", "--volume-kg", "-3"], "above 0"),
        (&["17011400", "--volume", "25.000 t"], "25 or 25000"),
        (&["17011400", "--volume", "3 sacas"], "sacas"),
        (&["17011400", "--volume", "1 t", "--volume-kg", "5"], "cannot be used"),
        (&["17011400", "--max-results", "0"], "1..=50"),
        (&["17011400", "--max-results", "51"], "1..=50"),
        (&["1701"], "8 dígitos"),
        (&["açúcar"], "8 dígitos"),
    ] {
        let usage = run(data_dir, &[&["simulate"], wrong].concat());
        assert_eq!(usage.status.code(), Some(2), "{wrong:?}: {}", stderr(&usage));
        assert!(stderr(&usage).contains(told), "{wrong:?}: {}", stderr(&usage));
    }
}

#[test]
fn roles_are_served() {
    let (_dir, data_dir) = crate::harness::sample_copy("roles");
    let log = data_dir.with_extension("stderr");
    let mut command = bgc(&data_dir);
    command.args(["serve", "api"]);
    let mut process = crate::harness::Background::start(command, log);
    crate::harness::wait_for("the role to listen", || process.log().contains("\"listening\"").then_some(()));
    crate::harness::signal(process.id(), "TERM");
    assert_eq!(process.end().code(), Some(0));
}
