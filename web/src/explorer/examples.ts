/** Questions that show what the page can do; each answers well on the sample and on the real data. */
import type { ExplorerTexts } from '../i18n/explorer';
import type { Question } from './question';
import { LIMIT_DEFAULT } from './question';

const usual = { sort: null, limit: LIMIT_DEFAULT } as const;

/** The examples in the order of the page, by the name of their texts. `year` is the last whole year that is covered. */
export function examplesFor(year: string): { name: keyof ExplorerTexts['examples']; question: Question }[] {
  const last = Number(year);
  return [
    {
      name: 'destinations',
      question: { ...usual, rows: ['country'], cuts: { ncm: ['12019000'], year: [year] }, measures: ['fob', 'kg', 'price', 'share'], chart: 'bars' },
    },
    {
      name: 'sugar',
      question: { ...usual, rows: ['month'], cuts: { year: [`${last - 2}-${last}`], ncm: ['17011400'] }, measures: ['fob', 'kg', 'price', 'growth'], chart: 'line' },
    },
    {
      name: 'basket',
      question: { ...usual, rows: ['ncm'], cuts: { year: [year], country: ['CN'] }, measures: ['fob', 'kg', 'price', 'share'], chart: 'treemap' },
    },
    {
      name: 'world',
      question: { ...usual, rows: ['country'], cuts: { year: [year], sh4: ['0901'] }, measures: ['fob', 'kg', 'price', 'share'], chart: 'map' },
    },
    {
      name: 'states',
      question: { ...usual, rows: ['year', 'uf'], cuts: { year: [year] }, measures: ['growth', 'fob', 'kg', 'price'], chart: 'bars' },
    },
  ];
}
