import type { ReactNode } from 'react';
import { Icon } from './Icon';

interface FieldProps {
  /** Id of the control. */
  id: string;
  label: ReactNode;
  /** Small words at the right end of the label. */
  aside?: ReactNode;
  hint?: ReactNode;
  /** What is wrong; takes the place of the hint. */
  error?: string | null | undefined;
  children: ReactNode;
}

/** Ids that a control names in `aria-describedby`. */
export function describedBy(id: string, hint: boolean, error: boolean): string | undefined {
  if (error) return `${id}-error`;
  return hint ? `${id}-hint` : undefined;
}

/** A labelled control with its hint or what is wrong with it. */
export function Field({ id, label, aside, hint, error, children }: FieldProps) {
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>{label}</label>
        {aside !== undefined && <span className="field-optional">{aside}</span>}
      </div>
      {children}
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          <Icon name="warning" />
          <span>{error}</span>
        </p>
      ) : (
        hint !== undefined && (
          <p className="field-hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}
