import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useAccountKeys, type AccountOf } from '../api/pix';
import { usePixToken } from '../api/pixToken';
import type { PixAccountType, PixKeyEntry } from '../api/types';
import { toastManager } from '../app/toasts';
import { ErrorNotice } from '../components/ErrorNotice';
import { FormFrame } from '../components/FormFrame';
import { ListState } from '../components/ListState';
import { ChoiceField, TextField } from '../components/TextField';
import { useFormats, useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { shown } from './keyText';
import { MoreButton } from './MoreButton';
import { Needs } from './Needs';
import { listOf } from './pages';
import { RegisterKey } from './RegisterKey';
import { RemoveKeyDialog } from './RemoveKey';

const ACCOUNT_TYPES: readonly PixAccountType[] = ['CACC', 'TRAN', 'SVGS', 'SLRY', 'OTHR'];
/** Keys that one account may have (Manual do DICT, section 1). */
const KEYS_MAX = { NATURAL_PERSON: 5, LEGAL_PERSON: 20 };

function AccountForm({ onChosen }: { onChosen: (account: AccountOf) => void }) {
  const texts = useTexts(pixTexts);
  const form = useForm<AccountOf>({ defaultValues: { branch: '', number: '', type: 'CACC' }, shouldFocusError: false });
  const { errors } = form.formState;
  return (
    <FormFrame
      form={form}
      labels={{ branch: texts.branch, number: texts.accountNumber, type: texts.accountType }}
      submitLabel={texts.showKeys}
      onSubmit={async ({ branch, number, type }) => onChosen({ branch: branch.trim(), number: number.replaceAll(/[\s.-]/g, ''), type })}
    >
      <div className="form-pair">
        <TextField
          label={texts.branch}
          optional
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          problem={errors.branch?.message}
          {...form.register('branch')}
        />
        <TextField
          label={texts.accountNumber}
          autoComplete="off"
          maxLength={30}
          problem={errors.number?.message}
          {...form.register('number', { validate: (number) => number.trim() !== '' || texts.problems.missing })}
        />
        <ChoiceField
          label={texts.accountType}
          choices={ACCOUNT_TYPES.map((type) => [type, texts.accountTypes[type]] as const)}
          {...form.register('type')}
        />
      </div>
    </FormFrame>
  );
}

function KeyRow({ entry, onRemove }: { entry: PixKeyEntry; onRemove: (() => void) | null }) {
  const texts = useTexts(pixTexts);
  const formats = useFormats();
  const name = shown(entry.key, texts.pendingValue);
  const hint = { PENDING: texts.pendingHint, BLOCKED: texts.blockedHint, ACTIVE: undefined }[entry.status];
  return (
    <li className="row">
      <div className="row-words">
        <span className="row-title number">
          {name}
          {entry.status !== 'ACTIVE' && <span className="badge badge-attention">{texts.statuses[entry.status]}</span>}
          {entry.open_claim_created_at !== null && <span className="badge badge-attention">{texts.claimOpen}</span>}
        </span>
        <span className="quiet number">
          {texts.keyTypes[entry.key.type]} · {entry.owner.name}
          {entry.status === 'ACTIVE' && ` · ${texts.statuses.ACTIVE}`}
          {entry.key_owned_since !== null && ` · ${texts.since(formats.date(entry.key_owned_since))}`}
        </span>
        {hint !== undefined && <span className="quiet">{hint}</span>}
      </div>
      {onRemove !== null && (
        <button type="button" className="button button-small" aria-label={texts.removeNamed(name)} onClick={onRemove}>
          {texts.remove}
        </button>
      )}
    </li>
  );
}

/** The keys of the chosen account, and what can be done with them. */
function Keys({ account }: { account: AccountOf }) {
  const texts = useTexts(pixTexts);
  const { token } = usePixToken();
  const keys = useAccountKeys(account);
  const list = listOf(keys);
  const entries = list.data;
  const [removing, setRemoving] = useState<PixKeyEntry | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const mayWrite = token?.scopes.includes('dict.key.write') ?? false;
  const max = KEYS_MAX[entries?.[0]?.owner.type ?? 'NATURAL_PERSON'];
  const count = entries?.length ?? 0;
  return (
    <>
      <section className="pix-section" aria-labelledby="pix-keys-list">
        <div className="pix-section-head">
          <h2 id="pix-keys-list" ref={heading} tabIndex={-1}>
            {texts.keysOf(account.branch, account.number)}
          </h2>
          {count > 0 && !keys.hasNextPage && <span className="quiet number">{count >= max ? texts.keysFull(max) : texts.keysRoom(count, max)}</span>}
          <button type="button" className="button button-small" aria-disabled={keys.isFetching} onClick={() => !keys.isFetching && void keys.refetch()}>
            {texts.refresh}
          </button>
        </div>
        {list.isError && keys.isRefetchError && <ErrorNotice error={keys.error} />}
        <ListState query={list} empty={texts.keysEmpty}>
          {(items) => (
            <ul className="rows">
              {items.map((entry) => (
                <KeyRow
                  key={entry.key.value ?? `${entry.key.type} ${entry.created_at ?? ''}`}
                  entry={entry}
                  onRemove={mayWrite && entry.status === 'ACTIVE' && entry.open_claim_created_at === null ? () => setRemoving(entry) : null}
                />
              ))}
            </ul>
          )}
        </ListState>
        <MoreButton list={keys} />
      </section>
      {token !== null && entries !== undefined && (
        <Needs token={token} scope="dict.key.write">
          <RegisterKey account={account} known={entries[0] ?? null} onRegistered={() => heading.current?.focus()} />
        </Needs>
      )}
      <RemoveKeyDialog
        entry={removing}
        onClose={() => setRemoving(null)}
        onRemoved={(entry) => {
          toastManager.add({ title: texts.removed(shown(entry.key, '')) });
          setRemoving(null);
          // The button that had the focus is gone.
          heading.current?.focus();
        }}
      />
    </>
  );
}

/** Keys by account: choose one, see its keys, register and remove. */
export function AccountKeys() {
  const texts = useTexts(pixTexts);
  // Counted, so that choosing the same account again asks again.
  const [chosen, setChosen] = useState<{ account: AccountOf; count: number } | null>(null);
  return (
    <>
      <section className="pix-section" aria-labelledby="pix-account">
        <h2 id="pix-account">{texts.accountTitle}</h2>
        <AccountForm onChosen={(account) => setChosen((before) => ({ account, count: (before?.count ?? 0) + 1 }))} />
      </section>
      {chosen !== null && <Keys key={chosen.count} account={chosen.account} />}
    </>
  );
}
