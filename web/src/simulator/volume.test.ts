import { describe, expect, it } from 'vitest';
import { readVolume, volumeText } from './volume';

describe('readVolume', () => {
  it.each([
    ['1.234,5', 1234.5],
    ['1234.5', 1234.5],
    ['1234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['1 234,5', 1234.5],
    ['1\u00a0234,5', 1234.5],
    ['1.234.567', 1234567],
    ['1,234,567', 1234567],
    ['1000 kg', 1000],
    ['0,5', 0.5],
    ['0.500', 0.5],
    ['-3', -3],
    ['0', 0],
    ['1.', 1],
    ['25 t', 25_000],
    ['25t', 25_000],
    ['1,5 tonelada', 1500],
    ['1.5 ton', 1500],
    ['25 mil t', 25_000_000],
    ['100 lb', 45.359237],
    ['25 000 kg', 25_000],
  ])('reads %j as %d', (text, kg) => expect(readVolume(text)).toEqual({ kind: 'kg', kg }));
  it.each([
    ["2 contêineres 20'", 2, 20],
    ['container 40', 1, 40],
    ['20 contêineres de 40 pés', 20, 40],
    ['1x40′', 1, 40],
    ['2 TEU', 2, 20],
    ['FEU', 1, 40],
    ["20'", 1, 20],
    ['3 containers 40ft', 3, 40],
  ])('reads %j as containers', (text, count, feet) => expect(readVolume(text)).toEqual({ kind: 'containers', count, feet }));
  it.each([
    ['1.234', 1.234, 1234],
    ['1,000', 1, 1000],
    ['25.000 t', 25, 25_000],
  ])('has two readings of %j', (text, small, large) => expect(readVolume(text)).toEqual({ kind: 'ambiguous', small, large }));
  it.each(['abc', '1.2.3', '1,2,3.4.5', '1e9', 'kg', '12,34.5', '--1', '<b>1</b>', "1'; --", '5 sacas', '2 contêineres', "container 45'"])(
    'does not read %j',
    (text) => expect(readVolume(text).kind).toBe('unreadable'),
  );
  it('knows an empty field', () => expect(readVolume('  ')).toEqual({ kind: 'empty' }));
});

it.each([1000, 1234.5, 12.345, 0.5, 25_000])('%d is shown so that it reads back', (kg) => {
  expect(readVolume(volumeText(kg, ','))).toEqual({ kind: 'kg', kg });
  expect(readVolume(volumeText(kg, '.'))).toEqual({ kind: 'kg', kg });
});
