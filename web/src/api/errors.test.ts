import { describe, expect, it, vi } from 'vitest';
import { request } from './client';
import { ApiError, errorOfAnswer, retryAfterSeconds } from './errors';
import { onAnswer } from './reports';
import { usageOfHeaders } from './usage';

function answer(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError');
  return error;
}

describe('errorOfAnswer', () => {
  it('reads a problem with its fields', () => {
    const error = errorOfAnswer(
      400,
      new Headers({ 'x-request-id': 'abc' }),
      {
        error: 'validation_error',
        message: 'Two fields',
        errors: [
          { pointer: '/ncm', detail: 'eight digits' },
          { pointer: '/countries/0', detail: 'unknown XX' },
          { pointer: '/countries/2', detail: 'unknown YY' },
          'not a field',
        ],
      },
      0,
    );
    expect(error).toMatchObject({ code: 'validation_error', status: 400, requestId: 'abc', worthRetrying: false });
    expect(error.fieldMessage('/ncm')).toBe('eight digits');
    expect(error.fieldMessage('/countries')).toBe('unknown XX unknown YY');
    expect(error.fieldMessage('/volume_kg')).toBeNull();
  });
  it.each([
    [429, 'rate_limit_exceeded'],
    [500, 'internal_error'],
    [502, 'internal_error'],
    [503, 'overloaded'],
    [504, 'deadline'],
    [404, 'unreadable'],
  ])('falls back on the status %d', (status, code) => {
    expect(errorOfAnswer(status, new Headers(), null, 0).code).toBe(code);
    expect(errorOfAnswer(status, new Headers(), { error: 'made_up' }, 0).code).toBe(code);
  });
});

it('reads Retry-After as seconds or as a date', () => {
  expect(retryAfterSeconds('90', 0)).toBe(90);
  expect(retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 30_000)).toBe(30);
  expect(retryAfterSeconds('soon', 0)).toBeNull();
  expect(retryAfterSeconds(null, 0)).toBeNull();
});

it('reads the free uses from the headers of an answer', () => {
  const headers = new Headers({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795662000' });
  expect(usageOfHeaders(headers)).toEqual({ tier: 'free', limit: 5, used: 5, remaining: 0, resets_at: '2026-11-26T03:00:00.000Z' });
  expect(usageOfHeaders(new Headers())).toBeNull();
  expect(usageOfHeaders(new Headers({ 'x-ratelimit-limit': 'x', 'x-ratelimit-remaining': '1' }))).toBeNull();
});

describe('request', () => {
  it('sends JSON, the language and its own headers', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer(200, '{"ok":true}'));
    await expect(request('/v1/x', { method: 'POST', body: { a: 1 }, language: 'en', headers: { 'idempotency-key': 'k' } })).resolves.toEqual({
      ok: true,
    });
    const init = fetched.mock.calls[0]?.[1];
    const headers = new Headers(init?.headers);
    expect(init?.body).toBe('{"a":1}');
    expect([headers.get('content-type'), headers.get('accept-language'), headers.get('idempotency-key')]).toEqual(['application/json', 'en', 'k']);
  });
  it('gives null for an empty answer', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(null, { status: 204 }));
    await expect(request('/v1/x', { method: 'DELETE' })).resolves.toBeNull();
  });
  it('says that the network was lost', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await failureOf(request('/v1/x'))).toMatchObject({ code: 'offline', status: 0, worthRetrying: true });
  });
  it('says that the network was lost in the middle of the answer', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(broken, { status: 200 }));
    expect((await failureOf(request('/v1/x'))).code).toBe('offline');
  });
  it('gives up after its deadline', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new DOMException('late', 'TimeoutError'));
    expect((await failureOf(request('/v1/x'))).code).toBe('deadline');
  });
  it('does not take a page of a proxy for an answer', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer(200, '<html>', { 'content-type': 'application/json' }));
    expect((await failureOf(request('/v1/x'))).code).toBe('unreadable');
  });
  it('throws an abort by the caller as it is', async () => {
    const abort = new AbortController();
    abort.abort();
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new DOMException('gone', 'AbortError'));
    await expect(request('/v1/x', { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
  it('reports what the headers say, also of a refusal', async () => {
    const reports: unknown[] = [];
    const stop = onAnswer((report) => reports.push(report));
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(
      answer(429, '{"error":"rate_limit_exceeded","message":"no more"}', { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'retry-after': '60' }),
    );
    expect(await failureOf(request('/v1/x'))).toMatchObject({ code: 'rate_limit_exceeded', retryAfterSeconds: 60 });
    stop();
    expect(reports).toEqual([{ usage: { tier: 'free', limit: 5, used: 5, remaining: 0, resets_at: null }, sample: null }]);
  });
});
