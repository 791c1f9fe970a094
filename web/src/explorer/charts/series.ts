/** Lines of a chart over time: which there are, and their points with gaps where nothing is known. */
import { labelOf, numberOf, type Words } from '../labels';
import { isPartial, monthNumber, monthsOf, monthText, type Row, type Span } from '../period';
import { categoriesOf, measureOf, timeOf, type Measure, type Question } from '../question';

export const LINES_MAX = 5;

/** One moment of the axis: values by line, in the order of the lines. */
export interface Point {
  /** `2024-03` or `2024`. */
  time: string;
  values: (number | null)[];
  /** The same month of the year before, for a chart of one line. */
  before: number | null;
  partial: boolean;
}

export interface Lines {
  names: string[];
  points: Point[];
  /** How many lines there would be without a limit. */
  total: number;
}

/** Sums begin at nothing sold; a price, share or growth of nothing is not known. */
function valueOfNoRow(measure: Measure): number | null {
  return measure === 'fob' || measure === 'kg' ? 0 : null;
}

/** Every moment that the question covers, in order. */
function timesOf(question: Question, covered: readonly Span[]): string[] {
  const months = monthsOf(covered);
  return timeOf(question) === 'month' ? months : [...new Set(months.map((month) => month.slice(0, 4)))];
}

/** The axis, with the moments between that are not covered, so that a gap is as wide as it lasted. */
function axisOf(question: Question, known: readonly string[]): string[] {
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  const axis: string[] = [];
  if (timeOf(question) === 'month') {
    for (let month = monthNumber(first); month <= monthNumber(last); month += 1) axis.push(monthText(month));
  } else {
    for (let year = Number(first); year <= Number(last); year += 1) axis.push(String(year));
  }
  return axis;
}

/** The rows as lines: one, or the largest five by the sum of what they draw (by value, for what cannot be summed). */
export function linesOf(
  question: Question,
  rows: readonly Row[],
  covered: readonly Span[],
  earlier: readonly Row[],
  words: Words,
): Lines {
  const time = timeOf(question) ?? 'month';
  const measure = measureOf(question);
  const single = categoriesOf(question).length === 0;
  const weighs: Measure = measure === 'kg' || !question.measures.includes('fob') ? measure : 'fob';
  const groups = new Map<string, { sum: number; rows: Map<string, Row> }>();
  for (const row of rows) {
    const name = single ? '' : labelOf(row, question, words, false);
    const group = groups.get(name) ?? { sum: 0, rows: new Map<string, Row>() };
    group.sum += numberOf(row, weighs) ?? 0;
    group.rows.set(String(row[time]), row);
    groups.set(name, group);
  }
  const largest = [...groups].toSorted((left, right) => right[1].sum - left[1].sum).slice(0, LINES_MAX);
  const coveredTimes = new Set(timesOf(question, covered));
  const known = [...new Set([...coveredTimes, ...rows.map((row) => String(row[time]))])].toSorted();
  const before = new Map([...earlier, ...rows].map((row) => [String(row[time]), row]));
  const points = axisOf(question, known).map((moment): Point => {
    const found = largest.map(([, group]) => group.rows.get(moment));
    const ago = single && time === 'month' ? before.get(monthText(monthNumber(moment) - 12)) : undefined;
    return {
      time: moment,
      values: found.map((row) => (row === undefined ? (coveredTimes.has(moment) ? valueOfNoRow(measure) : null) : numberOf(row, measure))),
      before: ago === undefined || isPartial(ago) ? null : numberOf(ago, measure),
      partial: found.some((row) => row !== undefined && isPartial(row)),
    };
  });
  return { names: largest.map(([name]) => name), points, total: groups.size };
}
