import { Popover } from '@base-ui/react/popover';
import { askedRows, withRows } from '../change';
import type { Words } from '../labels';
import { DIMENSIONS, type Dimension, type Question } from '../question';
import { rowsWord } from '../sentence';

/** In the order in which people ask. */
const OFFERED: readonly Dimension[] = ['country', 'ncm', 'sh4', 'sh2', 'uf', 'sector', 'month', 'year', 'sh6', 'via'];

interface RowsWordProps {
  question: Question;
  words: Words;
  onChange: (question: Question) => void;
}

function Options({ name, legend, options, value, none, words, onPick }: {
  name: string;
  legend: string;
  options: readonly Dimension[];
  value: Dimension | null;
  /** Whether nothing can be picked too. */
  none: boolean;
  words: Words;
  onPick: (dimension: Dimension | null) => void;
}) {
  const { texts } = words;
  const option = (dimension: Dimension | null) => (
    <label key={dimension ?? 'none'} className="choice">
      <input type="radio" name={name} checked={value === dimension} onChange={() => onPick(dimension)} />
      <span>{dimension === null ? texts.rowsNone : texts.dimensions[dimension]}</span>
    </label>
  );
  return (
    <fieldset className="choices">
      <legend className="choices-legend">{legend}</legend>
      {none && option(null)}
      {options.map(option)}
    </fieldset>
  );
}

/** What each row of the table is, and what it is split by. */
export function RowsWord({ question, words, onChange }: RowsWordProps) {
  const { texts, formats } = words;
  const word = rowsWord(question, texts, formats.list);
  const [first = null, second = null, ...others] = askedRows(question);
  const pick = (rows: (Dimension | null)[]) => onChange(withRows(question, rows.filter((row) => row !== null)));
  // A product's own level says all of its groups, and a month its year: the pair would only repeat itself.
  const seconds = DIMENSIONS.filter((dimension) => dimension !== first && !(first === 'month' && dimension === 'year'));
  return (
    <Popover.Root>
      <Popover.Trigger className="word" aria-label={texts.labels.rows(word)}>
        {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="floating" sideOffset={6} align="start" collisionPadding={8}>
          <Popover.Popup className="panel panel-columns" aria-label={texts.rowsTitle}>
            <Options
              name="rows-first"
              legend={texts.rowsTitle}
              options={OFFERED}
              value={first}
              none={false}
              words={words}
              onPick={(dimension) => pick([dimension, second === dimension ? null : second])}
            />
            <Options
              name="rows-second"
              legend={texts.rowsSecond}
              options={OFFERED.filter((dimension) => seconds.includes(dimension))}
              value={second}
              none
              words={words}
              onPick={(dimension) => pick([first, dimension, ...others.filter((other) => other !== dimension)].slice(0, dimension === null ? 1 : 3))}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
