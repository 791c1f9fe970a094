import type { Destination } from '../api/types';
import { csvOf, type CsvCell, type CsvDialect } from '../components/csv';

/** Columns of the downloaded table: names of the API, and how each is read from a destination. */
const COLUMNS: readonly [string, (destination: Destination) => CsvCell][] = [
  ['rank', (destination) => destination.rank],
  ['country_code', (destination) => destination.country_code],
  ['country_name', (destination) => destination.country_name],
  ['score', (destination) => destination.score],
  ['demand_level', (destination) => destination.demand_level],
  ['confidence', (destination) => destination.confidence],
  ['market_size_usd', (destination) => destination.market_size_usd],
  ['avg_price_usd_per_kg', (destination) => destination.avg_price_usd_per_kg],
  ['growth_rate_pct', (destination) => destination.growth_rate_pct],
  ['distance_km', (destination) => destination.distance_km],
  ['estimated_margin_pct', (destination) => destination.estimated_margin_pct],
  ['logistics_cost_usd', (destination) => destination.logistics_cost_usd],
  ['tariff_pct', (destination) => destination.tariff_pct],
  ['lead_time_days', (destination) => destination.lead_time_days],
  ['recommendation_reason', (destination) => destination.recommendation_reason],
  // Newer columns come last, so that the others keep their places.
  ['goods_value_usd', (destination) => destination.goods_value_usd],
  ['logistics_share_pct', (destination) => destination.logistics_share_pct],
  ['freight_closes', (destination) => destination.freight_closes],
];

/** The shown destinations as CSV: the same rows in the same order. */
export function csvOfDestinations(destinations: readonly Destination[], dialect: CsvDialect): string {
  return csvOf(
    COLUMNS.map(([name]) => name),
    destinations.map((destination) => COLUMNS.map(([, read]) => read(destination))),
    dialect,
  );
}
