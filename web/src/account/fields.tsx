import { useId, useState, type ComponentProps, type ReactNode } from 'react';
import { accountTexts, type AccountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { Icon } from '../components/Icon';
import { FIELD_PROBLEMS, PASSWORD_MIN, type FieldProblemName } from './schemas';

/** A field's problem in words: our own by name, the server's as they came. */
export function problemWords(problem: string, texts: AccountTexts): string {
  const known = FIELD_PROBLEMS.find((name): name is FieldProblemName => name === problem);
  return known === undefined ? problem : texts.problems[known];
}

interface FieldProps extends ComponentProps<'input'> {
  label: string;
  /** What is wrong, from the form; undefined when nothing is. */
  problem: string | undefined;
  hint?: ReactNode;
  optional?: boolean;
  /** Stands beside the input, inside its frame. */
  after?: ReactNode;
}

/** A labelled input with its hint and its problem, which assistive technology reads with it. */
export function Field({ label, problem, hint, optional = false, after, ...input }: FieldProps) {
  const texts = useTexts(accountTexts);
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const problemId = problem === undefined ? undefined : `${id}-problem`;
  const described = [problemId, hintId].filter((part) => part !== undefined).join(' ');
  const control = (
    <input
      {...input}
      id={id}
      className={after === undefined ? 'input' : undefined}
      aria-invalid={problem !== undefined}
      aria-describedby={described === '' ? undefined : described}
    />
  );
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
        {optional && <span className="field-optional">{texts.optional}</span>}
      </label>
      {hint !== undefined && (
        <div className="field-hint" id={hintId}>
          {hint}
        </div>
      )}
      {after === undefined ? (
        control
      ) : (
        <div className="input-group password-group">
          {control}
          {after}
        </div>
      )}
      {problem !== undefined && (
        <p className="field-error" id={problemId}>
          <Icon name="warning" />
          <span>{problemWords(problem, texts)}</span>
        </p>
      )}
    </div>
  );
}

/** A password with a button that shows it; pasting and password managers work as everywhere. */
export function PasswordField({ label, ...field }: Omit<FieldProps, 'type' | 'after' | 'optional'>) {
  const texts = useTexts(accountTexts);
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...field}
      label={label}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      after={
        <button
          type="button"
          className="button-plain password-toggle"
          aria-label={shown ? texts.hidePassword(label) : texts.showPassword(label)}
          onClick={() => setShown(!shown)}
        >
          {shown ? texts.hide : texts.show}
        </button>
      }
    />
  );
}

/** The rules of a new password, told before anyone can break them. */
export function PasswordRules({ password, email }: { password: string; email: string }) {
  const texts = useTexts(accountTexts);
  const long = [...password].length >= PASSWORD_MIN;
  const other = password !== '' && password.trim().toLowerCase() !== email.trim().toLowerCase();
  const rule = (text: string, met: boolean | null) => (
    <li className={met === true ? 'rule rule-met' : 'rule'}>
      <Icon name={met === true ? 'check' : 'minus'} />
      <span>
        {text}
        {met === true && <span className="visually-hidden"> {texts.ruleMet}</span>}
      </span>
    </li>
  );
  return (
    <ul className="rules">
      {rule(texts.ruleLength, long)}
      {rule(texts.ruleEmail, other)}
      {rule(texts.ruleCommon, null)}
    </ul>
  );
}
