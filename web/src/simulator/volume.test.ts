import { describe, expect, it } from 'vitest';
import { readVolume } from './volume';

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
  ])('reads %j as %d in both languages', (text, kg) => {
    expect(readVolume(text, 'pt-BR')).toEqual({ kind: 'kg', kg });
    expect(readVolume(text, 'en')).toEqual({ kind: 'kg', kg });
  });
  it('reads an ambiguous group by the language', () => {
    expect(readVolume('1.234', 'pt-BR')).toEqual({ kind: 'kg', kg: 1234 });
    expect(readVolume('1.234', 'en')).toEqual({ kind: 'kg', kg: 1.234 });
    expect(readVolume('1,234', 'en')).toEqual({ kind: 'kg', kg: 1234 });
    expect(readVolume('1,234', 'pt-BR')).toEqual({ kind: 'kg', kg: 1.234 });
  });
  it.each(['abc', '1.2.3', '1,2,3.4.5', '1e9', 'kg', '12,34.5', '--1', '<b>1</b>', "1'; --"])('does not read %j', (text) =>
    expect(readVolume(text, 'pt-BR').kind).toBe('unreadable'),
  );
  it('knows an empty field', () => expect(readVolume('  ', 'pt-BR')).toEqual({ kind: 'empty' }));
});
