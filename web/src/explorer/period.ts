/** Months and years: what is covered, what a period is called, what is partial. */
import type { ExportsTable } from '../api/types';
import { timeOf, type Cuts, type Question } from './question';

/** One row of `GET /v1/exports`: columns by name. */
export type Row = Record<string, string | number | boolean | null>;
export type Answer = ExportsTable<Row>;

export interface Span {
  from: string;
  to: string;
}

/** A month as a number that counts up by one each month. */
export function monthNumber(yearMonth: string): number {
  return Number(yearMonth.slice(0, 4)) * 12 + Number(yearMonth.slice(5, 7)) - 1;
}

/** `2024-03` of a month's number. */
export function monthText(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** Every month of the spans, in order. */
export function monthsOf(spans: readonly Span[]): string[] {
  const months: string[] = [];
  for (const span of spans) {
    for (let month = monthNumber(span.from); month <= monthNumber(span.to); month += 1) months.push(monthText(month));
  }
  return months;
}

/** The covered months of one year, as numbers 1–12. */
export function coveredMonths(spans: readonly Span[], year: number): number[] {
  return monthsOf(spans)
    .filter((month) => Number(month.slice(0, 4)) === year)
    .map((month) => Number(month.slice(5, 7)));
}

/** The cut of the last twelve covered months; a calendar year is called by its name. */
export function lastTwelveMonths(through: string): Pick<Cuts, 'year' | 'month'> {
  if (through.endsWith('-12')) return { year: [through.slice(0, 4)] };
  return { month: [`${monthText(monthNumber(through) - 11)}..${through}`] };
}

/** A cut of months from one to another, as years where it is whole years. */
export function periodCut(from: string, to: string): Pick<Cuts, 'year' | 'month'> {
  const [first, last] = from <= to ? [from, to] : [to, from];
  if (first.endsWith('-01') && last.endsWith('-12')) {
    const [firstYear, lastYear] = [first.slice(0, 4), last.slice(0, 4)];
    return { year: [firstYear === lastYear ? firstYear : `${firstYear}-${lastYear}`] };
  }
  return { month: [first === last ? first : `${first}..${last}`] };
}

/** The period of the cuts, as far as the page can name it. */
export type Period =
  | { kind: 'all' }
  | { kind: 'latest-year' }
  | { kind: 'latest-month' }
  | { kind: 'years'; from: string; to: string }
  | { kind: 'months'; from: string; to: string }
  | { kind: 'other'; text: string };

/** Reads the cuts of time; two cuts, or a list with holes, stay in the API's words. */
export function periodOf(cuts: Cuts): Period {
  const { year, month } = cuts;
  if (year === undefined && month === undefined) return { kind: 'all' };
  const text = [year?.join('|'), month?.join('|')].filter((part) => part !== undefined).join(', ');
  if (year !== undefined && month !== undefined) return { kind: 'other', text };
  if (text === 'latest') return { kind: year === undefined ? 'latest-month' : 'latest-year' };
  if (year !== undefined) {
    const range = /^(\d{4})(?:-(\d{4}))?$/.exec(text);
    if (range?.[1] !== undefined) return { kind: 'years', from: range[1], to: range[2] ?? range[1] };
    const years = year.map(Number).toSorted((left, right) => left - right);
    const [first, last] = [years[0], years.at(-1)];
    const whole = first !== undefined && last !== undefined && last - first === years.length - 1;
    return whole && years.every(Number.isInteger) ? { kind: 'years', from: String(first), to: String(last) } : { kind: 'other', text };
  }
  const range = /^(\d{4}-\d{2})(?:\.\.(\d{4}-\d{2}))?$/.exec(text);
  return range?.[1] === undefined ? { kind: 'other', text } : { kind: 'months', from: range[1], to: range[2] ?? range[1] };
}

/** How far an answer is partial. */
export interface Partiality {
  /** Years of which some month asked for is not covered, each with its covered months (1–12). */
  years: { year: number; months: number[] }[];
  /** Whether nothing but partial years stands in the answer, so that every number of it is of fewer months. */
  everything: boolean;
  /** Whether rows without time add a partial year to whole ones. */
  mixed: boolean;
}

/** What of an answer is partial, by what the API says of it. */
export function partialityOf(question: Question, answer: Answer): Partiality {
  const { covered, partial_years: partialYears } = answer.meta;
  const years = partialYears.toSorted((left, right) => left - right).map((year) => ({ year, months: coveredMonths(covered, year) }));
  const coveredYears = new Set(monthsOf(covered).map((month) => Number(month.slice(0, 4))));
  const everything = years.length > 0 && [...coveredYears].every((year) => partialYears.includes(year));
  return { years, everything, mixed: years.length > 0 && !everything && timeOf(question) === null };
}

/** Whether a row stands for fewer months than it names. */
export function isPartial(row: Row): boolean {
  return row['partial'] === true;
}

/** The latest time that the rows have, of the rows' own time column. */
export function latestTime(question: Question, rows: readonly Row[]): string | number | null {
  const time = timeOf(question);
  if (time === null) return null;
  let latest: string | number | null = null;
  for (const row of rows) {
    const value = row[time];
    if ((typeof value === 'number' || typeof value === 'string') && (latest === null || value > latest)) latest = value;
  }
  return latest;
}

/** Rows of the latest time, all rows where time is no dimension: what a ranking, a treemap or a map shows. */
export function latestRows(question: Question, rows: readonly Row[]): readonly Row[] {
  const time = timeOf(question);
  const latest = latestTime(question, rows);
  return time === null ? rows : rows.filter((row) => row[time] === latest);
}
