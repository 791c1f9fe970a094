import { zodResolver } from '@hookform/resolvers/zod';
import { useForm, useWatch } from 'react-hook-form';
import { useSignUp } from '../api/account';
import type { ApiError } from '../api/errors';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { PasswordField, PasswordRules, TextField } from './fields';
import { FormFrame, type Explanation } from './FormFrame';
import { signUpSchema } from './schemas';

interface SignUpFormProps {
  email: string;
  onEmail: (email: string) => void;
  onDone: () => void;
  onSignIn: () => void;
}

interface Values {
  name: string;
  email: string;
  company: string;
  password: string;
}

/** A new account. */
export function SignUpForm({ email, onEmail, onDone, onSignIn }: SignUpFormProps) {
  const texts = useTexts(accountTexts);
  const signUp = useSignUp();
  const form = useForm({
    resolver: zodResolver(signUpSchema),
    defaultValues: { name: '', email, company: '', password: '' },
    shouldFocusError: false,
  });
  const { errors } = form.formState;
  const [password, address] = useWatch({ control: form.control, name: ['password', 'email'] });
  const explain = (error: ApiError): Explanation<Values> | null => {
    if (error.code !== 'account_exists') return null;
    const actions = (
      <button type="button" className="button" onClick={onSignIn}>
        {texts.signInInstead}
      </button>
    );
    return { field: 'email', title: texts.accountExists, text: texts.accountExistsText, actions };
  };
  return (
    <FormFrame
      form={form}
      labels={{ name: texts.name, email: texts.email, company: texts.company, password: texts.password }}
      submitLabel={texts.signUp}
      explain={explain}
      onSubmit={async ({ company, ...values }) => {
        await signUp.mutateAsync(company === '' ? values : { ...values, company });
        onDone();
      }}
    >
      <TextField label={texts.name} autoComplete="name" problem={errors.name?.message} {...form.register('name')} />
      <TextField
        label={texts.email}
        type="email"
        autoComplete="username"
        problem={errors.email?.message}
        {...form.register('email', { onChange: (event: { target: { value: string } }) => onEmail(event.target.value) })}
      />
      <TextField
        label={texts.company}
        optional
        autoComplete="organization"
        problem={errors.company?.message}
        {...form.register('company')}
      />
      <PasswordField
        label={texts.password}
        autoComplete="new-password"
        rules={<PasswordRules password={password} email={address} />}
        problem={errors.password?.message}
        {...form.register('password')}
      />
    </FormFrame>
  );
}
