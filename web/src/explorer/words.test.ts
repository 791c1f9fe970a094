import { describe, expect, it } from 'vitest';
import type { Country } from '../api/types';
import { explorerTexts } from '../i18n/explorer';
import { formatsOf } from '../i18n/formats';
import { plainSpaces } from '../testing/render';
import { barSpan } from './charts/BarsChart';
import { topMarks, marksOf } from './charts/drawn';
import { boundsOf, colourOf, roundDown, stepOf } from './charts/scale';
import { alpha2OfShape, POINTS } from './charts/shapes';
import { csvTable, fileNameOf, orderedRows } from './columns';
import { cellValue, shortValue, type Words } from './labels';
import type { Row } from './period';
import { readQuestion, type Question } from './question';
import { sentenceOf } from './sentence';

function country(code: string, pt: string, en: string): [string, Country] {
  const iso3 = `${code}X`;
  return [code, { code, co_pais: '1', iso2: code, iso3, name_pt: pt, name_en: en, flag_emoji: '', distance_km: 1, group: 'x', rankable: true }];
}

const countries = new Map([country('CN', 'China', 'China'), country('US', 'Estados Unidos', 'United States'), country('AE', 'Emirados Árabes Unidos', 'United Arab Emirates')]);
const products = new Map([['12019000', 'Soja em grão'], ['17011400', 'Outros açúcares de cana, em bruto, sem adição de aromatizantes ou de corantes']]);
const pt: Words = { texts: explorerTexts.pt, formats: formatsOf('pt-BR'), language: 'pt-BR', countries, products };
const en: Words = { texts: explorerTexts.en, formats: formatsOf('en'), language: 'en', countries, products };

function ask(search: string): Question {
  const read = readQuestion(search);
  if (read === null) throw new Error(`${search} asks nothing`);
  return read.question;
}

describe('the sentence', () => {
  it.each([
    ['drilldowns=country&cuts=ncm:12019000,year:2023-2024', 'Exportações de soja em grão por país, 2023–2024, US$'],
    ['drilldowns=month&cuts=ncm:17011400,country:US', 'Exportações de outros açúcares de cana, em bruto, sem… para Estados Unidos por mês, todo o período, US$'],
    ['drilldowns=uf&cuts=country:CN%7CUS,month:2024-03..2025-02&measures=kg', 'Exportações de todos os produtos para China e Estados Unidos por estado, mar/2024–fev/2025, kg'],
    ['drilldowns=ncm&cuts=uf:SP,sector:agropecuaria,year:latest&measures=price', 'Exportações de todos os produtos saindo de SP do setor Agropecuária por produto (NCM), 2025, US$/kg'],
    ['drilldowns=year,country&cuts=year:2024&measures=growth', 'Exportações de todos os produtos por país, 2024, variação em um ano'],
    ['drilldowns=country,year&cuts=sh4:0901&measures=share', 'Exportações de produtos 0901 por país e ano, todo o período, % do total'],
  ])('%s', (search, sentence) => {
    expect(plainSpaces(sentenceOf(ask(search), '2025-02', pt))).toBe(sentence);
  });

  it('speaks English', () => {
    expect(plainSpaces(sentenceOf(ask('drilldowns=country&cuts=country:US,month:2024-03'), '2025-02', en))).toBe(
      'Exports of all products to United States by country, Mar 2024, US$',
    );
  });
});

describe('numbers', () => {
  it('has units in charts and none under a heading', () => {
    expect(plainSpaces(shortValue(0.0123, 'share', pt.formats))).toBe('1,2 %');
    expect(plainSpaces(shortValue(-0.2, 'growth', pt.formats))).toBe('-20 %');
    expect(cellValue(1_234_567.5, 'fob', pt.formats)).toBe('1.234.567,5');
    expect(cellValue(0.0712, 'growth', pt.formats)).toBe('+7,1');
    expect(cellValue(null, 'price', pt.formats)).toBe('—');
  });
});

