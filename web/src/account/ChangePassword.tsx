import { zodResolver } from '@hookform/resolvers/zod';
import { useMemo } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useChangePassword } from '../api/account';
import type { ApiError } from '../api/errors';
import { toastManager } from '../app/toasts';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { PasswordField, PasswordRules } from './fields';
import { FormFrame, type Explanation } from './FormFrame';
import { changePasswordSchema } from './schemas';

interface Values {
  current_password: string;
  new_password: string;
}

/** A new password for who knows the old one. */
export function ChangePassword({ email }: { email: string }) {
  const texts = useTexts(accountTexts);
  const change = useChangePassword();
  const schema = useMemo(() => changePasswordSchema(email), [email]);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { current_password: '', new_password: '' },
    shouldFocusError: false,
  });
  const { errors } = form.formState;
  const password = useWatch({ control: form.control, name: 'new_password' });
  const explain = (error: ApiError): Explanation<Values> | null =>
    error.code === 'invalid_credentials' ? { field: 'current_password', title: texts.wrongCurrent } : null;
  return (
    <section className="account-section" aria-labelledby="account-password">
      <h2 id="account-password">{texts.changePasswordTitle}</h2>
      <p className="quiet">{texts.changePasswordText}</p>
      <FormFrame
        form={form}
        labels={{ current_password: texts.currentPassword, new_password: texts.newPassword }}
        submitLabel={texts.savePassword}
        tone="secondary"
        explain={explain}
        onSubmit={async (values) => {
          await change.mutateAsync(values);
          form.reset();
          toastManager.add({ title: texts.passwordChanged });
        }}
      >
        {/* A password manager needs to see whose password this is. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <div className="form-pair">
          <PasswordField
            label={texts.currentPassword}
            autoComplete="current-password"
            problem={errors.current_password?.message}
            {...form.register('current_password')}
          />
          <PasswordField
            label={texts.newPassword}
            autoComplete="new-password"
            problem={errors.new_password?.message}
            {...form.register('new_password')}
          />
        </div>
        <PasswordRules password={password} email={email} />
      </FormFrame>
    </section>
  );
}
