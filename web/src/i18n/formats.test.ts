import { describe, expect, it } from 'vitest';
import { plainSpaces } from '../testing/render';
import { formatsOf, UNKNOWN } from './formats';

const pt = formatsOf('pt-BR');
const en = formatsOf('en');

describe('formats in Portuguese', () => {
  it.each([
    [pt.usdCompact(1_234_567_890), 'US$ 1,2 bi'],
    [pt.usdCompact(234_000_000), 'US$ 234 mi'],
    [pt.usdCompact(45_600), 'US$ 45,6 mil'],
    [pt.usdCompact(0), 'US$ 0'],
    [pt.usd(1_234_567.5), 'US$ 1.234.568'],
    [pt.usdPerKg(0.488), 'US$ 0,49/kg'],
    [pt.number(1_234_567.891, 3), '1.234.567,891'],
    [pt.fixed(8, 1), '8,0'],
    [pt.percent(28), '28 %'],
    [pt.signedPercent(12.34), '+12,3 %'],
    [pt.signedPercent(-12.34), '-12,3 %'],
    [pt.km(17_599.4), '17.599 km'],
    [pt.weight(950), '950 kg'],
    [pt.weight(12_300_000_000), '12,3 mi t'],
    [pt.month('2025-02'), 'fev/2025'],
    [pt.date('2026-11-21T23:30:00Z'), '21/11/2026'],
    [pt.time('2026-11-22T03:00:00Z'), '00:00'],
    [pt.list(['Brasil', 'Chile', 'Peru']), 'Brasil, Chile e Peru'],
  ])('%s', (formatted, expected) => {
    expect(plainSpaces(formatted)).toBe(expected);
  });

  it('sorts names as a reader expects', () => {
    expect(['Índia', 'Emirados', 'África', 'Irã', 'Alemanha'].toSorted(pt.compareNames)).toEqual([
      'África',
      'Alemanha',
      'Emirados',
      'Índia',
      'Irã',
    ]);
  });
});

describe('formats in English', () => {
  it.each([
    [en.usdCompact(1_234_567_890), 'US$ 1.2B'],
    [en.usd(1_234_567.5), 'US$ 1,234,568'],
    [en.usdPerKg(0.488), 'US$ 0.49/kg'],
    [en.signedPercent(12.34), '+12.3%'],
    [en.month('2025-02'), 'Feb 2025'],
  ])('%s', (formatted, expected) => {
    expect(plainSpaces(formatted)).toBe(expected);
  });
});

it('shows a dash for what is not known', () => {
  for (const format of [pt.usd, pt.usdCompact, pt.usdPerKg, pt.percent, pt.signedPercent, pt.km, pt.weight, pt.number]) {
    expect(format(null)).toBe(UNKNOWN);
    expect(format(undefined)).toBe(UNKNOWN);
    expect(format(Number.NaN)).toBe(UNKNOWN);
  }
  expect(pt.month(null)).toBe(UNKNOWN);
  expect(pt.month('soon')).toBe(UNKNOWN);
  expect(pt.dateTime('never')).toBe(UNKNOWN);
});
