import { useCallback, useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ErrorNotice } from '../components/ErrorNotice';
import { Notice } from '../components/Notice';
import { PageHeading } from '../components/PageHeading';
import { Skeleton, useSlow } from '../components/Skeleton';
import { AnswerView } from './AnswerView';
import { Sentence } from './controls/Sentence';
import { examplesFor } from './examples';
import './charts/charts.css';
import './explorer.css';
import './table.css';
import type { Words } from './labels';
import { QuestionError } from './Notices';
import { coveredMonths, lastTwelveMonths, monthsOf, type Span } from './period';
import { addressOf, LIMIT_DEFAULT, readQuestion, type Question } from './question';
import { sentenceOf } from './sentence';
import { useAnswer, useCoverage, useTotals, useWords } from './useAnswer';

/** What is asked on a first visit: the destinations of everything, over the last twelve covered months. */
function firstQuestion(through: string): Question {
  return {
    rows: ['country'],
    cuts: lastTwelveMonths(through),
    measures: ['fob', 'kg', 'price', 'share'],
    sort: null,
    limit: LIMIT_DEFAULT,
    chart: null,
  };
}

/** The last year of which all months are covered; else the last with any. */
function lastWholeYear(covered: readonly Span[], through: string): string {
  const years = [...new Set(monthsOf(covered).map((month) => month.slice(0, 4)))].toReversed();
  return years.find((year) => coveredMonths(covered, Number(year)).length === 12) ?? through.slice(0, 4);
}

function Examples({ year, words }: { year: string; words: Words }) {
  const { texts } = words;
  return (
    <section className="examples no-print" aria-labelledby="examples-title">
      <h2 id="examples-title">{texts.examplesTitle}</h2>
      <p className="quiet">{texts.examplesIntro}</p>
      <ul className="example-list">
        {examplesFor(year).map(({ name, question }) => (
          <li key={name}>
            <Link href={addressOf(question)} className="example">
              <span className="example-title">{texts.examples[name].title}</span>
              <span className="quiet">{texts.examples[name].text}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AnswerSkeleton({ words, shown }: { words: Words; shown: boolean }) {
  return (
    <div className="answer-waiting" aria-busy="true">
      {shown && (
        <>
          <span className="visually-hidden">{words.texts.updating}</span>
          <Skeleton size="title" />
          <Skeleton size="block" />
          <Skeleton size="block" />
        </>
      )}
    </div>
  );
}

/** The page Explorador: one question, its chart and its table. */
export default function ExplorerPage() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const read = useMemo(() => readQuestion(search), [search]);
  const coverage = useCoverage();
  const through = coverage.data?.meta.through ?? null;
  const covered = coverage.data?.meta.covered ?? [];
  const question = useMemo(() => read?.question ?? (through === null ? null : firstQuestion(through)), [read, through]);
  const words = useWords(question?.cuts ?? {});
  const { texts } = words;
  const answer = useAnswer(question);
  const totals = useTotals(question);
  const totalsRow = totals.isPlaceholderData ? null : (totals.data?.data[0] ?? null);
  const answered = answer.data ?? null;
  // The kind of chart is no part of what is asked, so that it changes without waiting for an answer.
  const shownQuestion = answer.isPlaceholderData || question === null ? (answered?.question ?? null) : question;
  const shown = answered === null || shownQuestion === null ? null : { question: shownQuestion, answer: answered.answer };
  const slow = useSlow(answer.isFetching || (question === null && coverage.isFetching));
  const change = useCallback((next: Question) => navigate(addressOf(next)), [navigate]);
  const sentence = question === null ? texts.title : sentenceOf(question, through, words);
  const failure = answer.isError ? answer.error : question === null && coverage.isError ? coverage.error : null;
  const waiting = answer.isFetching && slow;
  return (
    <div className="page explorer">
      <div className="explorer-head">
        <PageHeading documentTitle={read === null ? texts.title : sentence}>{texts.title}</PageHeading>
        {question !== null && <Sentence question={question} words={words} covered={covered} through={through} onChange={change} />}
      </div>
      {read !== null && read.ignored.length > 0 && <Notice tone="attention" title={texts.errors.ignored(read.ignored.join(' · '))} role="status" />}
      {read === null && through !== null && <Examples year={lastWholeYear(covered, through)} words={words} />}
      {question === null && coverage.data !== undefined && through === null && <Notice tone="neutral" title={texts.empty.title} role="status" />}
      {question === null && failure !== null && <ErrorNotice error={failure} onRetry={() => void coverage.refetch()} />}
      {question !== null && failure !== null && (
        <QuestionError
          error={failure}
          question={question}
          words={words}
          onChange={change}
          onRetry={() => void answer.refetch()}
          onRestart={() => navigate('/explorer')}
        />
      )}
      <p className="visually-hidden" role="status">
        {waiting ? texts.updating : shown !== null ? texts.answered(texts.table.rows(words.formats.number(shown.answer.meta.total_rows, 0))) : ''}
      </p>
      {shown !== null ? (
        <div className={waiting || failure !== null ? 'answer answer-old' : 'answer'} aria-busy={answer.isFetching}>
          <AnswerView
            question={shown.question}
            answer={shown.answer}
            totals={totalsRow}
            sentence={sentenceOf(shown.question, through, words)}
            words={words}
            onChange={change}
          />
        </div>
      ) : (
        failure === null && coverage.data?.meta.through !== null && <AnswerSkeleton words={words} shown={slow} />
      )}
    </div>
  );
}
