/** What rows, columns and values are called. */
import type { Country } from '../api/types';
import type { ExplorerTexts } from '../i18n/explorer';
import { UNKNOWN, type Formats } from '../i18n/formats';
import type { Language } from '../i18n/language';
import type { Row } from './period';
import { categoriesOf, timeOf, type Dimension, type Measure, type Question } from './question';

/** Everything that turns codes into words. */
export interface Words {
  texts: ExplorerTexts;
  formats: Formats;
  language: Language;
  /** Countries by code. */
  countries: ReadonlyMap<string, Country>;
  /** Descriptions of products by code, as far as they are known. */
  products: ReadonlyMap<string, string>;
}

/** `1701.14.00`, `1701.14`, `17.01` stays `1701`: the dots that people know. */
export function codeText(code: string): string {
  if (/^\d{8}$/.test(code)) return `${code.slice(0, 4)}.${code.slice(4, 6)}.${code.slice(6)}`;
  return /^\d{6}$/.test(code) ? `${code.slice(0, 4)}.${code.slice(4)}` : code;
}

/** The column that names a dimension's value; null where the value is its own name. */
export function nameColumn(dimension: Dimension): string | null {
  switch (dimension) {
    case 'year':
    case 'month':
      return null;
    case 'ncm':
    case 'sh6':
    case 'sh4':
    case 'sh2':
      return `${dimension}_description`;
    case 'country':
    case 'uf':
    case 'sector':
    case 'via':
      return `${dimension}_name`;
  }
}

function textOf(value: Row[string] | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** A row's code in one dimension, as the API writes it. */
export function codeOf(row: Row, dimension: Dimension): string {
  return textOf(row[dimension]);
}

/** What a row is called in one dimension: its name, or its code where it has none. */
export function nameOf(row: Row, dimension: Dimension, words: Words): string {
  const code = codeOf(row, dimension);
  if (dimension === 'month') return words.formats.month(code);
  const column = nameColumn(dimension);
  const name = column === null ? '' : textOf(row[column]);
  if (name !== '') return name;
  return dimension === 'country' ? (nameOfCountry(code, words) ?? code) : codeText(code);
}

export function nameOfCountry(code: string, words: Words): string | null {
  const country = words.countries.get(code.toUpperCase());
  if (country === undefined) return null;
  return words.language === 'en' ? country.name_en : country.name_pt;
}

/** The flag of a row of countries; empty elsewhere. */
export function flagOf(row: Row, dimension: Dimension, words: Words): string {
  return dimension === 'country' ? (words.countries.get(codeOf(row, 'country'))?.flag_emoji ?? '') : '';
}

/** A row in one line: its names joined, the time last. */
export function labelOf(row: Row, question: Question, words: Words, withTime: boolean): string {
  const time = timeOf(question);
  const dimensions = categoriesOf(question);
  const all = (withTime || dimensions.length === 0) && time !== null ? [...dimensions, time] : dimensions;
  return all.map((dimension) => nameOf(row, dimension, words)).join(' · ');
}

/** What tells a row from every other. */
export function keyOf(row: Row, question: Question): string {
  return question.rows.map((dimension) => codeOf(row, dimension)).join('|');
}

/** A number of a row; null where it is not known. */
export function numberOf(row: Row, measure: Measure): number | null {
  const value = row[measure];
  return typeof value === 'number' ? value : null;
}

/** A value in a few characters, with its unit, for charts. */
export function shortValue(value: number | null, measure: Measure, formats: Formats): string {
  switch (measure) {
    case 'fob':
      return formats.usdCompact(value);
    case 'kg':
      return formats.weight(value);
    case 'price':
      return formats.usdPerKg(value);
    case 'share':
      return formats.percent(value === null ? null : value * 100);
    case 'growth':
      return formats.signedPercent(value === null ? null : value * 100);
    case 'hhi':
      return formats.number(value, 3);
  }
}

/** A value in full, without its unit, for cells under a heading that has it. */
export function cellValue(value: number | null, measure: Measure, formats: Formats): string {
  if (value === null) return UNKNOWN;
  switch (measure) {
    case 'fob':
    case 'kg':
      return formats.number(value, 2);
    case 'price':
      return formats.fixed(value, 4);
    case 'share':
      return formats.fixed(value * 100, 2);
    case 'growth':
      return formats.signedPercent(value * 100, 1).replace(/\s*%$/, '');
    case 'hhi':
      return formats.fixed(value, 4);
  }
}
