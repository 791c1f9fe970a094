import { numberOf, shortValue, type Words } from '../labels';
import { measureOf } from '../question';
import { isTimeOnly, marksOf, topMarks, yearsOf, type Mark } from './drawn';
import type { ChartProps } from './types';

const BARS_MAX = 20;

/** Where a bar lies on its track, in percent: from the zero line to its value. */
export function barSpan(value: number, low: number, high: number): { start: number; width: number } {
  const range = high - low;
  if (range <= 0) return { start: 0, width: 0 };
  return { start: ((Math.min(value, 0) - low) / range) * 100, width: (Math.abs(value) / range) * 100 };
}

/** What stands beside a partial year: how many months it has, and its change against the same months. */
function partialWords(mark: Mark, { texts, formats }: Words): string {
  const months = texts.partial.months(Number(mark.row['months_covered'] ?? 0));
  const growth = numberOf(mark.row, 'growth');
  return growth === null ? months : `${months}, ${texts.partial.against(shortValue(growth, 'growth', formats))}`;
}

/** Rows as bars with their numbers, the largest first; years in their order. */
export default function BarsChart({ question, rows, total, partiality, words }: ChartProps) {
  const { texts, formats } = words;
  const measure = measureOf(question);
  const inTime = isTimeOnly(question);
  const marks = inTime ? yearsOf(question, rows, words, partiality) : marksOf(question, rows, words, partiality);
  const shown = inTime ? marks : topMarks(question, marks, BARS_MAX);
  const low = Math.min(0, ...shown.map((mark) => mark.value));
  const high = Math.max(0, ...shown.map((mark) => mark.value));
  const byValue = measure === 'growth' || measure === 'price';
  const ofTotal = formats.number(Math.max(total, marks.length), 0);
  const caption = inTime
    ? texts.figure.barsTime
    : marks.length <= BARS_MAX
      ? texts.figure.barsAll
      : byValue
        ? texts.figure.barsTopByValue(shown.length, ofTotal)
        : texts.figure.barsTop(shown.length, ofTotal);
  return (
    <div className="bars">
      <p className="chart-note">
        {caption}
        {shown.some((mark) => mark.partial) && (
          <span className="legend-item">
            <span className="swatch swatch-hatched" /> {texts.figure.partialArea}
          </span>
        )}
      </p>
      <ol className="bar-list">
        {shown.map((mark) => {
          const span = barSpan(mark.value, low, high);
          return (
            <li key={mark.key} className="bar-row">
              <span className="bar-label" title={mark.label}>
                {mark.flag !== '' && <span className="flag">{mark.flag} </span>}
                {mark.label}
              </span>
              <span className="bar-track">
                <span
                  className={`bar${mark.value < 0 ? ' bar-negative' : ''}${mark.partial ? ' hatched' : ''}`}
                  style={{ marginLeft: `${span.start}%`, width: `${span.width}%` }}
                />
              </span>
              <span className="bar-value number">
                {shortValue(mark.value, measure, formats)}
                {mark.partial && inTime && <span className="quiet"> {partialWords(mark, words)}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
