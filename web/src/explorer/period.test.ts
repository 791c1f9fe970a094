import { describe, expect, it } from 'vitest';
import { linesOf } from './charts/series';
import { explorerTexts } from '../i18n/explorer';
import { formatsOf } from '../i18n/formats';
import type { Words } from './labels';
import { coveredMonths, lastTwelveMonths, latestRows, monthsOf, partialityOf, periodCut, periodOf, type Answer, type Row } from './period';
import type { Question } from './question';

const words: Words = { texts: explorerTexts.pt, formats: formatsOf('pt-BR'), language: 'pt-BR', countries: new Map(), products: new Map() };

function question(change: Partial<Question>): Question {
  return { rows: ['country'], cuts: {}, measures: ['fob'], sort: null, limit: 10_000, chart: null, ...change };
}

function answer(data: Row[], covered: { from: string; to: string }[], partialYears: number[]): Answer {
  return {
    data,
    meta: { snapshot: 's', source: 'comexstat', sample: false, through: '2025-02', total_rows: data.length, limit: 10, offset: 0, language: 'pt-BR', covered, partial_years: partialYears },
  };
}

describe('periods', () => {
  it('counts months over years', () => {
    expect(monthsOf([{ from: '2023-11', to: '2024-02' }])).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
    expect(coveredMonths([{ from: '2023-11', to: '2024-02' }], 2024)).toEqual([1, 2]);
  });

  it('calls whole years by their names', () => {
    expect(lastTwelveMonths('2024-12')).toEqual({ year: ['2024'] });
    expect(lastTwelveMonths('2025-02')).toEqual({ month: ['2024-03..2025-02'] });
    expect(periodCut('2023-01', '2024-12')).toEqual({ year: ['2023-2024'] });
    expect(periodCut('2024-12', '2023-01')).toEqual({ year: ['2023-2024'] });
    expect(periodCut('2024-01', '2024-12')).toEqual({ year: ['2024'] });
    expect(periodCut('2024-03', '2024-03')).toEqual({ month: ['2024-03'] });
  });

  it('reads the cuts of time', () => {
    expect(periodOf({})).toEqual({ kind: 'all' });
    expect(periodOf({ year: ['latest'] })).toEqual({ kind: 'latest-year' });
    expect(periodOf({ year: ['2023', '2024'] })).toEqual({ kind: 'years', from: '2023', to: '2024' });
    expect(periodOf({ year: ['2021', '2024'] })).toEqual({ kind: 'other', text: '2021|2024' });
    expect(periodOf({ month: ['2024-03..2025-02'] })).toEqual({ kind: 'months', from: '2024-03', to: '2025-02' });
    expect(periodOf({ year: ['2024'], month: ['1-6'] })).toEqual({ kind: 'other', text: '2024, 1-6' });
  });
});

describe('partial periods', () => {
  const year = [{ from: '2025-01', to: '2025-02' }];
  const years = [{ from: '2023-01', to: '2025-02' }];

  it('says that everything is partial when only a partial year is asked for', () => {
    const found = partialityOf(question({}), answer([], year, [2025]));
    expect(found).toEqual({ years: [{ year: 2025, months: [1, 2] }], everything: true, mixed: false });
  });

  it('says that a sum mixes whole and partial years', () => {
    expect(partialityOf(question({}), answer([], years, [2025]))).toMatchObject({ everything: false, mixed: true });
    expect(partialityOf(question({ rows: ['year'] }), answer([], years, [2025]))).toMatchObject({ everything: false, mixed: false });
    expect(partialityOf(question({}), answer([], [{ from: '2023-01', to: '2024-12' }], []))).toEqual({ years: [], everything: false, mixed: false });
  });

  it('draws the latest time only', () => {
    const rows: Row[] = [
      { year: 2024, country: 'CN', fob: 5 },
      { year: 2025, country: 'CN', fob: 1 },
      { year: 2025, country: 'US', fob: 2 },
    ];
    expect(latestRows(question({ rows: ['year', 'country'] }), rows)).toEqual(rows.slice(1));
    expect(latestRows(question({}), rows)).toEqual(rows);
  });
});

describe('lines', () => {
  const monthly = question({ rows: ['month'] });

  it('puts the same month of the year before behind, never a partial one', () => {
    const rows: Row[] = [{ month: '2024-01', partial: false, fob: 7 }, { month: '2024-02', partial: false, fob: 8 }];
    const earlier: Row[] = [{ month: '2023-01', partial: false, fob: 3 }, { month: '2023-02', partial: true, fob: 4 }];
    const { points } = linesOf(monthly, rows, [{ from: '2024-01', to: '2024-02' }], earlier, words);
    expect(points.map((point) => [point.time, point.values[0], point.before])).toEqual([['2024-01', 7, 3], ['2024-02', 8, null]]);
  });

  it('leaves a gap where nothing is covered, and zero where nothing was sold', () => {
    const rows: Row[] = [
      { month: '2024-01', country: 'CN', partial: false, fob: 7 },
      { month: '2024-01', country: 'US', partial: false, fob: 1 },
      { month: '2024-02', country: 'CN', partial: false, fob: 9 },
      { month: '2024-04', country: 'CN', partial: true, fob: 2 },
    ];
    const covered = [{ from: '2024-01', to: '2024-02' }];
    const lines = linesOf(question({ rows: ['month', 'country'] }), rows, covered, [], words);
    expect(lines.names).toEqual(['CN', 'US']);
    expect(lines.points.map((point) => point.values)).toEqual([[7, 1], [9, 0], [null, null], [2, null]]);
    expect(lines.points.map((point) => point.partial)).toEqual([false, false, false, true]);
  });

  it('does not call a missing price zero', () => {
    const rows: Row[] = [{ month: '2024-01', country: 'CN', price: 2, fob: 1 }];
    const lines = linesOf(question({ rows: ['month', 'country'], measures: ['price', 'fob'] }), rows, [{ from: '2024-01', to: '2024-02' }], [], words);
    expect(lines.points.map((point) => point.values)).toEqual([[2], [null]]);
  });
});
