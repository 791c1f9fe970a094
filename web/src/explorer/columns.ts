/** The columns of the table, and the same table as CSV. */
import { csvOf, type CsvCell, type CsvDialect } from '../components/csv';
import { nameColumn, nameOf, type Words } from './labels';
import type { Row } from './period';
import type { Dimension, Measure, Question, Sort } from './question';

export type Column = { kind: 'dimension'; key: Dimension } | { kind: 'measure'; key: Measure };

/** Dimensions in their order, then measures in theirs. */
export function columnsOf(question: Question): Column[] {
  return [
    ...question.rows.map((key): Column => ({ kind: 'dimension', key })),
    ...question.measures.map((key): Column => ({ kind: 'measure', key })),
  ];
}

/**
 * The rows in the order that the table says. The API orders a dimension by its code; a reader expects names in the order
 * of the alphabet, which needs all rows at hand.
 */
export function orderedRows(rows: readonly Row[], order: Sort, complete: boolean, words: Words): readonly Row[] {
  const { key } = order;
  // Products stay in the order of their codes, which keeps together what belongs together.
  if (!complete || (key !== 'country' && key !== 'uf' && key !== 'sector')) return rows;
  const turn = order.descending ? -1 : 1;
  return rows.toSorted((left, right) => turn * words.formats.compareNames(nameOf(left, key, words), nameOf(right, key, words)));
}

/** The names of the CSV's columns: those of the API, in its order, whatever order the object has. */
export function csvColumns(question: Question): string[] {
  const dimensions = question.rows.flatMap((dimension) => {
    const name = nameColumn(dimension);
    return name === null ? [dimension] : [dimension, name];
  });
  const year = question.rows.includes('year') && !question.rows.includes('month') ? ['months_covered'] : [];
  const partial = question.rows.includes('year') || question.rows.includes('month') ? ['partial'] : [];
  return [...dimensions, ...year, ...partial, ...question.measures];
}

/** The table as CSV: the rows of the screen, in its order, with every digit that the API sent. */
export function csvTable(question: Question, rows: readonly Row[], dialect: CsvDialect): string {
  const columns = csvColumns(question);
  return csvOf(columns, rows.map((row) => columns.map((column): CsvCell => row[column] ?? null)), dialect);
}

/** `exportacoes_ncm-17011400_country.csv`: the question as a file's name. */
export function fileNameOf(question: Question, extension: 'csv' | 'xlsx'): string {
  const parts = [...Object.entries(question.cuts).map(([dimension, values]) => `${dimension}-${values.join('-')}`), ...question.rows];
  const name = ['exportacoes', ...parts].join('_').toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-');
  return `${name.slice(0, 120)}.${extension}`;
}
