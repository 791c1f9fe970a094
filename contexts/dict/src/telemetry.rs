//! What is read at each scrape and not counted on the way.

use std::fmt;

use deadpool_postgres::Pool;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Registers `core_dict_db_connections_active`: connections of the pool that work on a statement now. Once per registry.
pub fn register_connections(registry: &mut Registry, pool: &Pool) {
    registry.register_collector(Box::new(Connections { pool: pool.clone() }));
}

struct Connections {
    pool: Pool,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("status", &self.pool.status()).finish()
    }
}

impl Collector for Connections {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let status = self.pool.status();
        let active = status.size - status.available.min(status.size);
        let gauge = ConstGauge::new(i64::try_from(active).unwrap_or(i64::MAX));
        let help = "Connections of the pool to PostgreSQL that are in use";
        gauge.encode(encoder.encode_descriptor("core_dict_db_connections_active", help, None, gauge.metric_type())?)
    }
}
