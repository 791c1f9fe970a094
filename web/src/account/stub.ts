import type { UserEvent } from '@testing-library/user-event';
import { vi } from 'vitest';
import type { Session, User } from '../api/types';

/** One request that the page sent. */
export interface Sent {
  method: string;
  path: string;
  body: unknown;
  headers: Headers;
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'lost';
export type Answers = Record<string, Answer | ((sent: Sent) => Answer)>;

export const MARIA: User = {
  id: '0190c1f2-0000-7000-8000-000000000001',
  email: 'maria@exemplo.com.br',
  name: 'Maria Souza',
  tenant: { id: '0190c1f2-0000-7000-8000-000000000002', name: 'Doces do Vale' },
  tier: 'free',
  upgrade_requested_at: null,
  created_at: '2026-11-01T12:00:00Z',
};
export const NOBODY: Session = { user: null, expires_at: null };
export const SESSION: Session = { user: MARIA, expires_at: '2026-12-01T12:00:00Z' };
export const USAGE = { tier: 'free', limit: 5, used: 3, remaining: 2, resets_at: '2026-11-23T03:00:00Z' };

/** A problem+json answer. */
export function problem(
  status: number,
  error: string,
  extra: { headers?: Record<string, string>; errors?: unknown[]; reason?: string } = {},
): Answer {
  const { headers, errors, reason } = extra;
  const body = { type: `/docs/errors#${error}`, title: error, status, detail: error, error, message: `mensagem de ${error}`, errors, reason };
  return { status, body, ...(headers === undefined ? {} : { headers }) };
}

/** Answers of a signed-in user with nothing in any list. */
export const EMPTY_ACCOUNT: Answers = {
  'GET /v1/session': { body: SESSION },
  'GET /v1/simulator/usage': { body: USAGE },
  'GET /v1/saved-products': { body: { data: [] } },
  'GET /v1/account/api-keys': { body: { data: [] } },
  'GET /v1/account/activity?limit=20': { body: { data: [] } },
};

/** Puts a table of answers in place of the network; what is not in it is a 404. Answers can be changed as the test goes. */
export function stubApi(answers: Answers): { sent: Sent[]; answers: Answers } {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const request: Sent = {
      method: init.method ?? 'GET',
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null,
    };
    sent.push(request);
    const found = answers[`${request.method} ${path}`] ?? problem(404, 'not_found');
    const answer = typeof found === 'function' ? found(request) : found;
    if (answer === 'lost') throw new TypeError('Failed to fetch');
    const { status = 200, body = null, headers = {} } = answer;
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  });
  return { sent, answers };
}

/** Fills a field as a person who pastes: key by key takes seconds on a busy machine. */
export async function enter(user: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}
