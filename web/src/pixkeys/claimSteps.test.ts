import { describe, expect, it } from 'vitest';
import type { PixClaim } from '../api/types';
import { deadlineOf, stepsOf } from './claimSteps';
import { CLAIM } from './sample';

const at = (day: string) => Date.parse(`${day}T12:00:01Z`);
const claim = (change: Partial<PixClaim>): PixClaim => ({ ...CLAIM, ...change });
const portability = (status: PixClaim['status']) => claim({ type: 'PORTABILITY', status, completion_period_end: null });

describe('who holds the key', () => {
  it('answers an ownership claim within its seven days, and refuses it until it moved', () => {
    expect(stepsOf(claim({ status: 'OPEN' }), 'incoming', at('2026-11-23'))).toEqual(['reject']);
    expect(stepsOf(CLAIM, 'incoming', at('2026-11-23'))).toEqual(['accept', 'reject']);
    expect(stepsOf(CLAIM, 'incoming', at('2026-11-29'))).toEqual(['reject']);
    expect(stepsOf(claim({ status: 'CONFIRMED' }), 'incoming', at('2026-11-30'))).toEqual(['reject']);
  });

  it('confirms a portability once it is acknowledged', () => {
    expect(stepsOf(portability('OPEN'), 'incoming', at('2026-11-23'))).toEqual(['cancel']);
    expect(stepsOf(portability('WAITING_RESOLUTION'), 'incoming', at('2026-11-23'))).toEqual(['confirm', 'cancel']);
    expect(stepsOf(portability('CONFIRMED'), 'incoming', at('2026-11-23'))).toEqual([]);
  });
});

describe('who asked for the key', () => {
  it('may give up until it has the key, and proves possession once it was given up', () => {
    expect(stepsOf(CLAIM, 'outgoing', at('2026-11-23'))).toEqual(['cancel']);
    expect(stepsOf(claim({ status: 'CONFIRMED' }), 'outgoing', at('2026-12-01'))).toEqual(['cancel']);
    expect(stepsOf(claim({ status: 'CONFIRMED' }), 'outgoing', at('2026-12-06'))).toEqual(['prove', 'cancel']);
    expect(stepsOf(portability('CONFIRMED'), 'outgoing', at('2026-11-23'))).toEqual([]);
  });
});

it.each(['CANCELLED', 'COMPLETED'] as const)('nothing is left to do once a claim is %s', (status) => {
  expect(stepsOf(claim({ status }), 'incoming', at('2026-11-23'))).toEqual([]);
  expect(stepsOf(claim({ status }), 'outgoing', at('2026-11-23'))).toEqual([]);
  expect(deadlineOf(claim({ status }), 'outgoing', at('2026-11-23'))).toEqual({ kind: 'endedOn', at: CLAIM.last_modified });
});

describe('the date that matters', () => {
  it('is the end of the answer, then the begin of completion, then the end of the proof', () => {
    expect(deadlineOf(CLAIM, 'incoming', at('2026-11-23'))).toEqual({ kind: 'answerBy', at: '2026-11-29T12:00:00Z' });
    expect(deadlineOf(CLAIM, 'incoming', at('2026-11-29'))).toEqual({ kind: 'answerOver', at: '2026-11-29T12:00:00Z' });
    const confirmed = claim({ status: 'CONFIRMED' });
    expect(deadlineOf(confirmed, 'outgoing', at('2026-12-01'))).toEqual({ kind: 'completionFrom', at: '2026-12-06T12:00:00Z' });
    expect(deadlineOf(confirmed, 'outgoing', at('2026-12-06'))).toEqual({ kind: 'proveBy', at: '2026-12-22T12:00:00.000Z' });
    expect(deadlineOf(confirmed, 'incoming', at('2026-12-06'))).toEqual({ kind: 'completionNow', at: null });
  });
});
