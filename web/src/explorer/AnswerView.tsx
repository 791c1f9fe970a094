import { lazy, Suspense, useState } from 'react';
import { requestFile } from '../api/client';
import { toastManager } from '../app/toasts';
import { ChartFigure } from '../components/ChartFigure';
import { dialectOf, downloadCsv, downloadFile } from '../components/csv';
import { Icon } from '../components/Icon';
import { Skeleton } from '../components/Skeleton';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { AnswerTable } from './AnswerTable';
import { askedRows, withChart, withMeasure } from './change';
import type { ChartProps } from './charts/types';
import { csvTable, fileNameOf, orderedRows } from './columns';
import { shortValue, type Words } from './labels';
import { EmptyAnswer, PartialNotice } from './Notices';
import { partialityOf, type Answer, type Row } from './period';
import { apiQuery, chartOf, chartsFor, LIMIT_MAX, measureOf, orderOf, type Chart, type Measure, type Question } from './question';

const CHARTS: Record<Chart, ReturnType<typeof lazy<(props: ChartProps) => React.ReactNode>>> = {
  bars: lazy(() => import('./charts/BarsChart')),
  line: lazy(() => import('./charts/LineChart')),
  treemap: lazy(() => import('./charts/TreemapChart')),
  map: lazy(() => import('./charts/MapChart')),
};

const QUICK_MEASURES: readonly Measure[] = ['fob', 'kg'];

interface AnswerViewProps {
  question: Question;
  answer: Answer;
  /** The question's totals, once they are here. */
  totals: Row | null;
  sentence: string;
  words: Words;
  onChange: (question: Question) => void;
}

