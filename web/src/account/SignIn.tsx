import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { useSignIn } from '../api/account';
import type { ApiError } from '../api/errors';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { PasswordField, TextField } from './fields';
import { FormFrame, type Explanation } from './FormFrame';
import { signInSchema } from './schemas';

interface SignInFormProps {
  email: string;
  onEmail?: (email: string) => void;
  onDone: () => void;
  onForgot: () => void;
}

/** E-mail and password. */
export function SignInForm({ email, onEmail, onDone, onForgot }: SignInFormProps) {
  const texts = useTexts(accountTexts);
  const signIn = useSignIn();
  const form = useForm({ resolver: zodResolver(signInSchema), defaultValues: { email, password: '' }, shouldFocusError: false });
  const { errors } = form.formState;
  const forgot = (
    <button type="button" className="button-plain" onClick={onForgot}>
      {texts.forgotLink}
    </button>
  );
  const explain = (error: ApiError): Explanation<{ email: string; password: string }> | null =>
    error.code === 'invalid_credentials' ? { title: texts.wrongTitle, text: texts.wrongText } : null;
  return (
    <FormFrame
      form={form}
      labels={{ email: texts.email, password: texts.password }}
      submitLabel={texts.signIn}
      explain={explain}
      footer={forgot}
      onSubmit={async (values) => {
        await signIn.mutateAsync(values);
        onDone();
      }}
    >
      <TextField
        label={texts.email}
        type="email"
        autoComplete="username"
        problem={errors.email?.message}
        {...form.register('email', { onChange: (event: { target: { value: string } }) => onEmail?.(event.target.value) })}
      />
      <PasswordField
        label={texts.password}
        autoComplete="current-password"
        problem={errors.password?.message}
        {...form.register('password')}
      />
    </FormFrame>
  );
}
