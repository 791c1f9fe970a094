import { expect, it } from 'vitest';
import { csvOf, dialectOf } from './csv';

it('writes numbers with a point, null as nothing, and quotes what needs it', () => {
  expect(csvOf(['a', 'b', 'c'], [[1234567.5, null, 'x,"y"\nz'], [-3, true, 'ção']])).toBe('a,b,c\r\n1234567.5,,"x,""y""\nz"\r\n-3,true,ção\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('puts an apostrophe before %j', (text) => {
  const cell = csvOf(['a'], [[text]]).slice('a\r\n'.length);
  expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
});

it('writes what spreadsheets in Brazil open: semicolons and decimal commas', () => {
  expect(dialectOf('pt-BR')).toBe('br');
  expect(dialectOf('en')).toBe('plain');
  expect(csvOf(['a', 'b', 'c'], [[1234567.5, 'x, y', 'x;"y"'], [-0.25, null, '2.5']], 'br')).toBe('a;b;c\r\n1234567,5;x, y;"x;""y"""\r\n-0,25;;2.5\r\n');
});