/** The whole question in a few large numbers. */
function Stats({ question, answer, totals, words }: Pick<AnswerViewProps, 'question' | 'answer' | 'totals' | 'words'>) {
  const { texts, formats } = words;
  const value = (measure: Measure) => {
    const number = totals?.[measure];
    return shortValue(typeof number === 'number' ? number : null, measure, formats);
  };
  const [only, ...others] = askedRows(question);
  const stats: [string, string][] = [
    [texts.stats.total, value('fob')],
    [texts.stats.weight, value('kg')],
    [texts.stats.price, value('price')],
    ...(typeof totals?.['growth'] === 'number' ? ([[texts.stats.growth, value('growth')]] as [string, string][]) : []),
    [only === undefined || others.length > 0 ? texts.stats.rows : texts.stats.plurals[only], formats.number(answer.meta.total_rows, 0)],
  ];
  return (
    <dl className="stats">
      {stats.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Toggle<Value extends string>({ label, options, current, onPick }: {
  label: string;
  options: { value: Value; text: string; hint?: string }[];
  current: Value | null;
  onPick: (value: Value) => void;
}) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className="segment"
          title={option.hint}
          aria-pressed={option.value === current}
          onClick={() => onPick(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

function ChartPart({ question, answer, sentence, words, onChange }: Omit<AnswerViewProps, 'totals'>) {
  const { texts } = words;
  const kinds = chartsFor(question);
  const kind = chartOf(question);
  const partiality = partialityOf(question, answer);
  const Drawn = kind === null ? null : CHARTS[kind];
  return (
    <section className="chart-part" aria-label={texts.chartKind}>
      <div className="chart-tools no-print">
        {kinds.length > 1 ? (
          <Toggle
            label={texts.chartKind}
            options={kinds.map((value) => ({ value, text: texts.charts[value] }))}
            current={kind}
            onPick={(value) => onChange(withChart(question, value))}
          />
        ) : (
          <span />
        )}
        <Toggle
          label={texts.measureKind}
          options={QUICK_MEASURES.map((value) => ({ value, text: texts.units[value], hint: texts.measureHints[value] }))}
          current={measureOf(question)}
          onPick={(value) => onChange(withMeasure(question, value))}
        />
      </div>
      {Drawn === null ? (
        <p className="chart-note">{texts.noChart}</p>
      ) : (
        <ChartFigure caption={<span className="visually-hidden">{`${sentence}. ${texts.figure.seeTable}`}</span>}>
          <Suspense fallback={<Skeleton size="block" />}>
            <Drawn
              question={question}
              rows={answer.data}
              total={answer.meta.total_rows}
              partiality={partiality}
              covered={answer.meta.covered}
              words={words}
            />
          </Suspense>
        </ChartFigure>
      )}
    </section>
  );
}

function Actions({ question, rows, words }: { question: Question; rows: readonly Row[]; words: Words }) {
  const { texts } = words;
  const common = useTexts(commonTexts);
  const [writing, setWriting] = useState(false);
  const downloadXlsx = async () => {
    setWriting(true);
    try {
      const path = `/v1/exports?${apiQuery(question)}&format=xlsx&lang=${words.language}`;
      downloadFile(fileNameOf(question, 'xlsx'), await requestFile(path, { language: words.language }));
    } catch {
      toastManager.add({ title: texts.xlsxFailed });
    } finally {
      setWriting(false);
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toastManager.add({ title: common.copied });
    } catch {
      toastManager.add({ title: texts.copyFailed });
    }
  };
  return (
    <div className="answer-actions no-print">
      <button
        type="button"
        className="button button-small"
        onClick={() => downloadCsv(fileNameOf(question, 'csv'), csvTable(question, rows, dialectOf(words.language)))}
      >
        <Icon name="download" /> {texts.csv}
      </button>
      <button type="button" className="button button-small" disabled={writing} onClick={() => void downloadXlsx()}>
        <Icon name="download" /> {texts.xlsx}
      </button>
      <button type="button" className="button button-small" onClick={copy}>
        <Icon name="link" /> {texts.copyLink}
      </button>
      <button type="button" className="button button-small" onClick={() => window.print()}>
        <Icon name="print" /> {texts.print}
      </button>
    </div>
  );
}

function TablePart({ question, answer, totals, sentence, words, onChange }: AnswerViewProps) {
  const { texts, formats } = words;
  const total = answer.meta.total_rows;
  const complete = answer.data.length >= total;
  const rows = orderedRows(answer.data, orderOf(question), complete, words);
  const more = Math.min(total, LIMIT_MAX);
  return (
    <section className="table-part" aria-label={texts.table.title}>
      <div className="table-head">
        <p className="table-count number">
          {complete ? texts.table.rows(formats.number(total, 0)) : texts.table.firstRows(formats.number(rows.length, 0), formats.number(total, 0))}
          {!complete && more > question.limit && (
            <button type="button" className="button-plain no-print" onClick={() => onChange({ ...question, limit: more })}>
              {texts.table.showMore(formats.number(more, 0))}
            </button>
          )}
          {!complete && <span className="quiet"> {texts.table.truncated}</span>}
        </p>
        <Actions question={question} rows={rows} words={words} />
      </div>
      <AnswerTable
        question={question}
        rows={rows}
        totalRows={total}
        totals={totals}
        caption={texts.table.caption(sentence)}
        words={words}
        onChange={onChange}
      />
      <p className="quiet">
        {answer.meta.through !== null &&
          texts.source(
            answer.meta.sample ? texts.sampleSource : answer.meta.source === 'comexstat' ? texts.officialSource : answer.meta.source,
            formats.month(answer.meta.through),
          )}
      </p>
    </section>
  );
}

/** The answer: what is partial in it, its totals, one chart, and the table of the same rows. */
export function AnswerView(props: AnswerViewProps) {
  const { question, answer, words, onChange } = props;
  if (answer.data.length === 0) return <EmptyAnswer question={question} answer={answer} words={words} onChange={onChange} />;
  return (
    <>
      <PartialNotice question={question} answer={answer} partiality={partialityOf(question, answer)} words={words} onChange={onChange} />
      <Stats {...props} />
      <ChartPart {...props} />
      <TablePart {...props} />
    </>
  );
}
