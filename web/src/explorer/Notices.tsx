import { asApiError } from '../api/errors';
import { ErrorNotice } from '../components/ErrorNotice';
import { Notice } from '../components/Notice';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { smallerQuestions, withCut, withMeasure, withPeriod, withProducts, type Smaller } from './change';
import type { Words } from './labels';
import { lastTwelveMonths, monthsOf, type Answer, type Partiality, type Span } from './period';
import { measureOf, type Dimension, type Question } from './question';
import { countryWord, productsOf, productWord, sectorWord, ufWord } from './sentence';

interface NoticeProps {
  question: Question;
  words: Words;
  onChange: (question: Question) => void;
}

/** The filters of a question, each with the question without it. */
function filtersOf(question: Question, words: Words): { name: string; without: Question }[] {
  const { cuts } = question;
  const filters: { name: string; without: Question }[] = [];
  if (productsOf(cuts) !== null) filters.push({ name: productWord(cuts, words), without: withProducts(question, 'ncm', []) });
  const named: [Dimension, string | null][] = [
    ['country', countryWord(cuts, words)],
    ['uf', ufWord(cuts, words)],
    ['sector', sectorWord(cuts, words)],
    ['via', cuts.via?.join(', ') ?? null],
  ];
  for (const [dimension, name] of named) {
    if (name !== null) filters.push({ name, without: withCut(question, dimension, []) });
  }
  return filters;
}

function smallerLabel(smaller: Smaller, words: Words): string {
  const { errors, dimensions } = words.texts;
  if (smaller.change.kind === 'without') return errors.without(dimensions[smaller.change.dimension]);
  return smaller.change.year === 'latest' ? errors.onlyLatestYear : errors.onlyYear(smaller.change.year);
}

/** A question that failed: what happened, and buttons that do what helps. */
export function QuestionError({ error, question, words, onChange, onRetry, onRestart }: NoticeProps & {
  error: unknown;
  onRetry: () => void;
  onRestart: () => void;
}) {
  const { texts } = words;
  const common = useTexts(commonTexts);
  const failure = asApiError(error);
  const restart = (
    <button type="button" className="button" onClick={onRestart}>
      {texts.errors.startAgain}
    </button>
  );
  if (failure.code === 'query_too_large') {
    return (
      <Notice tone="danger" title={texts.errors.tooLarge} role="alert">
        <div className="notice-actions">
          {smallerQuestions(question).map((smaller) => (
            <button key={smallerLabel(smaller, words)} type="button" className="button" onClick={() => onChange(smaller.question)}>
              {smallerLabel(smaller, words)}
            </button>
          ))}
          {restart}
        </div>
      </Notice>
    );
  }
  if (failure.code === 'validation_error') {
    return (
      <Notice tone="danger" title={texts.errors.validation} role="alert">
        <ul className="notice-list">
          {(failure.fields.length > 0 ? failure.fields.map((field) => field.detail) : [failure.message]).map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
        <div className="notice-actions">
          {filtersOf(question, words).map((filter) => (
            <button key={filter.name} type="button" className="button" onClick={() => onChange(filter.without)}>
              {texts.clearFilter(filter.name)}
            </button>
          ))}
          {restart}
        </div>
      </Notice>
    );
  }
  if (failure.code === 'rate_limit_exceeded' && failure.retryAfterSeconds !== null) {
    return (
      <ErrorNotice error={error}>
        <p>{texts.errors.wait(failure.retryAfterSeconds)}</p>
        <div className="notice-actions">
          <button type="button" className="button" onClick={onRetry}>
            {common.retry}
          </button>
        </div>
      </ErrorNotice>
    );
  }
  return <ErrorNotice error={error} onRetry={onRetry} />;
}

/** No rows: because of a period without data, or because of filters that leave nothing. */
export function EmptyAnswer({ question, answer, words, onChange }: NoticeProps & { answer: Answer }) {
  const { texts, formats } = words;
  const { through } = answer.meta;
  const uncovered = answer.meta.covered.length === 0 && through !== null;
  return (
    <Notice tone="neutral" title={texts.empty.title} role="status">
      <p>{uncovered ? texts.empty.uncovered(formats.month(through)) : texts.empty.text}</p>
      <div className="notice-actions">
        {through !== null && (uncovered || question.cuts.year !== undefined || question.cuts.month !== undefined) && (
          <button type="button" className="button" onClick={() => onChange(withPeriod(question, lastTwelveMonths(through)))}>
            {texts.empty.usePeriod}
          </button>
        )}
        {!uncovered &&
          filtersOf(question, words).map((filter) => (
            <button key={filter.name} type="button" className="button" onClick={() => onChange(filter.without)}>
              {texts.clearFilter(filter.name)}
            </button>
          ))}
      </div>
    </Notice>
  );
}

function monthRange(year: number, months: readonly number[], words: Words): string {
  const text = (month: number) => words.formats.month(`${year}-${String(month).padStart(2, '0')}`);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return words.texts.partial.months(0);
  const whole = last - first === months.length - 1;
  const count = words.texts.partial.months(months.length);
  if (!whole) return count;
  return first === last ? `${text(first)} (${count})` : `${text(first)}–${text(last)} (${count})`;
}

/** The whole years of an answer, as a period; null when there is none. */
function wholeYears(question: Question, covered: readonly Span[], partial: readonly number[]): Question | null {
  const years = [...new Set(monthsOf(covered).map((month) => Number(month.slice(0, 4))))].filter((year) => !partial.includes(year));
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined || last - first !== years.length - 1) return null;
  return withPeriod(question, { year: [first === last ? String(first) : `${first}-${last}`] });
}

/** Says which years of an answer are not whole, and how to compare like with like. */
export function PartialNotice({ question, answer, partiality, words, onChange }: NoticeProps & { answer: Answer; partiality: Partiality }) {
  const { texts, formats } = words;
  if (partiality.years.length === 0) return null;
  const { partial } = texts;
  const whole = wholeYears(question, answer.meta.covered, answer.meta.partial_years);
  const shown = partiality.years.slice(-3);
  return (
    <Notice tone="attention" title={partial.title(formats.list(shown.map(({ year, months }) => partial.year(year, monthRange(year, months, words)))))}>
      <p>{partiality.everything ? partial.everything : partiality.mixed ? partial.mixed : partial.rows}</p>
      <div className="notice-actions no-print">
        {measureOf(question) !== 'growth' && partiality.everything && (
          <button type="button" className="button button-small" onClick={() => onChange(withMeasure(question, 'growth'))}>
            {partial.compare}
          </button>
        )}
        {!partiality.everything && whole !== null && (
          <button type="button" className="button button-small" onClick={() => onChange(whole)}>
            {partial.whole}
          </button>
        )}
      </div>
    </Notice>
  );
}
