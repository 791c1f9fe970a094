/**
 * The shapes of the HTTP API, in one place.
 *
 * They will come from the OpenAPI document: `npm run types` writes `schema.ts`, and each alias here then points into it.
 * Nothing outside this folder names the generated file.
 */

/** A code of the closed table of errors in docs/api/errors.md. */
export type ErrorCode =
  | 'validation_error'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'forbidden'
  | 'cross_site_request'
  | 'ncm_not_found'
  | 'not_found'
  | 'method_not_allowed'
  | 'account_exists'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'query_too_large'
  | 'rate_limit_exceeded'
  | 'overloaded'
  | 'data_unavailable'
  | 'timeout'
  | 'internal_error';

/** One wrong field: a JSON pointer into the body (`/countries/0`) or the name of a query parameter. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** An `application/problem+json` body. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  error: string;
  message: string;
  errors?: FieldProblem[];
}

export type Tier = 'free' | 'premium';

export interface User {
  id: string;
  email: string;
  name: string;
  tenant: { id: string; name: string };
  tier: Tier;
  upgrade_requested_at: string | null;
  created_at: string;
}

/** Who is signed in; `user` is null for an anonymous visitor. */
export interface Session {
  user: User | null;
  expires_at: string | null;
}

/** Free simulations of today; the counts are null for premium callers, who have no limit. */
export interface Usage {
  tier: Tier;
  limit: number | null;
  used: number | null;
  remaining: number | null;
  resets_at: string | null;
}

export interface Product {
  ncm: string;
  description: string | null;
  sector: string | null;
  /** US dollars exported in the last twelve covered months; null when never exported. */
  exports_usd_12m: number | null;
}

export interface Products {
  data: Product[];
  meta: { query: string; total: number; limit: number; snapshot: string };
}

export interface Country {
  /** What requests take: ISO alpha-2, or the ministry's code where there is none. */
  code: string;
  co_pais: string;
  iso2: string | null;
  iso3: string | null;
  name_pt: string;
  name_en: string;
  flag_emoji: string;
  distance_km: number | null;
  group: string;
  /** False for Brazil, ships' stores, undeclared and defunct countries: never a destination. */
  rankable: boolean;
}

export type PartName = 'market_size' | 'growth' | 'price' | 'distance';

/** Relative importance of the parts of a score. */
export type Weights = Record<PartName, number>;

export interface SimulationRequest {
  ncm: string;
  volume_kg?: number;
  countries?: string[];
  max_results?: number;
  weights?: Weights;
}

export interface ScorePart {
  value: number | null;
  /** 0–1. */
  normalized: number;
  /** Share of all weights, 0–1. */
  weight: number;
  /** Points out of 10 that this part adds. */
  contribution: number;
  insufficient_data: boolean;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
  /** Where the figures come from: `faixa_padrao` for the built-in table, else the operator's own words. */
  basis: string;
}

export interface LogisticsEstimate extends Estimate {
  volume_kg: number;
  volume_assumed: boolean;
}

/** Twelve months of exports to one destination. */
export interface Window {
  from: string;
  through: string;
  months_covered: number;
  covered: boolean;
  fob_usd: number;
}

export type DemandLevel = 'alto' | 'medio' | 'baixo';
export type Confidence = 'alta' | 'media' | 'baixa';

export interface Destination {
  /** Place among all destinations of the product, whatever countries were asked for. */
  rank: number;
  country_code: string;
  country_name: string;
  flag_emoji: string;
  score: number;
  score_breakdown: Record<PartName, ScorePart>;
  demand_level: DemandLevel;
  confidence: Confidence;
  /** What Brazil exported there in the last window, US dollars. */
  market_size_usd: number;
  growth_rate_pct: number | null;
  avg_price_usd_per_kg: number | null;
  distance_km: number | null;
  estimated_margin_pct: number | null;
  logistics_cost_usd: number | null;
  tariff_pct: number | null;
  lead_time_days: number | null;
  estimates: {
    margin: Estimate;
    tariff: Estimate;
    logistics: LogisticsEstimate;
    lead_time: Estimate;
  } | null;
  windows: Window[];
  recommendation_reason: string;
}

export interface Simulation {
  ncm: string;
  ncm_description: string | null;
  destinations: Destination[];
  total_destinations: number;
  data: {
    /** Last covered month, `2025-02`; null when nothing is covered. */
    through: string | null;
    source: string;
    snapshot: string;
    sample: boolean;
    months_covered: number;
    reference_destinations: number;
    market_size_basis: string;
  };
  calculated_at: string;
}

/** A table of `GET /v1/exports`; the columns depend on the question. */
export interface ExportsTable<Row> {
  data: Row[];
  meta: {
    snapshot: string;
    source: string;
    sample: boolean;
    through: string | null;
    total_rows: number;
    limit: number;
    offset: number;
    language: string;
    covered: { from: string; to: string }[];
    partial_years: number[];
  };
}

export interface SavedProduct {
  ncm: string;
  description: string | null;
  saved_at: string;
}

/** A key for programs, without its secret. */
export interface ApiKey {
  id: string;
  name: string;
  /** The first characters, to tell keys apart. */
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

/** The answer to a new key: the only time that the secret is seen. */
export interface NewApiKey extends ApiKey {
  key: string;
}

/** One line of the access log about the signed-in user. */
export interface Activity {
  at: string;
  action: string;
  result: string;
  credential: string;
}
