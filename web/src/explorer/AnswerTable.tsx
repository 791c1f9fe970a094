import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Icon } from '../components/Icon';
import { withSort } from './change';
import { columnsOf, type Column } from './columns';
import { cellValue, codeOf, codeText, flagOf, keyOf, nameOf, numberOf, type Words } from './labels';
import { isPartial, type Row } from './period';
import { orderOf, timeOf, type Question } from './question';

/** Shorter tables are drawn whole: nothing is gained by less, and the browser's own search finds every row. */
const WHOLE_ROWS_MAX = 120;
const ROW_PX = 41;
const OVERSCAN_ROWS = 12;
/** Rows on paper, some six pages; the CSV is for more. */
const PRINTED_ROWS_MAX = 200;

interface AnswerTableProps {
  question: Question;
  rows: readonly Row[];
  /** Rows of the question, also those beyond the limit. */
  totalRows: number;
  /** The question's totals, where sums make sense. */
  totals: Row | null;
  caption: string;
  words: Words;
  onChange: (question: Question) => void;
}

function isNumber(column: Column): boolean {
  return column.kind === 'measure';
}

function heading(column: Column, words: Words): { name: string; unit: string | null } {
  const { texts } = words;
  if (column.kind === 'dimension') return { name: texts.dimensions[column.key], unit: null };
  return { name: texts.measures[column.key], unit: texts.units[column.key] };
}

function HeadCell({ column, question, words, onChange }: { column: Column } & Pick<AnswerTableProps, 'question' | 'words' | 'onChange'>) {
  const { texts } = words;
  const order = orderOf(question);
  const { name, unit } = heading(column, words);
  const sorted = order.key === column.key;
  const isTime = column.key === 'year' || column.key === 'month';
  return (
    <th
      scope="col"
      className={isNumber(column) ? 'number' : undefined}
      aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={sorted ? 'sort sort-current' : 'sort'}
        title={texts.table.sortBy(name)}
        onClick={() => onChange(withSort(question, order, column.key, !isNumber(column) && !isTime))}
      >
        <span>{name}</span>
        {unit !== null && <span className="unit"> {unit}</span>}
        {sorted && <Icon name={order.descending ? 'down' : 'up'} />}
      </button>
    </th>
  );
}

function DimensionCell({ column, row, words, question }: { column: Column & { kind: 'dimension' }; row: Row; words: Words; question: Question }) {
  const { texts } = words;
  const { key } = column;
  const name = nameOf(row, key, words);
  const code = codeText(codeOf(row, key));
  const flag = flagOf(row, key, words);
  const partial = key === timeOf(question) && isPartial(row);
  const showCode = key !== 'year' && key !== 'month' && key !== 'sector' && code !== name;
  return (
    <>
      {flag !== '' && (
        <span className="flag" aria-hidden="true">
          {flag}{' '}
        </span>
      )}
      <span className="cell-name" title={name}>
        {name}
      </span>
      {showCode && <span className="cell-code"> {code}</span>}
      {partial && (
        <span className="badge badge-partial">
          {key === 'year' ? texts.partial.months(Number(row['months_covered'] ?? 0)) : texts.partial.mark}
        </span>
      )}
    </>
  );
}

interface BodyRowProps {
  row: Row;
  at: number;
  columns: Column[];
  question: Question;
  words: Words;
}

/** Remembered, so that scrolling draws only the rows that came into view. */
const BodyRow = memo(function BodyRow({ row, at, columns, question, words }: BodyRowProps) {
  const { formats } = words;
  return (
    // The heading is the first row.
    <tr aria-rowindex={at + 2} className={isPartial(row) ? 'row-partial' : undefined}>
      {columns.map((column, place) => {
        if (column.kind === 'measure') {
          return (
            <td key={column.key} className="number">
              {cellValue(numberOf(row, column.key), column.key, formats)}
            </td>
          );
        }
        const content = <DimensionCell column={column} row={row} words={words} question={question} />;
        return place === 0 ? (
          <th key={column.key} scope="row">
            {content}
          </th>
        ) : (
          <td key={column.key}>{content}</td>
        );
      })}
    </tr>
  );
});

