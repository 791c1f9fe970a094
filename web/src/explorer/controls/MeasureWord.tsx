import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import { withMeasure } from '../change';
import type { Words } from '../labels';
import { measureOf, type Measure, type Question } from '../question';

const OFFERED: readonly Measure[] = ['fob', 'kg', 'price', 'share', 'growth'];

interface MeasureWordProps {
  question: Question;
  words: Words;
  onChange: (question: Question) => void;
}

/** What the chart draws and the table shows first. */
export function MeasureWord({ question, words, onChange }: MeasureWordProps) {
  const { texts } = words;
  const [open, setOpen] = useState(false);
  const current = measureOf(question);
  const word = texts.measureWords[current];
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="word" aria-label={texts.labels.measure(`${texts.measures[current]}, ${word}`)}>
        {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="floating" sideOffset={6} align="start" collisionPadding={8}>
          <Popover.Popup className="panel" aria-label={texts.measureKind}>
            <fieldset className="choices">
              <legend className="visually-hidden">{texts.measureKind}</legend>
              {OFFERED.map((measure) => (
                <label key={measure} className="choice">
                  <input
                    type="radio"
                    name="measure"
                    checked={measure === current}
                    onChange={() => onChange(withMeasure(question, measure))}
                  />
                  <span>
                    {texts.measures[measure]} <span className="quiet">{texts.measureHints[measure]}</span>
                  </span>
                </label>
              ))}
            </fieldset>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
