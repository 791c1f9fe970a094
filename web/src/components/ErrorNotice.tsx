import type { ReactNode } from 'react';
import { asApiError, type ApiError } from '../api/errors';
import { commonTexts, type CommonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { Notice } from './Notice';

/** What an error says to the user: a title, and the server's own words where they help. */
export function wordsOfError(error: ApiError, texts: CommonTexts): { title: string; text: string } {
  const words = texts.errors;
  switch (error.code) {
    case 'offline':
      return { title: words.offlineTitle, text: words.offlineText };
    case 'deadline':
    case 'timeout':
    case 'request_timeout':
      return { title: words.deadlineTitle, text: words.deadlineText };
    case 'overloaded':
      return { title: words.overloadedTitle, text: words.overloadedText };
    case 'data_unavailable':
      return { title: words.noDataTitle, text: words.noDataText };
    case 'validation_error':
    case 'payload_too_large':
      return { title: words.validationTitle, text: error.message };
    case 'query_too_large':
      return { title: words.tooLargeTitle, text: error.message };
    case 'rate_limit_exceeded':
      return { title: words.limitTitle, text: error.message };
    case 'unauthenticated':
      return { title: words.unauthenticatedTitle, text: words.unauthenticatedText };
    case 'invalid_credentials':
      return { title: words.unauthenticatedTitle, text: error.message };
    case 'forbidden':
    case 'cross_site_request':
      return { title: words.forbiddenTitle, text: error.message };
    case 'ncm_not_found':
    case 'pix_key_not_found':
    case 'not_found':
      return { title: words.notFoundTitle, text: error.message };
    case 'pix_key_refused':
      return { title: words.refusedTitle, text: error.message };
    case 'account_exists':
      return { title: words.validationTitle, text: error.message };
    // What the gateway says of outside sources, which name themselves in the message.
    case 'source_not_found':
      return { title: words.notFoundTitle, text: error.message };
    case 'source_refused':
    case 'source_invalid_answer':
    case 'source_unavailable':
    case 'source_timeout':
      return { title: words.serverTitle, text: error.message };
    case 'internal_error':
      return { title: words.serverTitle, text: words.serverText };
    case 'method_not_allowed':
    case 'unsupported_media_type':
    case 'unreadable':
      return { title: words.unreadableTitle, text: words.unreadableText };
  }
}

interface ErrorNoticeProps {
  error: unknown;
  /** Repeats what failed. Shown as a button unless `children` bring their own actions. */
  onRetry?: () => void;
  title?: string;
  children?: ReactNode;
}

/** A failed request in words, with a button that does what the words propose. */
export function ErrorNotice({ error, onRetry, title, children }: ErrorNoticeProps) {
  const texts = useTexts(commonTexts);
  const apiError = asApiError(error);
  const words = wordsOfError(apiError, texts);
  const quoteId = apiError.status >= 500 && apiError.requestId !== null;
  return (
    <Notice tone="danger" title={title ?? words.title} role="alert">
      <p>{words.text}</p>
      {quoteId && <p className="quiet">{texts.errors.requestCode(apiError.requestId ?? '')}</p>}
      {children ??
        (onRetry !== undefined && (
          <div className="notice-actions">
            <button type="button" className="button" onClick={onRetry}>
              {texts.retry}
            </button>
          </div>
        ))}
    </Notice>
  );
}
