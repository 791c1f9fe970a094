import { describe, expect, it } from 'vitest';
import { questionOfSearch, requestOfQuestion, searchOfQuestion, WEIGHTS_DEFAULT, type Question } from './question';

const plain: Question = { ncm: '17011400', volumeKg: null, countries: [], maxResults: 10, weights: WEIGHTS_DEFAULT };
const full: Question = {
  ncm: '17011400',
  volumeKg: 1234.5,
  countries: ['US', 'CN'],
  maxResults: 25,
  weights: { market_size: 10, growth: 20, price: 0, distance: 70 },
};

describe('the address', () => {
  it('leaves defaults out', () => expect(searchOfQuestion(plain)).toBe('ncm=17011400'));
  it('can be read by a person', () =>
    expect(searchOfQuestion(full)).toBe('ncm=17011400&volume_kg=1234.5&countries=US,CN&max_results=25&w=10,20,0,70'));
  it.each([plain, full])('restores the question', (question) =>
    expect(questionOfSearch(searchOfQuestion(question))).toEqual(question),
  );
  it('takes a code with dots, and codes of countries in any case', () => {
    const question = questionOfSearch('?ncm=1701.14.00&countries=us,%20cn,US,');
    expect(question?.ncm).toBe('17011400');
    expect(question?.countries).toEqual(['US', 'CN']);
  });
  it.each([
    ['max_results=0', 1],
    ['max_results=500', 50],
    ['max_results=ten', 10],
    ['max_results=', 10],
    ['max_results=7.4', 7],
  ])('brings %s into range', (search, count) => expect(questionOfSearch(`ncm=17011400&${search}`)?.maxResults).toBe(count));
  it('carries containers and other units', () => {
    const boxes = questionOfSearch(`ncm=17011400&volume=${encodeURIComponent("2 contêineres 20'")}`);
    expect(boxes).toEqual({ ...plain, volume: "2x20'" });
    expect(boxes && questionOfSearch(searchOfQuestion(boxes))).toEqual(boxes);
    expect(boxes && requestOfQuestion(boxes)).toEqual({ ncm: '17011400', max_results: 10, volume: "2x20'" });
    expect(questionOfSearch('ncm=17011400&volume=25 t')?.volumeKg).toBe(25_000);
  });
  it.each(['volume_kg=-1', 'volume_kg=0', 'volume_kg=x', 'volume_kg=1e13', 'volume_kg=Infinity'])('drops %s', (search) =>
    expect(questionOfSearch(`ncm=17011400&${search}`)?.volumeKg).toBeNull(),
  );
  it.each(['w=0,0,0,0', 'w=1,2,3', 'w=1,2,3,4,5', 'w=-1,2,3,4', 'w=1,2,3,101', 'w=a,b,c,d', 'w=1,,3,4'])('ignores %s', (search) =>
    expect(questionOfSearch(`ncm=17011400&${search}`)?.weights).toEqual(WEIGHTS_DEFAULT),
  );
  it('is no question without a product', () => expect(questionOfSearch('countries=US')).toBeNull());
  it('keeps what is no code, for the field to say what is wrong', () => expect(questionOfSearch('ncm=1701')?.ncm).toBe('1701'));
});

describe('the request', () => {
  it('sends only what was asked', () => expect(requestOfQuestion(plain)).toEqual({ ncm: '17011400', max_results: 10 }));
  it('sends everything that was asked', () =>
    expect(requestOfQuestion(full)).toEqual({
      ncm: '17011400',
      max_results: 25,
      volume_kg: 1234.5,
      countries: ['US', 'CN'],
      weights: { market_size: 10, growth: 20, price: 0, distance: 70 },
    }));
});
