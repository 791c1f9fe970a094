import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import type { ApiError } from '../api/errors';
import { useConfirmCode, useSendCode } from '../api/pix';
import type { PixKeyType, PossessionCode } from '../api/types';
import { toastManager } from '../app/toasts';
import { FormFrame, type Explanation } from '../components/FormFrame';
import { TextField } from '../components/TextField';
import { useFormats, useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { shownKey } from './keyText';

/** A key that a code can be sent to. */
export interface KeyToProve {
  type: PixKeyType;
  value: string;
}

interface CodeFormProps {
  proved: KeyToProve;
  sent: PossessionCode;
  /** The claim that the proof settles by itself. */
  claimId?: string;
  submitLabel: string;
  onSentAgain: (sent: PossessionCode) => void;
  /** What the proof is for; rejects with what it failed of. */
  onProved: (possessionId: string) => Promise<unknown>;
  onBack: () => void;
  backLabel: string;
  explain?: (error: ApiError) => Explanation<{ code: string }> | null;
}

/** The code that the customer received, typed back. Sending the same form again asks for nothing twice. */
export function CodeForm({ proved, sent, claimId, submitLabel, onSentAgain, onProved, onBack, backLabel, explain }: CodeFormProps) {
  const texts = useTexts(pixTexts);
  const formats = useFormats();
  const confirm = useConfirmCode();
  const sendAgain = useSendCode();
  const form = useForm({ defaultValues: { code: '' }, shouldFocusError: false });
  // What is to be typed next, wherever the button that asked for it stood.
  useEffect(() => form.setFocus('code'), [form]);
  const again = () => {
    if (sendAgain.isPending) return;
    sendAgain.mutate(proved, {
      onSuccess: (code) => {
        form.reset();
        onSentAgain(code);
        toastManager.add({ title: texts.codeSentAgain });
        form.setFocus('code');
      },
      onError: (error) => form.setError('code', { type: 'server', message: error.message }),
    });
  };
  return (
    <div className="pix-code">
      <h3>{texts.codeTitle(shownKey(proved.type, proved.value))}</h3>
      <p>{texts.codeText(formats.time(sent.expires_at))}</p>
      <FormFrame
        form={form}
        labels={{ code: texts.code }}
        submitLabel={submitLabel}
        {...(explain === undefined ? {} : { explain })}
        footer={
          <>
            <button type="button" className="button" aria-disabled={sendAgain.isPending} onClick={again}>
              {texts.codeAgain}
            </button>
            <button type="button" className="button-plain" onClick={onBack}>
              {backLabel}
            </button>
          </>
        }
        onSubmit={async ({ code }) => {
          const { possession_id } = sent;
          await confirm.mutateAsync({
            possession_id,
            key: proved,
            code: code.trim(),
            ...(claimId === undefined ? {} : { claim_id: claimId }),
          });
          await onProved(possession_id);
        }}
      >
        <TextField
          label={texts.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          problem={form.formState.errors.code?.message}
          {...form.register('code', { validate: (code) => /^\d{6}$/.test(code.trim()) || texts.problems.code })}
        />
      </FormFrame>
    </div>
  );
}
