import { useSyncExternalStore } from 'react';

/** What the page reads of a token. Only the server can tell whether it is genuine. */
export interface PixToken {
  /** The token itself: in the memory of this tab and nowhere else. */
  text: string;
  /** The institution it speaks for. */
  ispb: string;
  scopes: readonly string[];
  /** When it ends, in milliseconds since 1970. */
  endMs: number;
}

/** Why a text is no token that this page can use. */
export type TokenProblem = 'unreadable' | 'noInstitution' | 'expired';

interface State {
  token: PixToken | null;
  /** The token is over or was refused, and nobody has forgotten it. */
  ended: boolean;
}

let state: State = { token: null, ended: false };
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** A later timer would fire at once (HTML, timers are 32 bits). */
const TIMER_MAX_MS = 2 ** 31 - 1;

function change(next: State): void {
  state = next;
  clearTimeout(timer);
  if (next.token !== null && !next.ended) {
    const { token } = next;
    const wait = Math.min(token.endMs - Date.now(), TIMER_MAX_MS);
    timer = setTimeout(() => endPixToken(token), Math.max(0, wait));
  }
  for (const listener of listeners) listener();
}

function payloadOf(text: string): Record<string, unknown> | null {
  const parts = text.split('.');
  if (parts.length !== 3) return null;
  try {
    const bytes = Uint8Array.from(atob((parts[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const payload: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof payload === 'object' && payload !== null ? { ...payload } : null;
  } catch {
    return null;
  }
}

/** What a pasted text says as a token, or why it is none; `Bearer` before it is taken off. */
export function readPixToken(pasted: string, nowMs: number): PixToken | TokenProblem {
  const text = pasted.trim().replace(/^Bearer\s+/i, '');
  const payload = payloadOf(text);
  if (payload === null || typeof payload['exp'] !== 'number') return 'unreadable';
  const { ispb, scope } = payload;
  if (typeof ispb !== 'string' || !/^[0-9A-Za-z]{8}$/.test(ispb)) return 'noInstitution';
  const endMs = payload['exp'] * 1000;
  if (endMs <= nowMs) return 'expired';
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : [];
  return { text, ispb: ispb.toUpperCase(), scopes, endMs };
}

/** Uses a token from now on. */
export function takePixToken(token: PixToken): void {
  change({ token, ended: false });
}

/** Says that a token is over; what it showed stays on the screen until another takes its place. */
export function endPixToken(token: PixToken): void {
  if (state.token === token && !state.ended) change({ token, ended: true });
}

/** Forgets the token. */
export function forgetPixToken(): void {
  change({ token: null, ended: false });
}

/** The token of this tab. */
export function currentPixToken(): PixToken | null {
  return state.token;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The token of this tab, and whether it is over. */
export function usePixToken(): State {
  return useSyncExternalStore(subscribe, () => state);
}
