import { describe, expect, it } from 'vitest';
import { formatsOf } from '../i18n/formats';
import { formSchema, formValues } from './form';
import { WEIGHTS_DEFAULT, type Question } from './question';

const schema = formSchema();
const good = { ncm: '1701.14.00', volume: '1.234,5', countries: ['US'], maxResults: 10, weights: WEIGHTS_DEFAULT };

function errorsOf(values: object): Record<string, string> {
  const result = schema.safeParse(values);
  if (result.success) return {};
  return Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
}

describe('the form', () => {
  it('becomes a question', () =>
    expect(schema.parse(good)).toEqual({
      ncm: '17011400',
      volumeKg: 1234.5,
      countries: ['US'],
      maxResults: 10,
      weights: WEIGHTS_DEFAULT,
    }));
  it.each([
    [{ ncm: '' }, { ncm: 'ncm_empty' }],
    [{ ncm: 'café' }, { ncm: 'ncm_choose' }],
    [{ ncm: '1701' }, { ncm: 'ncm_incomplete' }],
    [{ ncm: '170114001' }, { ncm: 'ncm_too_long' }],
    [{ volume: 'muito' }, { volume: 'volume_unreadable' }],
    [{ volume: '1.000' }, { volume: 'volume_ambiguous' }],
    [{ volume: '0' }, { volume: 'volume_not_positive' }],
    [{ volume: '-5' }, { volume: 'volume_not_positive' }],
    [{ volume: '2.000.000.000.000' }, { volume: 'volume_too_large' }],
    [{ weights: { market_size: 0, growth: 0, price: 0, distance: 0 } }, { weights: 'weights_all_zero' }],
  ])('refuses %j', (change, errors) => expect(errorsOf({ ...good, ...change })).toEqual(errors));
  it('takes an empty volume', () => expect(schema.parse({ ...good, volume: ' ' }).volumeKg).toBeNull());
  it('is filled by a question and gives it back, in both languages', () => {
    const question: Question = { ncm: '17011400', volumeKg: 1234.5, countries: ['CN'], maxResults: 50, weights: WEIGHTS_DEFAULT };
    for (const language of ['pt-BR', 'en'] as const) {
      expect(schema.parse(formValues(question, formatsOf(language)))).toEqual(question);
      const boxes: Question = { ...question, volumeKg: null, volume: "2x20'" };
      expect(schema.parse(formValues(boxes, formatsOf(language)))).toEqual(boxes);
    }
  });
});