function TotalRow({ columns, totals, at, words }: { columns: Column[]; totals: Row; at: number; words: Words }) {
  const { texts, formats } = words;
  const dimensions = columns.filter((column) => column.kind === 'dimension').length;
  return (
    <tfoot>
      <tr aria-rowindex={at}>
        <th scope="row" colSpan={dimensions}>
          {texts.table.total}
        </th>
        {columns.map((column) => {
          if (column.kind !== 'measure') return null;
          // Shares add up to one by their meaning; changes and concentrations do not add up at all.
          const value = column.key === 'share' ? 1 : column.key === 'growth' || column.key === 'hhi' ? null : numberOf(totals, column.key);
          return (
            <td key={column.key} className="number">
              {value === null ? '' : cellValue(value, column.key, formats)}
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}

/** Whether the page is being printed: only what is drawn can be on the paper. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={columns} style={{ height }}>
        {'\u00a0'}
      </td>
    </tr>
  );
}

interface BodyProps {
  rows: readonly Row[];
  columns: Column[];
  question: Question;
  words: Words;
}

function WholeBody({ rows, columns, question, words }: BodyProps) {
  return (
    <tbody>
      {rows.map((row, at) => (
        <BodyRow key={keyOf(row, question)} row={row} at={at} columns={columns} question={question} words={words} />
      ))}
    </tbody>
  );
}

/** The rows in view and a few around them; two empty rows keep the length of the whole. */
function VirtualBody({ rows, columns, question, words, scroller }: BodyProps & { scroller: () => HTMLDivElement | null }) {
  // oxlint-disable-next-line react/incompatible-library -- only a compiler that memoizes would be misled, and none is used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    initialRect: { width: 800, height: 640 },
  });
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  return (
    <tbody>
      <Spacer height={first?.start ?? 0} columns={columns.length} />
      {items.map((item) => {
        const row = rows[item.index];
        return row === undefined ? null : (
          <BodyRow key={keyOf(row, question)} row={row} at={item.index} columns={columns} question={question} words={words} />
        );
      })}
      <Spacer height={virtualizer.getTotalSize() - (last?.end ?? 0)} columns={columns.length} />
    </tbody>
  );
}

/** The rows of the answer: every column sorts, long tables draw what is in view only. */
export function AnswerTable({ question, rows, totalRows, totals, caption, words, onChange }: AnswerTableProps) {
  const { texts, formats } = words;
  const scroller = useRef<HTMLDivElement>(null);
  const captionId = useId();
  const printing = usePrinting();
  const columns = useMemo(() => columnsOf(question), [question]);
  const virtual = rows.length > WHOLE_ROWS_MAX && !printing;
  const shown = printing ? rows.slice(0, PRINTED_ROWS_MAX) : rows;
  const body: BodyProps = { rows: shown, columns, question, words };
  const summed = totals !== null && rows.length > 1;
  const notes: ReactNode[] = [];
  if (printing && shown.length < rows.length) {
    notes.push(texts.table.printed(formats.number(shown.length, 0), formats.number(totalRows, 0)));
  }
  if (question.measures.includes('growth')) notes.push(texts.table.growthNote);
  return (
    <>
      <div
        ref={scroller}
        className={virtual ? 'table-scroller table-long' : 'table-scroller'}
        role="region"
        aria-labelledby={captionId}
        // A region that scrolls must be reached by the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <table className={`answer-table${virtual ? ' answer-table-fixed' : ''}`} aria-rowcount={rows.length + 1 + (summed ? 1 : 0)}>
          <caption id={captionId} className="visually-hidden">
            {caption}
          </caption>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <HeadCell key={column.key} column={column} question={question} words={words} onChange={onChange} />
              ))}
            </tr>
          </thead>
          {virtual ? <VirtualBody {...body} scroller={() => scroller.current} /> : <WholeBody {...body} />}
          {summed && <TotalRow columns={columns} totals={totals} at={rows.length + 2} words={words} />}
        </table>
      </div>
      {notes.map((note) => (
        <p key={String(note)} className="quiet">
          {note}
        </p>
      ))}
    </>
  );
}
