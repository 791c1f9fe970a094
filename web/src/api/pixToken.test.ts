import { describe, expect, it, vi } from 'vitest';
import { SCOPES, tokenOf } from '../pixkeys/sample';
import { currentPixToken, endPixToken, forgetPixToken, readPixToken, takePixToken } from './pixToken';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const exp = NOW_MS / 1000 + 60;

describe('a pasted text', () => {
  it('is read as a token, with or without the word Bearer', () => {
    const text = tokenOf({ ispb: '9999a008', scope: SCOPES, exp });
    const read = readPixToken(`  Bearer ${text}\n`, NOW_MS);
    expect(read).toEqual({ text, ispb: '9999A008', scopes: SCOPES.split(' '), endMs: NOW_MS + 60_000 });
  });

  it.each([
    ['abc', 'unreadable'],
    ['a.b.c', 'unreadable'],
    [tokenOf({ ispb: '99999008' }), 'unreadable'],
    [tokenOf({ exp }), 'noInstitution'],
    [tokenOf({ exp, ispb: 99999008 }), 'noInstitution'],
    [tokenOf({ exp, ispb: '1234567' }), 'noInstitution'],
    [tokenOf({ exp: exp - 60, ispb: '99999008' }), 'expired'],
  ])('%j is not: %s', (text, problem) => {
    expect(readPixToken(text, NOW_MS)).toBe(problem);
  });
});

it('is kept in no storage, ends with its time and is forgotten', () => {
  vi.useFakeTimers({ now: NOW_MS });
  try {
    const read = readPixToken(tokenOf({ ispb: '99999008', exp }), NOW_MS);
    if (typeof read === 'string') throw new Error(read);
    const stored = vi.spyOn(Storage.prototype, 'setItem');
    takePixToken(read);
    expect(currentPixToken()).toBe(read);
    vi.advanceTimersByTime(60_000);
    endPixToken({ ...read });
    expect(currentPixToken()).toBe(read);
    forgetPixToken();
    expect(currentPixToken()).toBeNull();
    expect(stored).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});
