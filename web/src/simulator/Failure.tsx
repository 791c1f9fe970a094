import { asApiError } from '../api/errors';
import { ErrorNotice } from '../components/ErrorNotice';
import { Notice } from '../components/Notice';
import { useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { formatNcm } from './ncm';

interface FailureProps {
  error: unknown;
  ncm: string;
  onRetry: () => void;
  onFocusField: () => void;
  onOptions: () => void;
}

/** A simulation that failed: what happened, and a button that does what helps. */
export function Failure({ error, ncm, onRetry, onFocusField, onOptions }: FailureProps) {
  const texts = useTexts(simulatorTexts);
  const apiError = asApiError(error);
  switch (apiError.code) {
    case 'ncm_not_found':
      return (
        <Notice tone="danger" role="alert" title={texts.ncmNotFoundTitle(formatNcm(ncm))}>
          <p>{texts.ncmNotFoundText}</p>
          <div className="notice-actions">
            <button type="button" className="button" onClick={onFocusField}>
              {texts.ncmNotFoundAction}
            </button>
          </div>
        </Notice>
      );
    case 'validation_error':
      return (
        <ErrorNotice error={apiError}>
          <div className="notice-actions">
            <button type="button" className="button" onClick={onFocusField}>
              {texts.validationAction}
            </button>
          </div>
        </ErrorNotice>
      );
    case 'rate_limit_exceeded':
      return (
        <ErrorNotice error={apiError}>
          <div className="notice-actions">
            <button type="button" className="button" onClick={onOptions}>
              {texts.limitNoticeAction}
            </button>
          </div>
        </ErrorNotice>
      );
    default:
      return <ErrorNotice error={apiError} onRetry={onRetry} />;
  }
}
