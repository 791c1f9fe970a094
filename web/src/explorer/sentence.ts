/** The question in words: what the page says at its top, and the same in one plain line. */
import type { ExplorerTexts } from '../i18n/explorer';
import { askedRows } from './change';
import { codeText, nameOfCountry, type Words } from './labels';
import { monthNumber, periodOf } from './period';
import { measureOf, PRODUCT_LEVELS, type Cuts, type ProductLevel, type Question } from './question';

/** The products that the cuts name, and their level; null when all count. */
export function productsOf(cuts: Cuts): { level: ProductLevel; codes: string[] } | null {
  for (const level of PRODUCT_LEVELS) {
    const codes = cuts[level];
    if (codes !== undefined && codes.length > 0) return { level, codes: codes.map((code) => code.replaceAll('.', '')) };
  }
  return null;
}

const DESCRIPTION_CHARACTERS_MAX = 44;

function short(description: string): string {
  if (description.length <= DESCRIPTION_CHARACTERS_MAX) return description;
  const cut = description.slice(0, DESCRIPTION_CHARACTERS_MAX);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > 20 ? space : DESCRIPTION_CHARACTERS_MAX).replace(/[,;:(\s]+$/, '')}…`;
}

/** The word for the products: a description, a group's code, or how many. */
export function productWord(cuts: Cuts, words: Words): string {
  const products = productsOf(cuts);
  if (products === null) return words.texts.allProducts;
  if (products.codes.length > 1) return words.texts.products(products.codes.length);
  const [code = ''] = products.codes;
  const description = words.products.get(code);
  // Inside a sentence a name begins small, unless it begins with an abbreviation.
  if (description !== undefined) return short(/^\p{Lu}\p{Ll}/u.test(description) ? description[0]?.toLowerCase() + description.slice(1) : description);
  return products.level === 'ncm' ? codeText(code) : words.texts.productGroup(codeText(code));
}

function listWord(values: readonly string[], words: Words): string {
  if (values.length <= 3) return words.formats.list(values);
  return `${words.formats.list(values.slice(0, 2).concat(`+${values.length - 2}`))}`;
}

/** The word for the destinations; null when all count. */
export function countryWord(cuts: Cuts, words: Words): string | null {
  const codes = cuts.country;
  return codes === undefined ? null : listWord(codes.map((code) => nameOfCountry(code, words) ?? code), words);
}

/** The word for the states; null when all count. */
export function ufWord(cuts: Cuts, words: Words): string | null {
  return cuts.uf === undefined ? null : listWord(cuts.uf.map((code) => code.toUpperCase()), words);
}

/** Sectors that the ministry uses; the slug is the API's. */
export const SECTORS: readonly { slug: string; pt: string; en: string }[] = [
  { slug: 'agropecuaria', pt: 'Agropecuária', en: 'Agriculture and livestock' },
  { slug: 'industria-extrativa', pt: 'Indústria Extrativa', en: 'Extractive industry' },
  { slug: 'industria-de-transformacao', pt: 'Indústria de Transformação', en: 'Manufacturing' },
  { slug: 'outros-produtos', pt: 'Outros Produtos', en: 'Other products' },
];

/** The word for the sectors; null when all count. */
export function sectorWord(cuts: Cuts, words: Words): string | null {
  if (cuts.sector === undefined) return null;
  const names = cuts.sector.map((value) => {
    const sector = SECTORS.find((known) => known.slug === value);
    return sector === undefined ? value : words.language === 'en' ? sector.en : sector.pt;
  });
  return listWord(names, words);
}

/** The word for the rows: `país`, `país e ano`. */
export function rowsWord(question: Question, texts: ExplorerTexts, list: (items: readonly string[]) => string): string {
  return list(askedRows(question).map((dimension) => texts.dimensions[dimension]));
}

/** The word for the period. `through` is the last covered month, which `latest` means. */
export function periodWord(cuts: Cuts, through: string | null, words: Words): string {
  const period = periodOf(cuts);
  const { texts, formats } = words;
  switch (period.kind) {
    case 'all':
      return texts.allPeriod;
    case 'latest-year':
      return through === null ? texts.latestYear : through.slice(0, 4);
    case 'latest-month':
      return through === null ? texts.latestMonth : formats.month(through);
    case 'years':
      return period.from === period.to ? period.from : `${period.from}–${period.to}`;
    case 'months': {
      const whole = monthNumber(period.to) - monthNumber(period.from) === 11 && period.from.endsWith('-01');
      if (whole) return period.from.slice(0, 4);
      return period.from === period.to ? formats.month(period.from) : `${formats.month(period.from)}–${formats.month(period.to)}`;
    }
    case 'other':
      return period.text;
  }
}

/** The whole question in one line: the document's title, the table's caption, the name of a printed page. */
export function sentenceOf(question: Question, through: string | null, words: Words): string {
  const { texts, formats } = words;
  const parts = [`${texts.exportsOf} ${productWord(question.cuts, words)}`];
  const country = countryWord(question.cuts, words);
  if (country !== null) parts.push(`${texts.to} ${country}`);
  const uf = ufWord(question.cuts, words);
  if (uf !== null) parts.push(`${texts.from} ${uf}`);
  const sector = sectorWord(question.cuts, words);
  if (sector !== null) parts.push(`${texts.ofSector} ${sector}`);
  if (question.cuts.via !== undefined) parts.push(`${texts.byWay} ${question.cuts.via.join(', ')}`);
  parts.push(`${texts.by} ${rowsWord(question, texts, formats.list)}`);
  return `${parts.join(' ')}, ${periodWord(question.cuts, through, words)}, ${texts.measureWords[measureOf(question)]}`;
}
