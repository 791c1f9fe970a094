/**
 * The question of the page: what it is in memory, in the address and in the words of `GET /v1/exports`.
 *
 * The address uses the API's own parameters, so that a question can be carried to a script by hand.
 */

export const DIMENSIONS = ['year', 'month', 'ncm', 'sh6', 'sh4', 'sh2', 'country', 'uf', 'sector', 'via'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const MEASURES = ['fob', 'kg', 'price', 'share', 'growth', 'hhi'] as const;
export type Measure = (typeof MEASURES)[number];

export const CHARTS = ['bars', 'line', 'treemap', 'map'] as const;
export type Chart = (typeof CHARTS)[number];

export const PRODUCT_LEVELS = ['ncm', 'sh6', 'sh4', 'sh2'] as const;
export type ProductLevel = (typeof PRODUCT_LEVELS)[number];

/** Values by dimension, as the API writes them. */
export type Cuts = Partial<Record<Dimension, string[]>>;

export interface Sort {
  key: Dimension | Measure;
  descending: boolean;
}

export interface Question {
  /** What the rows are. */
  rows: Dimension[];
  cuts: Cuts;
  /** Columns of numbers; the chart draws the first. */
  measures: Measure[];
  /** Null leaves the order to `orderOf`. */
  sort: Sort | null;
  limit: number;
  /** Null leaves the kind to `chartOf`. */
  chart: Chart | null;
}

/** Rows on one page: enough for every table of one dimension; more on request, up to the API's own limit. */
export const LIMIT_DEFAULT = 10_000;
export const LIMIT_MAX = 50_000;

const MEASURES_DEFAULT: Measure[] = ['fob', 'kg', 'price', 'share'];
const TIME: readonly Dimension[] = ['year', 'month'];

function isOneOf<Name extends string>(names: readonly Name[], value: string): value is Name {
  return (names as readonly string[]).includes(value);
}

/** `year` or `month` among the rows; the finer one where both are. */
export function timeOf(question: Question): 'year' | 'month' | null {
  if (question.rows.includes('month')) return 'month';
  return question.rows.includes('year') ? 'year' : null;
}

/** What the rows are beside time. */
export function categoriesOf(question: Question): Dimension[] {
  return question.rows.filter((dimension) => !TIME.includes(dimension));
}

/** The measure that the chart draws. */
export function measureOf(question: Question): Measure {
  return question.measures[0] ?? 'fob';
}

/** The one year that the cuts leave: a year, or `latest`; null when they leave more. */
export function singleYear(cuts: Cuts): string | null {
  const years = cuts.year;
  if (years?.length !== 1 || cuts.month !== undefined) return null;
  const [year = ''] = years;
  return /^(\d{4}|latest)$/.test(year) ? year : null;
}

/** Charts that can show the question truthfully, the natural one first. */
export function chartsFor(question: Question): Chart[] {
  const categories = categoriesOf(question);
  const time = timeOf(question);
  const measure = measureOf(question);
  const charts: Chart[] = [];
  if (time === 'month' && categories.length <= 1) charts.push('line');
  if (categories.length > 0 || time === 'year') charts.push('bars');
  if (time === 'year' && categories.length === 1 && singleYear(question.cuts) === null) charts.push('line');
  // Areas stand for parts of a whole: only sums have parts.
  if (categories.length > 0 && (measure === 'fob' || measure === 'kg' || measure === 'share')) charts.push('treemap');
  if (categories.length === 1 && categories[0] === 'country') charts.push('map');
  return charts;
}

/** The chart to draw; null when the question has only a table. */
export function chartOf(question: Question): Chart | null {
  const charts = chartsFor(question);
  return question.chart !== null && charts.includes(question.chart) ? question.chart : (charts[0] ?? null);
}

/** The order of the table: as asked, else the latest time first where it comes with other rows, else the largest value first. */
export function orderOf(question: Question): Sort {
  if (question.sort !== null) return question.sort;
  const time = timeOf(question);
  if (time !== null) return { key: time, descending: categoriesOf(question).length > 0 };
  const measure = measureOf(question);
  // The largest growth or price is nearly always that of a tiny sale.
  const byValue = measure === 'growth' || measure === 'price' || measure === 'share' ? 'fob' : measure;
  return { key: question.measures.includes(byValue) ? byValue : measure, descending: true };
}

function cutsText(cuts: Cuts): string {
  return DIMENSIONS.flatMap((dimension) => {
    const values = cuts[dimension];
    return values === undefined || values.length === 0 ? [] : [`${dimension}:${values.join('|')}`];
  }).join(',');
}

function parametersOf(question: Question): [string, string][] {
  const cuts = cutsText(question.cuts);
  const parameters: [string, string][] = [];
  if (question.rows.length > 0) parameters.push(['drilldowns', question.rows.join(',')]);
  if (cuts !== '') parameters.push(['cuts', cuts]);
  parameters.push(['measures', question.measures.join(',')]);
  return parameters;
}

// Colons and commas stay readable; the bar is escaped, because some mail programs end a link at it.
function queryText(parameters: [string, string][]): string {
  return parameters
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',')}`)
    .join('&');
}

/** The question as the query of `GET /v1/exports`. */
export function apiQuery(question: Question): string {
  const order = orderOf(question);
  return queryText([
    ...parametersOf(question),
    ...(question.rows.length > 0 ? ([['sort', `${order.key}.${order.descending ? 'desc' : 'asc'}`]] as [string, string][]) : []),
    ['limit', String(question.limit)],
  ]);
}

/** The question as the query of the page's address; what is as usual is left out. */
export function addressQuery(question: Question): string {
  const parameters = parametersOf(question);
  if (question.sort !== null) parameters.push(['sort', `${question.sort.key}.${question.sort.descending ? 'desc' : 'asc'}`]);
  if (question.limit !== LIMIT_DEFAULT) parameters.push(['limit', String(question.limit)]);
  if (question.chart !== null) parameters.push(['chart', question.chart]);
  return queryText(parameters);
}

/** The address of the page with this question. */
export function addressOf(question: Question): string {
  return `/explorer?${addressQuery(question)}`;
}

export interface ReadQuestion {
  question: Question;
  /** Words of the address that mean nothing here; they are shown, never dropped in silence. */
  ignored: string[];
}

function words(text: string | null): string[] {
  return (text ?? '').split(',').map((word) => word.trim()).filter((word) => word !== '');
}

function readNames<Name extends string>(names: readonly Name[], text: string | null, ignored: string[]): Name[] {
  const found: Name[] = [];
  for (const word of words(text)) {
    if (!isOneOf(names, word)) ignored.push(word);
    else if (!found.includes(word)) found.push(word);
  }
  return found;
}

function readCuts(text: string | null, ignored: string[]): Cuts {
  const cuts: Cuts = {};
  for (const word of words(text)) {
    const colon = word.indexOf(':');
    const dimension = word.slice(0, Math.max(colon, 0)).trim();
    const values = word.slice(colon + 1).split('|').map((value) => value.trim()).filter((value) => value !== '');
    if (colon > 0 && isOneOf(DIMENSIONS, dimension) && values.length > 0) cuts[dimension] = [...(cuts[dimension] ?? []), ...values];
    else ignored.push(word);
  }
  return cuts;
}

function readSort(text: string | null, columns: readonly string[], ignored: string[]): Sort | null {
  if (text === null || text === '') return null;
  const [key = '', direction = 'desc'] = text.split('.');
  const known = isOneOf([...DIMENSIONS, ...MEASURES], key) && columns.includes(key);
  if (!known || (direction !== 'asc' && direction !== 'desc')) {
    ignored.push(text);
    return null;
  }
  return { key, descending: direction === 'desc' };
}

function readLimit(text: string | null, ignored: string[]): number {
  if (text === null || text === '') return LIMIT_DEFAULT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  ignored.push(text);
  return LIMIT_DEFAULT;
}

/** Columns that a question has when its address names none. */
export function usualMeasures(rows: readonly Dimension[]): Measure[] {
  if (rows.length === 1 && rows.some((row) => TIME.includes(row))) return ['fob', 'kg', 'price', 'growth'];
  return rows.some((row) => TIME.includes(row)) ? ['fob', 'kg', 'price', 'growth'] : MEASURES_DEFAULT;
}

/** The question of an address; null when the address asks nothing. */
export function readQuestion(search: string): ReadQuestion | null {
  const parameters = new URLSearchParams(search);
  if (!['drilldowns', 'cuts', 'measures'].some((name) => parameters.has(name))) return null;
  const ignored: string[] = [];
  const asked = readNames(DIMENSIONS, parameters.get('drilldowns'), ignored);
  const rows: Dimension[] = asked.length === 0 ? ['country'] : asked;
  const measures = readNames(MEASURES, parameters.get('measures'), ignored);
  const cuts = readCuts(parameters.get('cuts'), ignored);
  const chosen = measures.length === 0 ? usualMeasures(rows) : measures;
  const sort = readSort(parameters.get('sort'), [...rows, ...chosen], ignored);
  const limit = readLimit(parameters.get('limit'), ignored);
  const chart = readNames(CHARTS, parameters.get('chart'), ignored)[0] ?? null;
  return { question: { rows, cuts, measures: chosen, sort, limit, chart }, ignored };
}
