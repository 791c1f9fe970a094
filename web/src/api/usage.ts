import type { Usage } from './types';

function count(headers: Headers, name: string): number | null {
  const text = headers.get(name);
  if (text === null || !/^\d+$/.test(text)) return null;
  return Number(text);
}

/** What the `X-RateLimit-*` headers of an answer say of the free simulations; null where they are absent. */
export function usageOfHeaders(headers: Headers): Usage | null {
  const limit = count(headers, 'x-ratelimit-limit');
  const remaining = count(headers, 'x-ratelimit-remaining');
  const resetSeconds = count(headers, 'x-ratelimit-reset');
  if (limit === null || remaining === null) return null;
  return {
    tier: 'free',
    limit,
    remaining,
    used: Math.max(0, limit - remaining),
    resets_at: resetSeconds === null ? null : new Date(resetSeconds * 1000).toISOString(),
  };
}
