import { Popover } from '@base-ui/react/popover';
import { useState, type FormEvent } from 'react';
import { withPeriod } from '../change';
import type { Words } from '../labels';
import { coveredMonths, lastTwelveMonths, monthsOf, periodCut, periodOf, type Span } from '../period';
import type { Cuts, Question } from '../question';
import { periodWord } from '../sentence';

interface PeriodWordProps {
  question: Question;
  words: Words;
  /** What all of the data cover. */
  covered: readonly Span[];
  through: string | null;
  onChange: (question: Question) => void;
}

interface Quick {
  label: string;
  cuts: Pick<Cuts, 'year' | 'month'>;
}

const YEARS_OFFERED = 4;

/** Periods of one touch: the last twelve months, the last years one by one, five years, everything. */
export function quickPeriods(covered: readonly Span[], through: string, words: Words): Quick[] {
  const { texts } = words;
  const years = [...new Set(monthsOf(covered).map((month) => Number(month.slice(0, 4))))].toSorted((left, right) => right - left);
  const quick: Quick[] = [];
  // Twelve months that are a calendar year are offered once, by the year's name.
  if (!through.endsWith('-12')) quick.push({ label: texts.lastTwelve, cuts: lastTwelveMonths(through) });
  for (const year of years.slice(0, YEARS_OFFERED)) {
    const months = coveredMonths(covered, year);
    const label = months.length === 12 ? String(year) : `${year} (${texts.partial.months(months.length)})`;
    quick.push({ label, cuts: { year: [String(year)] } });
  }
  const whole = years.filter((year) => coveredMonths(covered, year).length === 12);
  const [last] = whole;
  if (last !== undefined && whole.includes(last - 4)) {
    quick.push({ label: `${last - 4}–${last}`, cuts: { year: [`${last - 4}-${last}`] } });
  }
  quick.push({ label: texts.periodAll, cuts: {} });
  return quick;
}

function sameCuts(left: Pick<Cuts, 'year' | 'month'>, right: Cuts): boolean {
  return left.year?.join('|') === right.year?.join('|') && left.month?.join('|') === right.month?.join('|');
}

function endsOf(question: Question, months: readonly string[]): { from: string; to: string } {
  const period = periodOf(question.cuts);
  const [first = '', last = first] = [months[0], months.at(-1)];
  if (period.kind === 'years') return { from: `${period.from}-01`, to: `${period.to}-12` };
  if (period.kind === 'months') return { from: period.from, to: period.to };
  if (period.kind === 'latest-year') return { from: `${last.slice(0, 4)}-01`, to: last };
  return period.kind === 'latest-month' ? { from: last, to: last } : { from: first, to: last };
}

function nearest(month: string, months: readonly string[]): string {
  if (months.includes(month)) return month;
  const [first = '', last = ''] = [months[0], months.at(-1)];
  return month < first ? first : last;
}

function Range({ question, words, covered, onPick }: Omit<PeriodWordProps, 'onChange' | 'through'> & {
  onPick: (cuts: Pick<Cuts, 'year' | 'month'>) => void;
}) {
  const { texts, formats } = words;
  const months = monthsOf(covered);
  const ends = endsOf(question, months);
  const [from, setFrom] = useState(() => nearest(ends.from, months));
  const [to, setTo] = useState(() => nearest(ends.to, months));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPick(periodCut(from, to));
  };
  const field = (label: string, value: string, onSet: (month: string) => void) => (
    <label className="field">
      <span className="choices-legend">{label}</span>
      <select className="input" value={value} onChange={(event) => onSet(event.target.value)}>
        {months.map((month) => (
          <option key={month} value={month}>
            {formats.month(month)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form className="period-range" onSubmit={submit}>
      {field(texts.periodFrom, from, setFrom)}
      {field(texts.periodTo, to, setTo)}
      <button type="submit" className="button">
        {texts.periodApply}
      </button>
    </form>
  );
}

/** The months that count. */
export function PeriodWord({ question, words, covered, through, onChange }: PeriodWordProps) {
  const { texts } = words;
  const [open, setOpen] = useState(false);
  const word = periodWord(question.cuts, through, words);
  const pick = (cuts: Pick<Cuts, 'year' | 'month'>) => {
    onChange(withPeriod(question, cuts));
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="word" aria-label={texts.labels.period(word)}>
        {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="floating" sideOffset={6} align="start" collisionPadding={8}>
          <Popover.Popup className="panel" aria-label={texts.periodTitle}>
            <div className="quick-periods">
              {(through === null ? [] : quickPeriods(covered, through, words)).map((quick) => (
                <button
                  key={quick.label}
                  type="button"
                  className="button button-small"
                  aria-pressed={sameCuts(quick.cuts, question.cuts)}
                  onClick={() => pick(quick.cuts)}
                >
                  {quick.label}
                </button>
              ))}
            </div>
            {covered.length > 0 && <Range question={question} words={words} covered={covered} onPick={pick} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
