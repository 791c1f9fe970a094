import { describe, expect, it } from 'vitest';
import { addressOfView, nextOfSearch, resetTokenOfHash, modeOfSearch } from './address';

const ORIGIN = 'https://bgc.example';
const next = (value: string) => nextOfSearch(`?${new URLSearchParams({ next: value })}`, ORIGIN);

describe('the way back after sign-in', () => {
  it.each(['/simulator?ncm=17011400&countries=US,CN', '/explorer', '/', '/simulator#x'])('goes to our own %s', (path) => {
    expect(next(path)).toBe(path);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    'javascript:alert(1)',
    'simulator',
    '',
    '/\t/evil.example',
    '/..//evil.example',
    '/account',
    '/account?mode=sign-up',
    ' //evil.example',
  ])('never to %j', (path) => {
    expect(next(path)).toBeNull();
  });

  it('is none without the parameter', () => {
    expect(nextOfSearch('', ORIGIN)).toBeNull();
  });
});

it('keeps the view and the way back in the address', () => {
  const address = addressOfView('sign-up', '/simulator?ncm=17011400');
  expect(modeOfSearch(address.split('?')[1] ?? '')).toBe('sign-up');
  expect(nextOfSearch(address.split('?')[1] ?? '', ORIGIN)).toBe('/simulator?ncm=17011400');
  expect(addressOfView('sign-in', null)).toBe('/account');
  expect(modeOfSearch('view=<script>')).toBe('sign-in');
});

it('reads the token of a mailed link', () => {
  expect(resetTokenOfHash('#reset=abc_-1')).toBe('abc_-1');
  expect(resetTokenOfHash('#reset=')).toBeNull();
  expect(resetTokenOfHash('#content')).toBeNull();
  expect(resetTokenOfHash('')).toBeNull();
});
