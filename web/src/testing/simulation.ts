import type { Destination, Simulation } from '../api/types';

/** A destination as the server sends it; the numbers are made up. */
export function aDestination(change: Partial<Destination> = {}): Destination {
  const part = { value: 811_433_428, normalized: 0.96, weight: 0.4, contribution: 3.84, insufficient_data: false };
  return {
    rank: 1,
    country_code: 'US',
    country_name: 'Estados Unidos',
    flag_emoji: '🇺🇸',
    score: 8.47,
    score_breakdown: {
      market_size: part,
      growth: { ...part, value: 0.16, weight: 0.3, contribution: 2.5 },
      price: { ...part, value: 0.488, weight: 0.2, contribution: 1 },
      distance: { ...part, value: null, weight: 0.1, contribution: 0.5, insufficient_data: true },
    },
    demand_level: 'alto',
    confidence: 'media',
    market_size_usd: 811_433_428,
    growth_rate_pct: 18.14,
    avg_price_usd_per_kg: 0.488,
    distance_km: 7631.6,
    estimated_margin_pct: 26,
    logistics_cost_usd: 808.71,
    goods_value_usd: 488,
    goods_value_basis: 'preco_do_destino',
    logistics_share_pct: 165.72,
    freight_closes: false,
    break_even_volume_kg: 5500,
    break_even_class: 'container',
    freight_note: 'Neste volume o frete não fecha; fecha a partir de 5,5 t, em contêiner.',
    tariff_pct: 13,
    lead_time_days: 40,
    estimates: {
      margin: { value: 26, low: 16, high: 35, basis: 'faixa_padrao' },
      tariff: { value: 13, low: 8, high: 18, basis: 'faixa_padrao', note: null },
      logistics: {
        value: 808.71,
        low: 485.23,
        high: 1132.19,
        basis: 'tabela da empresa',
        cargo_class: 'container',
        load: 'lcl',
        volume_kg: 1000,
        volume_assumed: true,
        payload_assumed: false,
      },
      lead_time: { value: 40, low: 26, high: 55, basis: 'faixa_padrao' },
    },
    windows: [{ from: '2024-01', through: '2024-12', months_covered: 12, covered: true, fob_usd: 811_433_428 }],
    recommendation_reason: '1º de 60 destinos; pesa mais: tamanho do mercado.',
    ...change,
  };
}

/** An answer with these destinations. */
export function aSimulation(destinations: Destination[], change: Partial<Simulation> = {}): Simulation {
  return {
    ncm: '17011400',
    ncm_description: 'Açúcar de cana em bruto',
    destinations,
    total_destinations: 60,
    data: {
      through: '2025-02',
      source: 'comexstat',
      snapshot: 's',
      sample: false,
      months_covered: 12,
      reference_destinations: 60,
      market_size_basis: 'exportacoes_do_brasil',
    },
    calculated_at: '2026-01-02T12:00:00Z',
    ...change,
  };
}
