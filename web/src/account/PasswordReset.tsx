import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useRef, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useConfirmPasswordReset, useRequestPasswordReset } from '../api/account';
import type { ApiError } from '../api/errors';
import { Notice } from '../components/Notice';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { PasswordField, PasswordRules, TextField } from './fields';
import { FormFrame, type Explanation } from './FormFrame';
import { forgotSchema, resetSchema } from './schemas';

interface ForgotFormProps {
  email: string;
  onEmail: (email: string) => void;
  onBack: () => void;
}

/** Asks for the mail with a link. */
export function ForgotForm({ email, onEmail, onBack }: ForgotFormProps) {
  const texts = useTexts(accountTexts);
  const reset = useRequestPasswordReset();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const sent = useRef<HTMLDivElement>(null);
  const form = useForm({ resolver: zodResolver(forgotSchema), defaultValues: { email }, shouldFocusError: false });
  useEffect(() => {
    if (sentTo !== null) sent.current?.focus();
  }, [sentTo]);
  const back = (
    <button type="button" className="button-plain" onClick={onBack}>
      {texts.backToSignIn}
    </button>
  );
  if (sentTo !== null) {
    return (
      <div className="form" ref={sent} tabIndex={-1}>
        <Notice tone="neutral" title={texts.sentTitle} role="status">
          <p>{texts.sentText(sentTo)}</p>
        </Notice>
        {back}
      </div>
    );
  }
  return (
    <FormFrame
      form={form}
      labels={{ email: texts.email }}
      submitLabel={texts.sendLink}
      footer={back}
      onSubmit={async (values) => {
        await reset.mutateAsync(values.email);
        setSentTo(values.email);
      }}
    >
      <p>{texts.forgotText}</p>
      <TextField
        label={texts.email}
        type="email"
        autoComplete="username"
        problem={form.formState.errors.email?.message}
        {...form.register('email', { onChange: (event: { target: { value: string } }) => onEmail(event.target.value) })}
      />
    </FormFrame>
  );
}

/** Sets a new password with the token of the mailed link. */
export function ResetForm({ token, onDone, onNewLink }: { token: string; onDone: () => void; onNewLink: () => void }) {
  const texts = useTexts(accountTexts);
  const confirm = useConfirmPasswordReset();
  const form = useForm({ resolver: zodResolver(resetSchema), defaultValues: { new_password: '' }, shouldFocusError: false });
  const password = useWatch({ control: form.control, name: 'new_password' });
  const explain = (error: ApiError): Explanation<{ new_password: string }> | null =>
    error.fieldMessage('/token') === null
      ? null
      : {
          title: texts.linkOverTitle,
          text: texts.linkOverText,
          actions: (
            <button type="button" className="button" onClick={onNewLink}>
              {texts.newLink}
            </button>
          ),
        };
  return (
    <FormFrame
      form={form}
      labels={{ new_password: texts.newPassword }}
      submitLabel={texts.savePassword}
      explain={explain}
      onSubmit={async (values) => {
        await confirm.mutateAsync({ token, ...values });
        onDone();
      }}
    >
      <PasswordField
        label={texts.newPassword}
        autoComplete="new-password"
        rules={<PasswordRules password={password} email="" />}
        problem={form.formState.errors.new_password?.message}
        {...form.register('new_password')}
      />
    </FormFrame>
  );
}
