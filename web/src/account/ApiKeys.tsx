import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useId, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useApiKeys, useCreateApiKey, useRevokeApiKey } from '../api/account';
import type { ApiKey, NewApiKey } from '../api/types';
import { toastManager } from '../app/toasts';
import { ErrorNotice } from '../components/ErrorNotice';
import { Field } from '../components/Field';
import { Icon } from '../components/Icon';
import { Modal } from '../components/Modal';
import { accountTexts } from '../i18n/account';
import { commonTexts } from '../i18n/common';
import { useFormats, useTexts } from '../i18n/language';
import { TextField } from './fields';
import { FormFrame } from './FormFrame';
import { ListState } from '../components/ListState';
import { apiKeySchema } from './schemas';

const LIFETIMES_DAYS = [30, 90, 365] as const;
const LIFETIME_DEFAULT_DAYS = '90';

/** The new key, this once: what the server keeps is only its hash. */
function FreshKey({ created, onClose }: { created: NewApiKey; onClose: () => void }) {
  const texts = useTexts(accountTexts);
  const common = useTexts(commonTexts);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => box.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(created.key);
      setCopied('yes');
    } catch {
      // Without the clipboard the key is selected, ready for the person's own hand.
      input.current?.select();
      setCopied('failed');
    }
  };
  return (
    <div className="notice notice-attention fresh-key" ref={box} tabIndex={-1} role="group" aria-labelledby={`${id}-title`}>
      <Icon name="warning" />
      <div className="notice-words">
        <p className="notice-title" id={`${id}-title`}>
          {texts.freshTitle(created.name)}
        </p>
        <p>{texts.freshText}</p>
        <label className="visually-hidden" htmlFor={id}>
          {texts.keyLabel}
        </label>
        <input
          id={id}
          ref={input}
          className="input account-code"
          readOnly
          value={created.key}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className="notice-actions">
          <button type="button" className="button button-primary" onClick={() => void copy()}>
            <Icon name={copied === 'yes' ? 'check' : 'link'} />
            {copied === 'yes' ? common.copied : texts.copyKey}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {texts.keyStored}
          </button>
        </div>
        <p role="status" className={copied === 'failed' ? undefined : 'visually-hidden'}>
          {copied === 'yes' ? common.copied : copied === 'failed' ? texts.copyFailed : ''}
        </p>
      </div>
    </div>
  );
}

function CreateKeyForm({ onCreated }: { onCreated: (key: NewApiKey) => void }) {
  const texts = useTexts(accountTexts);
  const create = useCreateApiKey();
  const id = useId();
  const form = useForm({
    resolver: zodResolver(apiKeySchema),
    defaultValues: { name: '', days: LIFETIME_DEFAULT_DAYS },
    shouldFocusError: false,
  });
  return (
    <FormFrame
      form={form}
      labels={{ name: texts.keyName }}
      submitLabel={texts.createKey}
      tone="secondary"
      onSubmit={async ({ name, days }) => {
        const key = await create.mutateAsync(days === '' ? { name } : { name, expires_in_days: Number(days) });
        form.reset();
        onCreated(key);
      }}
    >
      <div className="form-pair">
        <TextField
          label={texts.keyName}
          placeholder={texts.keyNameExample}
          autoComplete="off"
          problem={form.formState.errors.name?.message}
          {...form.register('name')}
        />
        <Field id={id} label={texts.keyLifetime}>
          <select id={id} className="input" defaultValue={LIFETIME_DEFAULT_DAYS} {...form.register('days')}>
            {LIFETIMES_DAYS.map((days) => (
              <option key={days} value={days}>
                {texts.days(days)}
              </option>
            ))}
            <option value="">{texts.noEnd}</option>
          </select>
        </Field>
      </div>
    </FormFrame>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  return (
    <li className="row">
      <div className="row-words">
        <span className="row-title">
          {apiKey.name} <code className="account-code quiet">{apiKey.prefix}…</code>
        </span>
        <span className="quiet number">
          {texts.keyCreated(formats.date(apiKey.created_at))} ·{' '}
          {apiKey.last_used_at === null ? texts.keyNeverUsed : texts.keyUsed(formats.date(apiKey.last_used_at))} ·{' '}
          {apiKey.expires_at === null ? texts.noEnd : texts.keyExpires(formats.date(apiKey.expires_at))}
        </span>
      </div>
      <button type="button" className="button button-small" aria-label={texts.revokeNamed(apiKey.name)} onClick={onRevoke}>
        {texts.revoke}
      </button>
    </li>
  );
}

/** Keys for programs: a list, a new one shown once, and the way to take one back. */
export function ApiKeys() {
  const texts = useTexts(accountTexts);
  const common = useTexts(commonTexts);
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const [fresh, setFresh] = useState<NewApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    setRevoking(null);
    revoke.reset();
  };
  const confirm = () => {
    if (revoking === null || revoke.isPending) return;
    revoke.mutate(revoking.id, {
      onSuccess: () => {
        toastManager.add({ title: texts.revoked(revoking.name) });
        if (fresh?.id === revoking.id) setFresh(null);
        setRevoking(null);
        heading.current?.focus();
      },
    });
  };
  return (
    <section className="account-section" aria-labelledby="account-keys">
      <h2 id="account-keys" ref={heading} tabIndex={-1}>
        {texts.keysTitle}
      </h2>
      <p className="quiet">
        {texts.keysText} <a href="/docs">{texts.keysDocs}</a>
      </p>
      {fresh !== null && (
        <FreshKey
          key={fresh.id}
          created={fresh}
          onClose={() => {
            setFresh(null);
            heading.current?.focus();
          }}
        />
      )}
      <ListState query={keys} empty={texts.keysEmpty}>
        {(items) => (
          <ul className="rows">
            {items.map((apiKey) => (
              <KeyRow key={apiKey.id} apiKey={apiKey} onRevoke={() => setRevoking(apiKey)} />
            ))}
          </ul>
        )}
      </ListState>
      <CreateKeyForm onCreated={setFresh} />
      <Modal
        open={revoking !== null}
        onClose={close}
        title={texts.revokeTitle(revoking?.name ?? '')}
        description={texts.revokeText}
      >
        {revoke.isError && <ErrorNotice error={revoke.error} />}
        <div className="modal-actions">
          <button type="button" className="button button-danger" aria-disabled={revoke.isPending} onClick={confirm}>
            {texts.revokeConfirm}
          </button>
          <button type="button" className="button" onClick={close}>
            {common.cancel}
          </button>
        </div>
      </Modal>
    </section>
  );
}
