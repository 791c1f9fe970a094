import type { Words } from '../labels';
import type { Partiality, Row, Span } from '../period';
import type { Question } from '../question';

/** What every chart is given. */
export interface ChartProps {
  question: Question;
  rows: readonly Row[];
  /** Rows that the question has, also beyond its limit. */
  total: number;
  partiality: Partiality;
  /** Months of the question that are covered. */
  covered: readonly Span[];
  words: Words;
}
