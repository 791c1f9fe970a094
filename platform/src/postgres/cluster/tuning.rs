//! The settings of a private cluster: an analytical load on one machine that does other things too.

use std::collections::BTreeMap;

use super::ClusterError;

/// Settings that a caller may not change: with `trust` authentication, the private socket directory is
/// the only thing between the data and everybody else.
const RESERVED: [&str; 6] =
    ["listen_addresses", "unix_socket_directories", "port", "data_directory", "hba_file", "unix_socket_permissions"];

const MEBIBYTE: u64 = 1024 * 1024;

/// What the machine has to give.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine {
    /// Memory that this process may use, in bytes.
    pub memory_bytes: u64,
    /// Processors that this process may use.
    pub cores: u64,
}

impl Machine {
    /// Measures this machine: the least of its memory and of the container's limit.
    pub(super) fn measure() -> Self {
        let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| total_memory_bytes(&text));
        let limit = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
        let memory_bytes = [total, limit].into_iter().flatten().min().unwrap_or(2048 * MEBIBYTE);
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        Self { memory_bytes, cores }
    }
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn total_memory_bytes(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// All settings of the server, by name. `overrides` win over the defaults.
pub(super) fn settings(
    machine: Machine,
    durable: bool,
    overrides: &[(String, String)],
) -> Result<BTreeMap<String, String>, ClusterError> {
    let memory = machine.memory_bytes / MEBIBYTE;
    let megabytes = |value: u64| format!("{value}MB");
    let shared_buffers = if durable { (memory / 8).clamp(32, 1024) } else { 64 };
    let mut all: BTreeMap<String, String> = [
        ("shared_buffers", megabytes(shared_buffers)),
        ("effective_cache_size", megabytes((memory / 2).max(64))),
        ("work_mem", megabytes((memory / 256).clamp(4, 64))),
        ("maintenance_work_mem", megabytes((memory / 16).clamp(64, 1024))),
        ("max_connections", "100".into()),
        ("max_worker_processes", (machine.cores + 8).to_string()),
        ("max_parallel_workers", machine.cores.to_string()),
        ("max_parallel_workers_per_gather", machine.cores.div_ceil(2).to_string()),
        ("max_parallel_maintenance_workers", machine.cores.to_string()),
        ("max_wal_size", "4GB".into()),
        ("checkpoint_timeout", "15min".into()),
        ("checkpoint_completion_target", "0.9".into()),
        ("wal_compression", "on".into()),
        ("random_page_cost", "1.1".into()),
        ("jit", "off".into()),
        ("timezone", "UTC".into()),
        ("log_timezone", "UTC".into()),
        ("lc_messages", "C".into()),
        ("log_line_prefix", "%m [%p] %q%u@%d %a ".into()),
        ("log_checkpoints", "off".into()),
        ("logging_collector", "off".into()),
        ("idle_in_transaction_session_timeout", "10min".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let safety = if durable { "on" } else { "off" };
    for name in ["fsync", "synchronous_commit", "full_page_writes"] {
        all.insert(name.into(), safety.into());
    }
    for (name, value) in overrides {
        let name = name.trim().to_ascii_lowercase();
        if RESERVED.contains(&name.as_str()) {
            return Err(ClusterError::ReservedSetting { name });
        }
        all.insert(name, value.clone());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Machine = Machine { memory_bytes: 2048 * MEBIBYTE, cores: 2 };

    #[test]
    fn memory_is_shared_out_within_bounds() {
        let small = settings(SMALL, true, &[]).unwrap();
        assert_eq!(small["shared_buffers"], "256MB");
        let large = settings(Machine { memory_bytes: 512 * 1024 * MEBIBYTE, cores: 64 }, true, &[]).unwrap();
        assert_eq!(large["shared_buffers"], "1024MB");
        assert_eq!(large["fsync"], "on");
    }

    #[test]
    fn overrides_win_but_cannot_open_the_server_to_others() {
        let chosen = settings(SMALL, true, &[("Work_Mem".into(), "5MB".into())]).unwrap();
        assert_eq!(chosen["work_mem"], "5MB");
        let refused = settings(SMALL, true, &[("listen_addresses".into(), "*".into())]);
        assert!(matches!(refused, Err(ClusterError::ReservedSetting { .. })));
    }

    #[test]
    fn the_total_of_meminfo_is_in_kibibytes() {
        assert_eq!(total_memory_bytes("MemTotal:       24000000 kB\nMemFree: 1 kB\n"), Some(24_000_000 * 1024));
    }
}
