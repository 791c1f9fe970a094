//! A disk that fills up during a load: told, nothing half-loaded, the old data still there.

use std::process::Command;

use crate::files::{file, large, official};
use crate::harness::{bgc, sample_copy};

/// In a mount namespace of its own: a small disk with the sample on it, a load that does not fit, and what
/// works after it. Prints what the second simulation says.
const SCRIPT: &str = r#"
set -u
mount -t tmpfs -o size=170m tmpfs "$DISK" || exit 90
chmod 755 "$DISK"
cp -a "$SAMPLE/." "$DISK/" || exit 91
"$BGC" --data-dir "$DISK" ingest load-csv "$LARGE" > /dev/null 2> "$SAID"
[ $? -eq 1 ] || exit 92
"$BGC" --data-dir "$DISK" simulate 17011400 --json || exit 93
"$BGC" --data-dir "$DISK" ingest load-csv "$SMALL" || exit 94
"#;

#[test]
fn a_full_disk_refuses_the_load_and_keeps_the_old_data() {
    let may_mount = Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|status| status.success());
    if !may_mount {
        eprintln!("skipped: a small disk can only be made as root (unshare -m)");
        return;
    }
    let (dir, sample) = sample_copy("disk");
    let disk = dir.join("disk");
    std::fs::create_dir(&disk).unwrap();
    let small = file(dir.path(), "EXP_2025.csv", official(10, 0));
    let said = dir.join("said");
    let binary = bgc(&disk);
    let mut command = Command::new("unshare");
    command.env_clear().envs(binary.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.args(["-m", "sh", "-c", SCRIPT]).env("BGC", env!("CARGO_BIN_EXE_bgc")).env("DISK", &disk);
    command.env("SAMPLE", &sample).env("LARGE", large()).env("SMALL", &small).env("SAID", &said);
    let output = command.output().unwrap();
    let told = std::fs::read_to_string(&said).unwrap_or_default();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}{text}", output.status);
    let error = told.lines().find(|line| line.starts_with("error: ")).unwrap();
    assert!(error.contains("EXP_large.csv: ") && error.contains("is nearly full"), "{told}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("\"sample\":true") && printed.contains("10 rows, US$ 14,890"), "{printed}");
}
