import { describe, expect, it } from 'vitest';
import { guessType, plainKey, problemOfKey, shownKey } from './keyText';

describe('what a person types becomes the one form of a key', () => {
  it.each([
    ['CPF', ' 529.982.247-25 ', '52998224725'],
    ['CNPJ', '12.abc.345/01de-35', '12ABC34501DE35'],
    ['PHONE', '(61) 98888-7777', '+5561988887777'],
    ['PHONE', '061 98888 7777', '+5561988887777'],
    ['PHONE', '+1 202 555 0123', '+12025550123'],
    ['PHONE', '98888', '98888'],
    ['EMAIL', ' Ana@Exemplo.com ', 'ana@exemplo.com'],
    ['EVP', '123E4567-e89b-12d3-a456-426655440000', '123e4567-e89b-12d3-a456-426655440000'],
  ] as const)('%s %j', (type, typed, key) => {
    expect(plainKey(type, typed)).toBe(key);
    expect(problemOfKey(type, key)).toBe(key === '98888' ? 'phone' : null);
  });
});

it.each([
  ['CPF', '', 'missing'],
  ['CPF', '5299822472', 'taxId'],
  ['CNPJ', '12ABC34501DEXX', 'taxId'],
  ['PHONE', '+0123', 'phone'],
  ['EMAIL', 'ana', 'email'],
  ['EVP', '123', 'evp'],
] as const)('%s %j is wrong: %s', (type, key, problem) => {
  expect(problemOfKey(type, key)).toBe(problem);
});

it.each([
  ['52998224725', 'CPF'],
  ['529.982.247-25', 'CPF'],
  ['12.ABC.345/01DE-35', 'CNPJ'],
  ['+5561988887777', 'PHONE'],
  ['(61) 98888-7777', 'PHONE'],
  ['6133334444', 'PHONE'],
  ['ana@exemplo.com', 'EMAIL'],
  ['123e4567-e89b-12d3-a456-426655440000', 'EVP'],
  ['abc', null],
] as const)('%j is taken for %s', (text, type) => {
  expect(guessType(text)).toBe(type);
});

it.each([
  ['CPF', '52998224725', '529.982.247-25'],
  ['CNPJ', '12ABC34501DE35', '12.ABC.345/01DE-35'],
  ['PHONE', '+5561988887777', '+55 (61) 98888-7777'],
  ['PHONE', '+12025550123', '+12025550123'],
] as const)('%s %s is shown as %s', (type, value, text) => {
  expect(shownKey(type, value)).toBe(text);
});
