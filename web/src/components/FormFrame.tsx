import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { asApiError, type ApiError } from '../api/errors';
import { commonTexts } from '../i18n/common';
import { formTexts } from '../i18n/forms';
import { useTexts } from '../i18n/language';
import { Countdown } from './Countdown';
import { ErrorNotice, wordsOfError } from './ErrorNotice';
import './forms.css';
import { Notice } from './Notice';

/** What a form makes of a failure that has its own meaning there. */
export interface Explanation<Values extends FieldValues> {
  /** The field it belongs to, when it belongs to one. */
  field?: Path<Values>;
  title: string;
  text?: string;
  /** What can be done about it. */
  actions?: ReactNode;
}

export interface FormFrameProps<Values extends FieldValues> {
  form: UseFormReturn<Values>;
  /** Fields in the order of the screen, with their labels; a server's pointer `/owner/name` belongs to the field `owner.name`. */
  labels: Partial<Record<Path<Values>, string>>;
  /** Rejects with what the request failed of. */
  onSubmit: (values: Values) => Promise<unknown>;
  submitLabel: string;
  explain?: (error: ApiError) => Explanation<Values> | null;
  children?: ReactNode;
  /** Beside the button. */
  footer?: ReactNode;
  /** How much the button weighs; `danger` for what cannot be undone. */
  tone?: 'primary' | 'secondary' | 'danger';
  /** A problem of a field in the words that stand at the field; as it is where left out. */
  words?: (problem: string) => string;
  /** What is said when the server asks to wait; its own words where left out. */
  pause?: { title: string; text: string };
}

const BUTTON_CLASS = { primary: 'button button-primary', secondary: 'button', danger: 'button button-danger' };

interface Failure {
  error: ApiError;
  /** Tells one failure from the next, so that a countdown starts again. */
  count: number;
}

/** Puts the server's words on the fields they are about; answers whether any found its field. */
function placeOnFields<Values extends FieldValues>(form: UseFormReturn<Values>, names: Path<Values>[], error: ApiError): boolean {
  let placed = false;
  for (const name of names) {
    const message = error.fieldMessage(`/${name.replaceAll('.', '/')}`);
    if (message === null) continue;
    form.setError(name, { type: 'server', message });
    placed = true;
  }
  return placed;
}

function FailureNotice<Values extends FieldValues>({
  failure,
  explanation,
  pause,
  onRetry,
  onOver,
}: {
  failure: Failure;
  explanation: Explanation<Values> | null;
  pause: { title: string; text: string } | undefined;
  onRetry: () => void;
  onOver: () => void;
}) {
  const common = useTexts(commonTexts);
  const { error, count } = failure;
  if (explanation !== null) {
    return (
      <Notice tone="danger" title={explanation.title} role="alert">
        {explanation.text !== undefined && <p>{explanation.text}</p>}
        {explanation.actions !== undefined && <div className="notice-actions">{explanation.actions}</div>}
      </Notice>
    );
  }
  if (error.retryAfterSeconds !== null && error.retryAfterSeconds > 0) {
    const words = error.status === 429 && pause !== undefined ? pause : wordsOfError(error, common);
    return (
      <Notice tone="attention" title={words.title} role="alert">
        <p>{words.text}</p>
        <Countdown key={count} seconds={error.retryAfterSeconds} onOver={onOver} />
      </Notice>
    );
  }
  return error.worthRetrying ? <ErrorNotice error={error} onRetry={onRetry} /> : <ErrorNotice error={error} />;
}

/**
 * A form that says what is wrong: a summary above it takes the focus and leads to each field, the server's words stand at
 * the fields they are about, and every other failure is told above the button, with what was typed kept.
 */
export function FormFrame<Values extends FieldValues>({
  form,
  labels,
  onSubmit,
  submitLabel,
  explain,
  children,
  footer,
  tone = 'primary',
  words = (problem) => problem,
  pause,
}: FormFrameProps<Values>) {
  const texts = useTexts(formTexts);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const { errors, isSubmitting } = form.formState;
  const names = Object.keys(labels) as Path<Values>[];
  const wrong = names.flatMap((name) => {
    const message = form.getFieldState(name, form.formState).error?.message;
    return message === undefined ? [] : [{ name, message }];
  });

  useEffect(() => {
    if (refusals > 0) summary.current?.focus();
  }, [refusals]);

  const fail = (error: ApiError) => {
    // The page itself asks to sign in again then; the form stays as it is.
    if (error.code === 'unauthenticated') return;
    const explanation = explain?.(error) ?? null;
    if (explanation?.field !== undefined) form.setError(explanation.field, { type: 'server', message: explanation.title });
    if (placeOnFields(form, names, error) || explanation?.field !== undefined) {
      setRefusals((count) => count + 1);
      if (explanation?.actions === undefined) return;
    }
    setWaiting((error.retryAfterSeconds ?? 0) > 0 && explanation === null);
    setFailure((before) => ({ error, count: (before?.count ?? 0) + 1 }));
  };
  const send = async (values: Values) => {
    setFailure(null);
    try {
      await onSubmit(values);
    } catch (error) {
      fail(asApiError(error));
    }
  };
  const refuse = () => {
    setFailure(null);
    setRefusals((count) => count + 1);
  };
  const submit = () => {
    if (!waiting && !isSubmitting) void form.handleSubmit(send, refuse)();
  };
  // Whoever changes what was typed asks something new, which may not have to wait.
  const changed = () => {
    setWaiting(false);
    if (failure !== null && !isSubmitting) setFailure(null);
  };

  return (
    <form
      className="form"
      // Without our script a form would otherwise put the password into the address.
      method="post"
      noValidate
      onChange={changed}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {refusals > 0 && Object.keys(errors).length > 0 && wrong.length > 0 && (
        <div className="form-summary" ref={summary} tabIndex={-1} role="group" aria-label={texts.summaryTitle(wrong.length)}>
          <p className="notice-title">{texts.summaryTitle(wrong.length)}</p>
          <ul>
            {wrong.map(({ name, message }) => (
              <li key={name}>
                <button type="button" className="button-plain" onClick={() => form.setFocus(name)}>
                  {labels[name]}: {words(message)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {children}
      {failure !== null && (
        <FailureNotice
          failure={failure}
          explanation={explain?.(failure.error) ?? null}
          pause={pause}
          onRetry={submit}
          onOver={() => setWaiting(false)}
        />
      )}
      <div className="form-actions">
        <button
          type="submit"
          className={BUTTON_CLASS[tone]}
          // Not `disabled`, which would throw the focus away.
          aria-disabled={isSubmitting || waiting}
        >
          {isSubmitting ? texts.sending : submitLabel}
        </button>
        {footer}
      </div>
    </form>
  );
}
