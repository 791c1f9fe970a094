//! What counting a free use adds to a simulation, beside the least a statement can cost on the same pool.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use platform::auth::Caller;
use tokio_util::task::TaskTracker;
use trade::free_use::{FreeUse, Reservation};

use crate::report::{Report, percentile};
use crate::world::World;

/// Reservations measured; each by a client of its own, as on a busy day.
const CLIENTS: u32 = 2_000;
/// Reservations of the same client before it is refused.
const USES: u32 = 2;

/// Reservations one after the other, in turns with the bare statement.
pub async fn reservation(world: &World, report: &mut Report) -> Result<()> {
    let store = world.empty("free_use").await?.loader.store;
    let pool = store.pool.clone();
    let uses = FreeUse::open(store, TaskTracker::new(), [7; 32], DateTime::UNIX_EPOCH).await?;
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH + Duration::from_secs(1_742_000_000);
    let (mut ours, mut bare, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..CLIENTS * USES {
        let address = IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + at % CLIENTS));
        let caller = Caller { address, secure: false, principal: None };
        let started = Instant::now();
        let reservation = uses.reserve(&caller, None, now).await?;
        ours.push(started.elapsed());
        let Reservation::Granted(held) = reservation else { bail!("a use was refused") };
        std::hint::black_box(held.keep());
        let started = Instant::now();
        let client = pool.get().await?;
        let statement = client.prepare_cached("SELECT 1").await?;
        std::hint::black_box(client.query_one(&statement, &[]).await?);
        bare.push(started.elapsed());
    }
    let greedy = Caller { address: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false, principal: None };
    for _ in 0..CLIENTS {
        let started = Instant::now();
        match uses.reserve(&greedy, None, now).await? {
            Reservation::Granted(held) => {
                std::hint::black_box(held.keep());
            }
            _ => refused.push(started.elapsed()),
        }
    }
    let rival = percentile(&mut bare, 0.5, 1e3);
    let name = "SELECT 1 on the same pool";
    report.at_most_times("reservation of a free use, p50", percentile(&mut ours, 0.5, 1e3), "ms", (name, rival), 5.0);
    report.at_most("reservation of a free use, p95", percentile(&mut ours, 0.95, 1e3), "ms", 1.0);
    report.at_most("refusal beyond the free uses, p95", percentile(&mut refused, 0.95, 1e3), "ms", 1.0);
    Ok(())
}
