import { usageOfHeaders } from './usage';
import type { Usage } from './types';

/** What every answer says beside its body. */
export interface AnswerReport {
  usage: Usage | null;
  /** Whether the data are the sample; null when the answer does not say. */
  sample: boolean | null;
}

type Listener = (report: AnswerReport) => void;

const listeners = new Set<Listener>();

/** Calls `listener` for each answer of the API until the returned function is called. */
export function onAnswer(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the listeners what an answer's headers say. */
export function reportAnswer(headers: Headers): void {
  const sample = headers.get('x-data-sample');
  const report: AnswerReport = { usage: usageOfHeaders(headers), sample: sample === null ? null : sample === 'true' };
  if (report.usage === null && report.sample === null) return;
  for (const listener of listeners) listener(report);
}
