import type { Window } from '../api/types';

/** A month of `GET /v1/exports?drilldowns=month&measures=fob,kg,price`. */
export interface MonthRow {
  month: string;
  fob: number;
  kg: number;
  /** US dollars per kilogram over what has a weight; null where nothing has. */
  price: number | null;
}

/** Twelve months: what was sold and at what average price. */
export interface Period {
  from: string;
  through: string;
  monthsCovered: number;
  covered: boolean;
  fobUsd: number;
  /** Null when nothing with a weight was sold, or while the prices are not known. */
  priceUsdPerKg: number | null;
}

/** The windows of an answer with the average price of each, weighed by kilograms. */
export function periodsOf(windows: readonly Window[], months: readonly MonthRow[]): Period[] {
  return windows.map((window) => {
    let weighedUsd = 0;
    let kg = 0;
    for (const row of months) {
      if (row.month < window.from || row.month > window.through || row.price === null) continue;
      weighedUsd += row.price * row.kg;
      kg += row.kg;
    }
    return {
      from: window.from,
      through: window.through,
      monthsCovered: window.months_covered,
      covered: window.covered,
      fobUsd: window.fob_usd,
      priceUsdPerKg: kg > 0 ? weighedUsd / kg : null,
    };
  });
}
