import { describe, expect, it } from 'vitest';
import { formatNcm, maskNcm, readNcm } from './ncm';

describe('readNcm', () => {
  it.each(['17011400', '1701.14.00', ' 1701 14 00 ', '1701-14-00', '1701\u00a01400', 'NCM 1701.14.00', 'ncm: 17011400', '17.01.14.00'])(
    'takes %j as the code',
    (text) => expect(readNcm(text)).toEqual({ kind: 'code', ncm: '17011400' }),
  );
  it('keeps zeros in front', () => expect(readNcm('0901.11.10')).toEqual({ kind: 'code', ncm: '09011110' }));
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['1701', 'incomplete'],
    ['170114001', 'too_long'],
    ['1701.14.00.1', 'too_long'],
    ['açúcar', 'search'],
    ['café 2', 'search'],
    ['.', 'search'],
    ["'; drop table ncm; --", 'search'],
    ['<script>alert(1)</script>', 'search'],
    ['１７０１１４００', 'search'],
  ])('reads %j as %s', (text, kind) => expect(readNcm(text).kind).toBe(kind));
});

describe('maskNcm', () => {
  it.each([
    ['1701', '1701'],
    ['17011', '1701.1'],
    ['1701140', '1701.14.0'],
    ['17011400', '1701.14.00'],
    ['170114001', '1701.14.001'],
    ['1701.', '1701'],
    ['NCM 17011400', '1701.14.00'],
    ['açúcar', 'açúcar'],
    ['café solúvel ', 'café solúvel '],
    ['', ''],
  ])('writes %j as %j', (text, masked) => expect(maskNcm(text)).toBe(masked));
  it('is undone by reading', () => expect(readNcm(formatNcm('02023000'))).toEqual({ kind: 'code', ncm: '02023000' }));
});
