import { useId, type ComponentProps, type ReactNode } from 'react';
import { formTexts } from '../i18n/forms';
import { useTexts } from '../i18n/language';
import { describedBy, Field } from './Field';

export interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** What is wrong, in words; undefined when nothing is. */
  problem: string | undefined;
  optional?: boolean;
  hint?: ReactNode;
}

/** A labelled line of text with what is wrong with it. */
export function TextField({ label, problem, optional = false, hint, ...input }: TextFieldProps) {
  const texts = useTexts(formTexts);
  const id = useId();
  const wrong = problem !== undefined;
  return (
    <Field id={id} label={label} aside={optional ? texts.optional : undefined} hint={hint} error={wrong ? problem : null}>
      <input {...input} id={id} className="input" aria-invalid={wrong} aria-describedby={describedBy(id, hint !== undefined, wrong)} />
    </Field>
  );
}

interface ChoiceFieldProps extends ComponentProps<'select'> {
  label: string;
  problem?: string | undefined;
  hint?: ReactNode;
  /** Values with their words, in the order of the screen. */
  choices: readonly (readonly [value: string, words: string])[];
}

/** One of a few, as the browser offers it. */
export function ChoiceField({ label, problem, hint, choices, ...select }: ChoiceFieldProps) {
  const id = useId();
  const wrong = problem !== undefined;
  return (
    <Field id={id} label={label} hint={hint} error={wrong ? problem : null}>
      <select {...select} id={id} className="input" aria-invalid={wrong} aria-describedby={describedBy(id, hint !== undefined, wrong)}>
        {choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}
