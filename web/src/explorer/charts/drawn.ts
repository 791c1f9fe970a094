/** What a chart draws: rows with their labels and one number each. */
import { flagOf, keyOf, labelOf, numberOf, type Words } from '../labels';
import { isPartial, latestRows, type Partiality, type Row } from '../period';
import { categoriesOf, measureOf, timeOf, type Question } from '../question';

export interface Mark {
  key: string;
  label: string;
  flag: string;
  value: number;
  partial: boolean;
  row: Row;
}

function markOf(row: Row, question: Question, words: Words, partiality: Partiality): Mark | null {
  const value = numberOf(row, measureOf(question));
  if (value === null) return null;
  const [first] = categoriesOf(question);
  return {
    key: keyOf(row, question),
    label: labelOf(row, question, words, false),
    flag: first === undefined ? '' : flagOf(row, first, words),
    value,
    partial: isPartial(row) || partiality.everything,
    row,
  };
}

/** Rows of the latest time that have the measure, in the order of the answer. */
export function marksOf(question: Question, rows: readonly Row[], words: Words, partiality: Partiality): Mark[] {
  return latestRows(question, rows).flatMap((row) => {
    const mark = markOf(row, question, words, partiality);
    return mark === null ? [] : [mark];
  });
}

/** The years of a question by year alone, in their order: nothing to rank there. */
export function yearsOf(question: Question, rows: readonly Row[], words: Words, partiality: Partiality): Mark[] {
  return rows
    .flatMap((row) => {
      const mark = markOf(row, question, words, partiality);
      return mark === null ? [] : [mark];
    })
    .toSorted((left, right) => left.key.localeCompare(right.key));
}

/** Whether the rows are years and nothing else. */
export function isTimeOnly(question: Question): boolean {
  return timeOf(question) !== null && categoriesOf(question).length === 0;
}

/**
 * The marks that a ranking shows: the largest by value, then in the order of the measure. A price or a growth is ranked
 * among the largest sales only, since its own top is nearly always a tiny one.
 */
export function topMarks(question: Question, marks: readonly Mark[], count: number): Mark[] {
  const measure = measureOf(question);
  const byValue = (measure === 'growth' || measure === 'price') && question.measures.includes('fob');
  const weight = (mark: Mark) => (byValue ? (numberOf(mark.row, 'fob') ?? 0) : mark.value);
  return marks
    .toSorted((left, right) => weight(right) - weight(left))
    .slice(0, count)
    .toSorted((left, right) => right.value - left.value);
}
