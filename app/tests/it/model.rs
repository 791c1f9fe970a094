//! The real files, and a second computation of what the server answers from them (`testkit/model`).

use std::path::Path;
use std::process::{Command, Output};

use testkit::{TempDir, shared_data};

use crate::harness::{Server, done};

fn python(arguments: &[&str]) -> Option<Output> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/model/main.py");
    let mut command = Command::new("python3");
    // Nothing is written beside the program.
    command.arg("-B").arg(program).args(arguments);
    command.output().ok()
}

#[test]
fn two_hundred_answers_agree_with_a_second_computation() {
    let Some(data) = shared_data() else { return };
    let data = data.to_str().unwrap();
    if !python(&["--help"]).is_some_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 that runs testkit/model");
        return;
    }
    let dir = TempDir::new("model");
    let (made, data_dir) = (dir.path().to_str().unwrap(), dir.join("data"));
    let loads = python(&["earlier", "--data", data, "--into", made]).unwrap();
    assert!(loads.status.success(), "{}", String::from_utf8_lossy(&loads.stderr));
    for load in String::from_utf8(loads.stdout).unwrap().lines() {
        let (mode, path) = load.split_once(' ').unwrap();
        done(&data_dir, &["ingest", "load-csv", "--replace", mode, path]);
    }
    done(&data_dir, &["ingest", "load-tables", &format!("{data}/tables")]);
    let server = Server::up(&data_dir, false);
    let token = done(&data_dir, &["token", "issue", "--sub", "model", "--tier", "premium"]);
    let arguments = ["compare", "--data", data, "--made", made, "--server", &server.http, "--token", token.trim()];
    let compared = python(&arguments).unwrap();
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(compared.status.success(), "{said}{}", String::from_utf8_lossy(&compared.stderr));
    println!("{said}");
    server.stop("TERM");
}
