import { useId, useState, type ReactNode } from 'react';
import { describedBy, Field } from '../components/Field';
import { Icon } from '../components/Icon';
import { TextField as PlainTextField, type TextFieldProps } from '../components/TextField';
import { accountTexts, type AccountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { FIELD_PROBLEMS, passwordIsEmail, PASSWORD_MIN, type FieldProblemName } from './schemas';

/** A field's problem in words: our own by name, the server's as they came. */
export function problemWords(problem: string, texts: AccountTexts): string {
  const known = FIELD_PROBLEMS.find((name): name is FieldProblemName => name === problem);
  return known === undefined ? problem : texts.problems[known];
}

/** A labelled line of text; its problem is one of the account's or the server's. */
export function TextField({ problem, ...field }: TextFieldProps) {
  const texts = useTexts(accountTexts);
  return <PlainTextField {...field} problem={problem === undefined ? undefined : problemWords(problem, texts)} />;
}

interface PasswordFieldProps extends Omit<TextFieldProps, 'type' | 'optional' | 'hint'> {
  /** The rules of a new password, which stay while something is wrong. */
  rules?: ReactNode;
}

/** A password with a button that shows it; pasting and password managers work as everywhere. */
export function PasswordField({ label, problem, rules, ...input }: PasswordFieldProps) {
  const texts = useTexts(accountTexts);
  const [shown, setShown] = useState(false);
  const id = useId();
  const wrong = problem !== undefined;
  const described = [describedBy(id, false, wrong), rules === undefined ? undefined : `${id}-rules`].filter(Boolean).join(' ');
  return (
    <Field id={id} label={label} error={wrong ? problemWords(problem, texts) : null}>
      <div className="input-group password-group">
        <input
          {...input}
          id={id}
          type={shown ? 'text' : 'password'}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={wrong}
          aria-describedby={described === '' ? undefined : described}
        />
        <button
          type="button"
          className="button-plain password-toggle"
          aria-label={shown ? texts.hidePassword(label) : texts.showPassword(label)}
          onClick={() => setShown(!shown)}
        >
          {shown ? texts.hide : texts.show}
        </button>
      </div>
      {rules !== undefined && <div id={`${id}-rules`}>{rules}</div>}
    </Field>
  );
}

/** The rules of a new password, told before anyone can break them. */
export function PasswordRules({ password, email }: { password: string; email: string }) {
  const texts = useTexts(accountTexts);
  const rule = (text: string, met: boolean) => (
    <li className={met ? 'password-rule password-rule-met' : 'password-rule'}>
      <Icon name={met ? 'check' : 'minus'} />
      <span>
        {text}
        {met && <span className="visually-hidden"> {texts.ruleMet}</span>}
      </span>
    </li>
  );
  return (
    <ul className="password-rules">
      {rule(texts.ruleLength, [...password].length >= PASSWORD_MIN)}
      {rule(texts.ruleEmail, password !== '' && !passwordIsEmail(password, email))}
      {/* Only the server has the list. */}
      {rule(texts.ruleCommon, false)}
    </ul>
  );
}
