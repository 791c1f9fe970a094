/** How a question changes when one of its words does; each change leaves a question that the API can answer. */
import {
  categoriesOf,
  chartsFor,
  LIMIT_DEFAULT,
  PRODUCT_LEVELS,
  singleYear,
  timeOf,
  usualMeasures,
  type Chart,
  type Cuts,
  type Dimension,
  type Measure,
  type ProductLevel,
  type Question,
  type Sort,
} from './question';

/** Drops what no longer fits the rest: an order by a column that is gone, growth without time, a chart that would lie. */
function tidy(question: Question): Question {
  const timed = timeOf(question) !== null;
  const kept = question.measures.filter(
    (measure) => (measure !== 'growth' || timed) && (measure !== 'hhi' || !question.rows.includes('country')),
  );
  const measures = kept.length === 0 ? usualMeasures(question.rows) : kept;
  const columns: string[] = [...question.rows, ...measures];
  const next = {
    ...question,
    measures,
    sort: question.sort !== null && columns.includes(question.sort.key) ? question.sort : null,
    limit: LIMIT_DEFAULT,
  };
  return { ...next, chart: next.chart !== null && chartsFor(next).includes(next.chart) ? next.chart : null };
}

/** Other values of one dimension; none takes the cut away. */
export function withCut(question: Question, dimension: Dimension, values: string[]): Question {
  const cuts: Cuts = { ...question.cuts };
  if (values.length === 0) delete cuts[dimension];
  else cuts[dimension] = values;
  return tidy({ ...question, cuts });
}

/** Other products, all of one level; none means all products. */
export function withProducts(question: Question, level: ProductLevel, codes: string[]): Question {
  const cuts: Cuts = { ...question.cuts };
  for (const name of PRODUCT_LEVELS) delete cuts[name];
  if (codes.length > 0) cuts[level] = codes;
  return tidy({ ...question, cuts });
}

/** Another period: the cuts of time, or none for all of it. */
export function withPeriod(question: Question, period: Pick<Cuts, 'year' | 'month'>): Question {
  const cuts: Cuts = { ...question.cuts };
  delete cuts.year;
  delete cuts.month;
  return tidy({ ...question, cuts: { ...cuts, ...period } });
}

/** Other rows. Columns become the usual ones of such rows, with the charted measure kept in front. */
export function withRows(question: Question, rows: Dimension[]): Question {
  const usual = usualMeasures(rows);
  const [first] = question.measures;
  const measures = first === undefined ? usual : [first, ...usual.filter((measure) => measure !== first)];
  const next = { ...question, rows, measures, sort: null, chart: null };
  return first === 'growth' ? withGrowth(next) : tidy(next);
}

/**
 * Another measure in front. Growth compares a year with the same months of the year before: rows without time get the
 * year, and the period becomes one year, the last one unless one was chosen; leaving growth takes that year back.
 */
export function withMeasure(question: Question, measure: Measure): Question {
  const others = question.measures.filter((other) => other !== measure);
  if (measure === 'growth') return withGrowth({ ...question, measures: ['growth', ...others], sort: null });
  if (question.measures[0] === 'growth' && askedRows(question).length < question.rows.length) {
    const rows = askedRows(question);
    const usual = usualMeasures(rows).filter((other) => other !== measure);
    return tidy({ ...question, rows, measures: [measure, ...usual], sort: null });
  }
  return tidy({ ...question, measures: [measure, ...others], sort: null });
}

function withGrowth(question: Question): Question {
  if (timeOf(question) !== null) return tidy(question);
  const cuts: Cuts = { ...question.cuts, year: [singleYear(question.cuts) ?? lastYear(question.cuts)] };
  delete cuts.month;
  return tidy({ ...question, rows: ['year', ...question.rows], cuts });
}

/** The rows as a reader sees them: a single year beside something else says nothing, it is there for the growth only. */
export function askedRows(question: Question): Dimension[] {
  const redundant = singleYear(question.cuts) !== null && categoriesOf(question).length > 0;
  return redundant ? question.rows.filter((row) => row !== 'year') : question.rows;
}

/** The last year that a cut by year or month names in full; else the API's own word for the last one. */
function lastYear(cuts: Cuts): string {
  const text = (cuts.year ?? cuts.month ?? []).join(' ');
  const years = text.match(/\d{4}/g) ?? [];
  return text.includes('latest') || years.length === 0 ? 'latest' : years.toSorted().at(-1) ?? 'latest';
}

export function withChart(question: Question, chart: Chart): Question {
  return { ...question, chart };
}

/** Another order of the table; a second time on one column turns it round. */
export function withSort(question: Question, current: Sort, key: Dimension | Measure, isText: boolean): Question {
  const descending = current.key === key ? !current.descending : !isText;
  return { ...question, sort: { key, descending } };
}

/** A smaller question that asks nearly the same. */
export interface Smaller {
  change: { kind: 'year'; year: string } | { kind: 'without'; dimension: Dimension };
  question: Question;
}

/** What makes a question that is too large smaller: one year of it, or one dimension of its rows less. */
export function smallerQuestions(question: Question): Smaller[] {
  const smaller: Smaller[] = [];
  if (singleYear(question.cuts) === null) {
    const year = lastYear(question.cuts);
    smaller.push({ change: { kind: 'year', year }, question: withPeriod(question, { year: [year] }) });
  }
  if (question.rows.length > 1) {
    // The last dimension is the one that was added to the question.
    for (const dimension of question.rows.toReversed().slice(0, 2)) {
      const rows = question.rows.filter((row) => row !== dimension);
      smaller.push({ change: { kind: 'without', dimension }, question: withRows(question, rows) });
    }
  }
  return smaller;
}
