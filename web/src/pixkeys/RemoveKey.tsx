import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useRemoveKey } from '../api/pix';
import type { PixKeyEntry } from '../api/types';
import { FormFrame } from '../components/FormFrame';
import { Modal } from '../components/Modal';
import { ChoiceField, TextField } from '../components/TextField';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { plainTaxId, shown } from './keyText';

/** Reasons that an operator gives; the others belong to reconciliation. */
const REASONS = ['USER_REQUESTED', 'ACCOUNT_CLOSURE', 'FRAUD', 'RFB_VALIDATION'] as const;

interface RemoveFormProps {
  entry: PixKeyEntry;
  onClose: () => void;
  onRemoved: (entry: PixKeyEntry) => void;
}

function RemoveForm({ entry, onClose, onRemoved }: RemoveFormProps) {
  const texts = useTexts(pixTexts);
  const remove = useRemoveKey();
  const form = useForm<{ reason: (typeof REASONS)[number]; requester_tax_id: string }>({
    defaultValues: { reason: 'USER_REQUESTED', requester_tax_id: '' },
    shouldFocusError: false,
  });
  const { errors } = form.formState;
  const asked = useWatch({ control: form.control, name: 'reason' }) === 'USER_REQUESTED';
  return (
    <FormFrame
      form={form}
      labels={asked ? { reason: texts.removeReason, requester_tax_id: texts.requester } : { reason: texts.removeReason }}
      submitLabel={texts.removeConfirm}
      tone="danger"
      footer={
        <button type="button" className="button" onClick={onClose}>
          {texts.keep}
        </button>
      }
      onSubmit={async ({ reason, requester_tax_id }) => {
        const { type, value } = entry.key;
        const key = { type, value: value ?? '' };
        await remove.mutateAsync(asked ? { key, reason, requester_tax_id: plainTaxId(requester_tax_id) } : { key, reason });
        onRemoved(entry);
      }}
    >
      <ChoiceField
        label={texts.removeReason}
        problem={errors.reason?.message}
        choices={REASONS.map((reason) => [reason, texts.removeReasons[reason]] as const)}
        {...form.register('reason')}
      />
      {asked && (
        <TextField
          label={texts.requester}
          hint={texts.requesterHint}
          autoComplete="off"
          problem={errors.requester_tax_id?.message}
          {...form.register('requester_tax_id', {
            validate: (text) => /^(\d{11}|[0-9A-Z]{12}\d{2})$/.test(plainTaxId(text)) || texts.problems.taxId,
          })}
        />
      )}
    </FormFrame>
  );
}

/** Asks before a key is removed: why, and on whose wish. */
export function RemoveKeyDialog({ entry, ...rest }: Omit<RemoveFormProps, 'entry'> & { entry: PixKeyEntry | null }) {
  const texts = useTexts(pixTexts);
  // Keeps its words while it closes.
  const [kept, setKept] = useState(entry);
  if (entry !== null && entry !== kept) setKept(entry);
  return (
    <Modal
      open={entry !== null}
      onClose={rest.onClose}
      title={texts.removeTitle(kept === null ? '' : shown(kept.key, texts.pendingValue))}
      description={texts.removeText}
    >
      {kept !== null && <RemoveForm entry={kept} {...rest} />}
    </Modal>
  );
}
