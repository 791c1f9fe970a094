import { ApiError, errorOfAnswer } from './errors';
import { reportAnswer } from './reports';

/** A request that got no answer in this time is given up; the server's own limit is 10 s. */
const DEADLINE_MS = 15_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface RequestOptions {
  method?: Method;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** BCP 47; the language of texts in the answer. */
  language?: string;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  if (!(response.headers.get('content-type') ?? '').includes('json')) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError('unreadable', 'The answer is not JSON', { status: response.status });
  }
}

function failureOf(error: unknown, callerSignal: AbortSignal | undefined): unknown {
  if (error instanceof ApiError) return error;
  // A request that the page itself took back is no failure to show.
  if (callerSignal?.aborted === true) return error;
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new ApiError('deadline', 'No answer in time');
  }
  return new ApiError('offline', 'The network was lost');
}

/** Sends a request and hands its answer to `read`, all of it before the deadline. */
async function exchange<Result>(path: string, accept: string, options: RequestOptions, read: (response: Response) => Promise<Result>): Promise<Result> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('No answer in time', 'TimeoutError')), options.deadlineMs ?? DEADLINE_MS);
  const headers = new Headers({ accept, ...options.headers });
  if (options.language !== undefined) headers.set('accept-language', options.language);
  const init: RequestInit = {
    method: options.method ?? 'GET',
    headers,
    credentials: 'same-origin',
    signal: options.signal === undefined ? deadline.signal : AbortSignal.any([options.signal, deadline.signal]),
  };
  if (options.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(options.body);
  }
  try {
    const response = await fetch(path, init);
    reportAnswer(response.headers);
    if (!response.ok) throw errorOfAnswer(response.status, response.headers, await bodyOf(response), Date.now());
    return await read(response);
  } catch (error) {
    throw failureOf(error, options.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One request to our API: JSON in, JSON out, null for an empty answer.
 *
 * @throws ApiError for every failure, except that an abort by `signal` is thrown as it is.
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  return exchange(path, 'application/json', options, async (response) => (await bodyOf(response)) as Answer);
}

/**
 * One request for a file.
 *
 * @throws ApiError as {@link request}.
 */
export async function requestFile(path: string, options: RequestOptions = {}): Promise<Blob> {
  return exchange(path, '*/*', options, (response) => response.blob());
}
