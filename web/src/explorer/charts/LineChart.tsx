import { CartesianGrid, Line, LineChart as Plot, Tooltip, XAxis, YAxis } from 'recharts';
import { useWidth } from '../../components/useWidth';
import { shortValue, type Words } from '../labels';
import { categoriesOf, measureOf, timeOf, type Measure } from '../question';
import { useYearBefore } from '../useAnswer';
import { linesOf, type Lines, type Point } from './series';
import type { ChartProps } from './types';

const HEIGHT_PX = 320;
const NARROW_PX = 520;
/** Lines are told apart by their strokes as well as by colour. */
const STROKES: readonly { colour: string; dash: string }[] = [
  { colour: 'var(--series-1)', dash: '' },
  { colour: 'var(--series-warm)', dash: '7 3' },
  { colour: 'var(--series-2)', dash: '2 3' },
  { colour: 'var(--text-quiet)', dash: '10 3 2 3' },
  { colour: 'var(--danger)', dash: '4 2' },
];
const BEFORE = { colour: 'var(--line-control)', dash: '4 4' };

function Stroke({ colour, dash }: { colour: string; dash: string }) {
  return (
    <svg className="legend-stroke" viewBox="0 0 28 8" aria-hidden="true">
      <line x1="0" y1="4" x2="28" y2="4" stroke={colour} strokeWidth="2.5" strokeDasharray={dash} />
    </svg>
  );
}

function Legend({ lines, single, ghost, partial, words }: { lines: Lines; single: boolean; ghost: boolean; partial: boolean; words: Words }) {
  const { texts, formats } = words;
  return (
    <p className="chart-note">
      {!single && lines.total > lines.names.length && <span>{texts.figure.topSeries(lines.names.length, formats.number(lines.total, 0))}</span>}
      {(single ? [texts.figure.thisSeries] : lines.names).map((name, at) => (
        <span key={name} className="legend-item">
          <Stroke {...(STROKES[at] ?? BEFORE)} /> {name}
        </span>
      ))}
      {ghost && (
        <span className="legend-item">
          <Stroke {...BEFORE} /> {texts.figure.yearBefore}
        </span>
      )}
      {partial && (
        <span className="legend-item">
          <span className="swatch swatch-hollow" /> {texts.figure.partialPoint}
        </span>
      )}
    </p>
  );
}

interface TipProps {
  lines: Lines;
  single: boolean;
  monthly: boolean;
  measure: Measure;
  words: Words;
  /** Given by the chart. */
  active?: boolean;
  label?: string | number;
}

function TipContent({ lines, single, monthly, measure, words, active, label }: TipProps) {
  const point = active === true ? lines.points.find(({ time }) => time === String(label)) : undefined;
  if (point === undefined) return null;
  const { texts, formats } = words;
  return (
    <div className="tip">
      <p className="tip-title">
        {monthly ? formats.month(point.time) : point.time}
        {point.partial && ` (${texts.partial.mark})`}
      </p>
      {point.values.map((value, at) => (
        <p key={lines.names[at]} className="tip-line">
          <span>{single ? texts.measures[measure] : lines.names[at]}</span>
          <span className="number">{shortValue(value, measure, formats)}</span>
        </p>
      ))}
      {point.before !== null && (
        <p className="tip-line quiet">
          <span>{texts.figure.yearBefore}</span>
          <span className="number">{shortValue(point.before, measure, formats)}</span>
        </p>
      )}
    </div>
  );
}

interface DotProps {
  cx?: number;
  cy?: number;
  index?: number;
}

/** Months or years as lines; a single line has that of the year before behind it. */
export default function LineChart({ question, rows, covered, words }: ChartProps) {
  const { formats } = words;
  const { ref, width } = useWidth<HTMLDivElement>();
  const measure = measureOf(question);
  const single = categoriesOf(question).length === 0;
  const earlier = useYearBefore(question, single);
  const lines = linesOf(question, rows, covered, earlier.data?.data ?? [], words);
  const monthly = timeOf(question) === 'month';
  const ghost = single && measure !== 'growth' && measure !== 'share' && lines.points.some((point) => point.before !== null);
  const title = (time: string) => (monthly ? formats.month(time) : time);
  const narrow = width < NARROW_PX;
  const dot = (at: number) => (props: DotProps) => {
    const point = lines.points[props.index ?? -1];
    const alone = lines.points.length <= 2;
    const shown = (point?.partial === true || alone) && point?.values[at] !== null && props.cx !== undefined && props.cy !== undefined;
    if (!shown) return <g key={props.index} />;
    return <circle key={props.index} cx={props.cx} cy={props.cy} r={4} className={point?.partial === true ? 'dot-hollow' : 'dot-full'} />;
  };
  return (
    <div>
      <Legend lines={lines} single={single} ghost={ghost} partial={lines.points.some((point) => point.partial)} words={words} />
      <div ref={ref} className="line-plot">
        {width > 0 && (
          <Plot width={width} height={HEIGHT_PX} data={lines.points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="time"
              tickFormatter={title}
              tick={{ fill: 'var(--text-quiet)' }}
              stroke="var(--line-control)"
              tickLine={false}
              minTickGap={narrow ? 36 : 28}
            />
            <YAxis
              tickFormatter={(value: number) => shortValue(value, measure, formats)}
              tick={{ fill: 'var(--text-quiet)' }}
              stroke="none"
              width={narrow ? 84 : 92}
              tickCount={5}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--line-control)' }}
              content={<TipContent lines={lines} single={single} measure={measure} words={words} monthly={monthly} />}
            />
            {ghost && (
              <Line dataKey="before" stroke={BEFORE.colour} strokeDasharray={BEFORE.dash} strokeWidth={1.5} dot={false} activeDot={false} isAnimationActive={false} type="linear" />
            )}
            {lines.names.map((name, at) => (
              <Line
                key={name}
                dataKey={(point: Point) => point.values[at] ?? null}
                stroke={STROKES[at]?.colour ?? BEFORE.colour}
                strokeDasharray={STROKES[at]?.dash ?? ''}
                strokeWidth={2.25}
                dot={dot(at)}
                activeDot={{ r: 4, strokeWidth: 0, fill: STROKES[at]?.colour ?? BEFORE.colour }}
                isAnimationActive={false}
                type="linear"
              />
            ))}
          </Plot>
        )}
      </div>
    </div>
  );
}
