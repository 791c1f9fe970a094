import { describe, expect, it } from 'vitest';
import { askedRows, smallerQuestions, withCut, withMeasure, withPeriod, withProducts, withRows, withSort } from './change';
import { addressOf, addressQuery, apiQuery, chartOf, chartsFor, LIMIT_DEFAULT, orderOf, readQuestion, type Question } from './question';

function ask(search: string): Question {
  const read = readQuestion(search);
  if (read === null) throw new Error(`${search} asks nothing`);
  return read.question;
}

describe('the question in the address', () => {
  it('reads the link of the simulator', () => {
    const question = ask('drilldowns=month&cuts=ncm:17011400,country:US');
    expect(question.rows).toEqual(['month']);
    expect(question.cuts).toEqual({ ncm: ['17011400'], country: ['US'] });
    expect(question.measures).toEqual(['fob', 'kg', 'price', 'growth']);
    expect(chartOf(question)).toBe('line');
  });

  it.each([
    'drilldowns=country&measures=fob,kg',
    'drilldowns=year,country&cuts=year:2023%7C2024,ncm:12019000&measures=growth,fob&sort=fob.desc&chart=bars',
    'drilldowns=ncm,uf&cuts=month:2024-03..2025-02,country:CN%7CUS,sector:industria-extrativa&measures=kg&limit=500&chart=treemap',
    'drilldowns=sh2&cuts=year:latest,via:1&measures=share,hhi',
  ])('says the same again: %s', (search) => {
    expect(addressQuery(ask(search))).toBe(search);
    expect(ask(addressQuery(ask(search)))).toEqual(ask(search));
  });

  it('asks nothing where the address does not', () => {
    expect(readQuestion('')).toBeNull();
    expect(readQuestion('chart=map')).toBeNull();
  });

  it('names what it does not understand', () => {
    const read = readQuestion('drilldowns=planet,country&cuts=ncm,colour:red&measures=fob,weight&sort=kg.desc&limit=0&chart=pie');
    expect(read?.ignored).toEqual(['planet', 'weight', 'ncm', 'colour:red', 'kg.desc', '0', 'pie']);
    expect(read?.question.rows).toEqual(['country']);
    expect(read?.question.limit).toBe(LIMIT_DEFAULT);
  });
});

describe('the question to the API', () => {
  it('escapes the bar and carries order and limit', () => {
    expect(apiQuery(ask('drilldowns=country&cuts=country:CN|US&measures=fob'))).toBe(
      'drilldowns=country&cuts=country:CN%7CUS&measures=fob&sort=fob.desc&limit=10000',
    );
  });

  it('orders growth and price by value, and time from the latest where it is not alone', () => {
    expect(orderOf(ask('drilldowns=country&measures=price,fob'))).toEqual({ key: 'fob', descending: true });
    expect(orderOf(ask('drilldowns=country,year&measures=fob'))).toEqual({ key: 'year', descending: true });
    expect(orderOf(ask('drilldowns=month&measures=fob'))).toEqual({ key: 'month', descending: false });
  });
});

describe('charts', () => {
  it.each([
    ['drilldowns=country&measures=fob', ['bars', 'treemap', 'map']],
    ['drilldowns=country&measures=price', ['bars', 'map']],
    ['drilldowns=month&measures=fob', ['line']],
    ['drilldowns=month,country&measures=fob', ['line', 'bars', 'treemap', 'map']],
    ['drilldowns=year&measures=fob', ['bars']],
    ['drilldowns=ncm,uf&measures=fob', ['bars', 'treemap']],
    ['drilldowns=year,uf&cuts=year:2024&measures=growth', ['bars']],
  ])('%s', (search, charts) => {
    expect(chartsFor(ask(search))).toEqual(charts);
  });

  it('does not draw a chart that would lie', () => {
    expect(chartOf(ask('drilldowns=uf&measures=growth&chart=map'))).toBe('bars');
  });
});

describe('changes', () => {
  const question = ask('drilldowns=country&cuts=ncm:12019000&measures=fob,kg&sort=kg.asc&chart=map');

  it('adds the year that growth needs, and takes it back', () => {
    const grown = withMeasure(question, 'growth');
    expect(grown.rows).toEqual(['year', 'country']);
    expect(grown.cuts.year).toEqual(['latest']);
    expect(askedRows(grown)).toEqual(['country']);
    expect(grown.measures[0]).toBe('growth');
    expect(grown.chart).toBe('map');
    const back = withMeasure(grown, 'kg');
    expect(back.rows).toEqual(['country']);
    expect(back.measures[0]).toBe('kg');
    expect(back.measures).not.toContain('growth');
  });

  it('compares the last year of a longer period', () => {
    expect(withMeasure(withPeriod(question, { year: ['2020-2023'] }), 'growth').cuts.year).toEqual(['2023']);
    expect(withMeasure(withPeriod(question, { month: ['2023-04..2024-03'] }), 'growth').cuts).toEqual({ ncm: ['12019000'], year: ['2024'] });
  });

  it('keeps growth when the rows change', () => {
    const rows = withRows(withMeasure(question, 'growth'), ['uf']);
    expect(rows.rows).toEqual(['year', 'uf']);
    expect(rows.measures[0]).toBe('growth');
  });

  it('drops an order and a chart that no longer fit', () => {
    const rows = withRows(question, ['uf']);
    expect(rows.sort).toBeNull();
    expect(rows.chart).toBeNull();
  });

  it('has products of one level only', () => {
    expect(withProducts(question, 'sh4', ['1201']).cuts).toEqual({ sh4: ['1201'] });
    expect(withProducts(question, 'ncm', []).cuts).toEqual({});
    expect(withCut(question, 'country', ['CN']).cuts).toEqual({ ncm: ['12019000'], country: ['CN'] });
  });

  it('turns an order round', () => {
    const once = withSort(question, orderOf(question), 'fob', false);
    expect(once.sort).toEqual({ key: 'fob', descending: true });
    expect(withSort(once, orderOf(once), 'fob', false).sort).toEqual({ key: 'fob', descending: false });
    expect(withSort(question, orderOf(question), 'country', true).sort).toEqual({ key: 'country', descending: false });
  });

  it('offers smaller questions', () => {
    const smaller = smallerQuestions(ask('drilldowns=ncm,country,month&measures=fob'));
    expect(smaller.map(({ change }) => change)).toEqual([
      { kind: 'year', year: 'latest' },
      { kind: 'without', dimension: 'month' },
      { kind: 'without', dimension: 'country' },
    ]);
    expect(addressOf(smaller[1]?.question ?? question)).toContain('drilldowns=ncm,country&');
    expect(smallerQuestions(ask('drilldowns=ncm&cuts=year:2024&measures=fob'))).toEqual([]);
  });
});
