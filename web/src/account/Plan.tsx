import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useRequestUpgrade } from '../api/account';
import { useUsage } from '../api/session';
import type { User } from '../api/types';
import { describedBy, Field } from '../components/Field';
import { Icon } from '../components/Icon';
import { Modal } from '../components/Modal';
import { accountTexts } from '../i18n/account';
import { formTexts } from '../i18n/forms';
import { useFormats, useTexts } from '../i18n/language';
import { problemWords } from './fields';
import { FormFrame } from './FormFrame';
import { upgradeSchema } from './schemas';

/** Free simulations of today, as the header has them. */
function UsageMeter() {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  const usage = useUsage().data ?? null;
  if (usage === null || usage.limit === null || usage.used === null) return null;
  return (
    <div className="plan-usage">
      <p>{texts.usage(usage.used, usage.limit)}</p>
      <meter className="plan-meter" aria-label={texts.usageMeter} min={0} max={usage.limit} value={usage.used} />
      {usage.resets_at !== null && <p className="quiet">{texts.resetsAt(formats.time(usage.resets_at))}</p>}
    </div>
  );
}

function UpgradeForm({ onDone }: { onDone: () => void }) {
  const texts = useTexts(accountTexts);
  const { optional } = useTexts(formTexts);
  const ask = useRequestUpgrade();
  const id = useId();
  const form = useForm({ resolver: zodResolver(upgradeSchema), defaultValues: { message: '' }, shouldFocusError: false });
  const problem = form.formState.errors.message?.message;
  return (
    <FormFrame
      form={form}
      labels={{ message: texts.upgradeMessage }}
      submitLabel={texts.upgradeSend}
      onSubmit={async ({ message }) => {
        await ask.mutateAsync(message);
        onDone();
      }}
    >
      <Field
        id={id}
        label={texts.upgradeMessage}
        aside={optional}
        error={problem === undefined ? null : problemWords(problem, texts)}
      >
        <textarea
          id={id}
          className="input"
          rows={3}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy(id, false, problem !== undefined)}
          {...form.register('message')}
        />
      </Field>
    </FormFrame>
  );
}

/** The user's plan, what is left of today, and the way to the other plan; `asked` opens the request at once. */
export function Plan({ user, asked }: { user: User; asked: boolean }) {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  const premium = user.tier === 'premium';
  const [asking, setAsking] = useState(asked && !premium && user.upgrade_requested_at === null);
  return (
    <section className="account-section" aria-labelledby="account-plan">
      <h2 id="account-plan">{texts.planTitle}</h2>
      <p className="plan-name">{premium ? texts.planPremium : texts.planFree}</p>
      {premium ? <p className="quiet">{texts.premiumText}</p> : <UsageMeter />}
      {!premium && user.upgrade_requested_at !== null && (
        <p className="plan-asked" role="status">
          <Icon name="check" />
          <span>{texts.upgradeAsked(formats.date(user.upgrade_requested_at))}</span>
        </p>
      )}
      {!premium && user.upgrade_requested_at === null && (
        <>
          <p className="quiet">{texts.upgradeText}</p>
          <button type="button" className="button button-primary" onClick={() => setAsking(true)}>
            {texts.upgrade}
          </button>
        </>
      )}
      <Modal open={asking} onClose={() => setAsking(false)} title={texts.upgradeTitle} description={texts.upgradeDialogText}>
        <UpgradeForm onDone={() => setAsking(false)} />
      </Modal>
    </section>
  );
}