describe('the CSV', () => {
  const question = ask('drilldowns=year,country&cuts=ncm:12019000&measures=growth,fob');
  const rows: Row[] = [
    { year: 2024, country: 'CN', country_name: 'China', months_covered: 12, partial: false, growth: null, fob: 10.5 },
    { year: 2025, country: 'US', country_name: '=Estados, "Unidos"', months_covered: 2, partial: true, growth: -0.25, fob: 3 },
  ];

  it('has the columns of the API, every digit, and no formula', () => {
    expect(csvTable(question, rows, 'plain')).toBe(
      'year,country,country_name,months_covered,partial,growth,fob\r\n' +
        '2024,CN,China,12,false,,10.5\r\n' +
        `2025,US,"'=Estados, ""Unidos""",2,true,-0.25,3\r\n`,
    );
  });

  it('is for spreadsheets in Brazil where the page speaks Portuguese', () => {
    expect(csvTable(question, rows, 'br').split('\r\n')[1]).toBe('2024;CN;China;12;false;;10,5');
  });

  it('is named after the question', () => {
    expect(fileNameOf(question, 'csv')).toBe('exportacoes_ncm-12019000_year_country.csv');
    expect(fileNameOf(question, 'xlsx')).toBe('exportacoes_ncm-12019000_year_country.xlsx');
  });

  it('follows the order of the screen: names by the alphabet', () => {
    const named: Row[] = [{ country: 'AE', country_name: 'Índia' }, { country: 'CN', country_name: 'China' }, { country: 'US', country_name: 'Irã' }];
    const order = { key: 'country', descending: false } as const;
    expect(orderedRows(named, order, true, pt).map((row) => row['country_name'])).toEqual(['China', 'Índia', 'Irã']);
    expect(orderedRows(named, order, false, pt)).toBe(named);
  });
});

describe('colours', () => {
  it('has round bounds near the quintiles', () => {
    expect([1, 2, 3, 6, 99, 0.07].map(roundDown)).toEqual([1, 2, 2, 5, 50, 0.05]);
    expect(boundsOf([1, 3, 12, 130, 1400, 15_000, 160_000])).toEqual([2, 10, 1000, 10_000]);
    expect(boundsOf([5])).toEqual([]);
    expect(boundsOf([])).toEqual([]);
  });

  it('counts the bounds that a value reaches', () => {
    expect([0, 2, 9, 10, 5000].map((value) => stepOf(value, [2, 10, 100]))).toEqual([0, 1, 1, 2, 3]);
    expect([0, 1, 2].map((step) => colourOf(step, 3))).toEqual([1, 3, 5]);
    expect(colourOf(0, 1)).toBe(5);
  });
});

describe('the map', () => {
  it('knows the shapes by their numeric codes', () => {
    expect(alpha2OfShape('076')).toBe('BR');
    expect(alpha2OfShape(76)).toBe('BR');
    expect(alpha2OfShape('004')).toBe('AF');
    expect(alpha2OfShape(undefined)).toBeNull();
    expect(alpha2OfShape('999')).toBeNull();
  });

  it('has a point for small destinations, and for none that has a shape', () => {
    for (const code of ['SG', 'HK', 'MT', 'BH', 'MU']) expect(POINTS[code]).toBeDefined();
    for (const code of ['BR', 'CN', 'PT']) expect(POINTS[code]).toBeUndefined();
  });
});

describe('bars', () => {
  it('begin at zero', () => {
    expect(barSpan(50, 0, 100)).toEqual({ start: 0, width: 50 });
    expect(barSpan(-10, -10, 30)).toEqual({ start: 0, width: 25 });
    expect(barSpan(30, -10, 30)).toEqual({ start: 25, width: 75 });
    expect(barSpan(0, 0, 0)).toEqual({ start: 0, width: 0 });
  });

  it('rank a price among the largest sales', () => {
    const question = ask('drilldowns=country&measures=price,fob');
    const rows: Row[] = [
      { country: 'AE', country_name: 'A', price: 900, fob: 1 },
      { country: 'CN', country_name: 'B', price: 2, fob: 500 },
      { country: 'US', country_name: 'C', price: 3, fob: 400 },
    ];
    const marks = marksOf(question, rows, pt, { years: [], everything: false, mixed: false });
    expect(topMarks(question, marks, 2).map((mark) => mark.label)).toEqual(['C', 'B']);
  });
});
