import { expect, it } from 'vitest';
import { periodsOf } from './history';

const windows = [
  { from: '2023-03', through: '2024-02', months_covered: 12, covered: true, fob_usd: 300 },
  { from: '2024-03', through: '2025-02', months_covered: 7, covered: false, fob_usd: 0 },
];

it('weighs the price of each twelve months by kilograms and leaves months without weight out', () => {
  const periods = periodsOf(windows, [
    { month: '2023-02', fob: 999, kg: 1, price: 999 },
    { month: '2023-03', fob: 100, kg: 100, price: 1 },
    { month: '2024-02', fob: 200, kg: 50, price: 4 },
    { month: '2023-05', fob: 7, kg: 0, price: null },
  ]);
  expect(periods.map((period) => period.priceUsdPerKg)).toEqual([2, null]);
  expect(periods[0]).toMatchObject({ fobUsd: 300, through: '2024-02' });
});
