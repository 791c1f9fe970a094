import type { ErrorCode, FieldProblem } from './types';

/**
 * Why a request failed.
 *
 * Beside the server's own codes: `offline`, the network was lost before or in the middle of the answer; `deadline`, no
 * answer came in time; `unreadable`, an answer came that is not ours (a proxy's page, for example).
 */
export type FailureCode = ErrorCode | 'offline' | 'deadline' | 'unreadable';

/** A record and not a list: the compiler then finds a code of the document that is missing here. */
const KNOWN_CODES: Record<ErrorCode, true> = {
  validation_error: true,
  unauthenticated: true,
  invalid_credentials: true,
  forbidden: true,
  cross_site_request: true,
  ncm_not_found: true,
  not_found: true,
  method_not_allowed: true,
  account_exists: true,
  payload_too_large: true,
  unsupported_media_type: true,
  query_too_large: true,
  rate_limit_exceeded: true,
  overloaded: true,
  data_unavailable: true,
  request_timeout: true,
  timeout: true,
  source_not_found: true,
  source_refused: true,
  source_invalid_answer: true,
  source_unavailable: true,
  source_timeout: true,
  pix_key_not_found: true,
  pix_key_refused: true,
  internal_error: true,
};

interface Details {
  status?: number;
  fields?: FieldProblem[];
  retryAfterSeconds?: number | null;
  requestId?: string | null;
  reason?: string | null;
}

/** A request that did not succeed, in words the page can act on. `message` is in the user's language when the server sent it. */
export class ApiError extends Error {
  readonly code: FailureCode;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
  /** Which rule of the directory of PIX keys refused it; null for every other error. */
  readonly reason: string | null;

  constructor(code: FailureCode, message: string, details: Details = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = details.status ?? 0;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.requestId = details.requestId ?? null;
    this.reason = details.reason ?? null;
  }

  /** The server's words on one field, by JSON pointer; a pointer covers what lies under it (`/countries` covers `/countries/0`). */
  fieldMessage(pointer: string): string | null {
    const found = this.fields.filter((field) => field.pointer === pointer || field.pointer.startsWith(`${pointer}/`));
    return found.length === 0 ? null : found.map((field) => field.detail).join(' ');
  }

  /** Whether the same request may succeed without a change by the user. */
  get worthRetrying(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** `Retry-After` in seconds: a number, or an HTTP date counted from `nowMs`. */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - nowMs) / 1000));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) =>
    isRecord(entry) && typeof entry['pointer'] === 'string' && typeof entry['detail'] === 'string'
      ? [{ pointer: entry['pointer'], detail: entry['detail'] }]
      : [],
  );
}

function codeByStatus(status: number): FailureCode {
  if (status === 429) return 'rate_limit_exceeded';
  if (status === 503) return 'overloaded';
  if (status === 504) return 'deadline';
  return status >= 500 ? 'internal_error' : 'unreadable';
}

/** The error that an answer outside 2xx stands for; `body` is the parsed JSON, or null where it was none. */
export function errorOfAnswer(status: number, headers: Headers, body: unknown, nowMs: number): ApiError {
  const details = {
    status,
    retryAfterSeconds: retryAfterSeconds(headers.get('retry-after'), nowMs),
    requestId: headers.get('x-request-id'),
  };
  if (!isRecord(body) || typeof body['error'] !== 'string') {
    return new ApiError(codeByStatus(status), `HTTP ${status}`, details);
  }
  const code = Object.hasOwn(KNOWN_CODES, body['error']) ? (body['error'] as ErrorCode) : codeByStatus(status);
  const message = typeof body['message'] === 'string' ? body['message'] : `HTTP ${status}`;
  const reason = typeof body['reason'] === 'string' ? body['reason'] : null;
  return new ApiError(code, message, { ...details, fields: fieldProblems(body['errors']), reason });
}

/** Any thrown value as an `ApiError`; what is not one is a defect of the page. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('unreadable', error instanceof Error ? error.message : String(error));
}
