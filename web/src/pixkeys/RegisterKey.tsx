import { useState } from 'react';
import { useForm, useWatch, type UseFormReturn } from 'react-hook-form';
import type { ApiError } from '../api/errors';
import { accountBody, useRegisterKey, useSendCode, type AccountOf } from '../api/pix';
import type { NewPixClaim, PixKeyEntry, PixKeyRegistration, PixKeyType, PixOwner, PossessionCode } from '../api/types';
import { toastManager } from '../app/toasts';
import { FormFrame, type Explanation } from '../components/FormFrame';
import { ChoiceField, TextField } from '../components/TextField';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { CodeForm, type KeyToProve } from './CodeForm';
import { plainKey, plainTaxId, problemOfKey, shown, shownTaxId } from './keyText';
import { StartClaimDialog, StartedNotice } from './StartClaim';

interface Values {
  key: { type: PixKeyType; value: string };
  account: { opened_at: string };
  owner: { type: PixOwner['type']; tax_id: string; name: string; trade_name: string };
}

/** Brasília is three hours behind UTC; a day whose time is not known begins at its midnight (DICT API, schema Account). */
const MIDNIGHT_UTC = 'T03:00:00Z';
const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' });

function valuesOf(known: PixKeyEntry | null): Values {
  const opened = known?.account.opened_at ?? null;
  return {
    key: { type: 'PHONE', value: '' },
    account: { opened_at: opened === null ? '' : DAY.format(new Date(opened)) },
    owner: {
      type: known?.owner.type ?? 'NATURAL_PERSON',
      tax_id: known === null ? '' : shownTaxId(known.owner.tax_id),
      name: known?.owner.name ?? '',
      trade_name: known?.owner.trade_name ?? '',
    },
  };
}

/** The CPF or CNPJ of the holder is a key of its own, which nobody types twice. */
function isTaxKey(type: PixKeyType): boolean {
  return type === 'CPF' || type === 'CNPJ';
}

function bodyOf({ key, account, owner }: Values, of: AccountOf): PixKeyRegistration {
  const natural = owner.type === 'NATURAL_PERSON';
  const taxId = plainTaxId(owner.tax_id);
  const tradeName = owner.trade_name.trim();
  const type = isTaxKey(key.type) ? (natural ? 'CPF' : 'CNPJ') : key.type;
  // A field that is not on the screen has no value.
  const keyOf = () => (type === 'EVP' ? { type } : { type, value: isTaxKey(type) ? taxId : plainKey(type, key.value) });
  return {
    key: keyOf(),
    account: { ...(accountBody(of) ?? of), opened_at: `${account.opened_at}${MIDNIGHT_UTC}` },
    owner: {
      type: owner.type,
      tax_id: taxId,
      name: owner.name.trim(),
      ...(natural || tradeName === '' ? {} : { trade_name: tradeName }),
    },
  };
}

/** What can be claimed where a registration was refused; null where nothing can. */
export function claimInstead(error: ApiError, wanted: PixKeyRegistration): NewPixClaim | null {
  const { key, owner, account } = wanted;
  if (key.value == null) return null;
  const claim = (type: NewPixClaim['type']) => ({
    type,
    key: { type: key.type, value: key.value ?? '' },
    claimer: owner,
    claimer_account: account,
  });
  if (error.reason === 'ENTRY_KEY_IN_CUSTODY_OF_DIFFERENT_PARTICIPANT') return claim('PORTABILITY');
  if (error.reason === 'ENTRY_KEY_OWNED_BY_DIFFERENT_PERSON' && key.type === 'PHONE') return claim('OWNERSHIP');
  return null;
}

function OwnerFields({ form }: { form: UseFormReturn<Values> }) {
  const texts = useTexts(pixTexts);
  const { errors } = form.formState;
  const person = useWatch({ control: form.control, name: 'owner.type' });
  const there = (text: string) => text.trim() !== '' || texts.problems.missing;
  const taxForm = (text: string, { owner }: Values) =>
    problemOfKey(owner.type === 'NATURAL_PERSON' ? 'CPF' : 'CNPJ', plainTaxId(text)) === null || texts.problems.taxId;
  return (
    <div className="form-pair">
      <ChoiceField
        label={texts.personType}
        problem={errors.owner?.type?.message}
        choices={(['NATURAL_PERSON', 'LEGAL_PERSON'] as const).map((type) => [type, texts.personTypes[type]] as const)}
        {...form.register('owner.type')}
      />
      <TextField
        label={texts.taxId[person]}
        autoComplete="off"
        problem={errors.owner?.tax_id?.message}
        {...form.register('owner.tax_id', { validate: taxForm })}
      />
      <TextField
        label={texts.ownerName[person]}
        autoComplete="off"
        maxLength={150}
        problem={errors.owner?.name?.message}
        {...form.register('owner.name', { validate: there })}
      />
      {person === 'LEGAL_PERSON' && (
        <TextField
          label={texts.tradeName}
          optional
          autoComplete="off"
          maxLength={100}
          problem={errors.owner?.trade_name?.message}
          {...form.register('owner.trade_name')}
        />
      )}
      <TextField
        label={texts.openedAt}
        type="date"
        min="1900-01-01"
        problem={errors.account?.opened_at?.message}
        {...form.register('account.opened_at', { validate: (day) => /^\d{4}-\d{2}-\d{2}$/.test(day) || texts.problems.date })}
      />
    </div>
  );
}

function KeyFields({ form }: { form: UseFormReturn<Values> }) {
  const texts = useTexts(pixTexts);
  const { errors } = form.formState;
  const type = useWatch({ control: form.control, name: 'key.type' });
  const person = useWatch({ control: form.control, name: 'owner.type' });
  const taxKey = person === 'NATURAL_PERSON' ? 'CPF' : 'CNPJ';
  const typed = !isTaxKey(type) && type !== 'EVP';
  const check = (text: string, { key }: Values) => {
    const problem = problemOfKey(key.type, plainKey(key.type, text));
    return problem === null ? true : texts.problems[problem];
  };
  return (
    <div className="form-pair">
      <ChoiceField
        label={texts.keyType}
        hint={typed ? undefined : texts.keyHints[isTaxKey(type) ? taxKey : 'EVP']}
        problem={errors.key?.type?.message}
        choices={(['PHONE', 'EMAIL', 'CPF', 'EVP'] as const).map((kind) => {
          return [kind, texts.keyTypes[kind === 'CPF' ? taxKey : kind]] as const;
        })}
        {...form.register('key.type')}
      />
      {typed && (
        <TextField
          label={texts.keyTypes[type]}
          type={type === 'PHONE' ? 'tel' : 'email'}
          hint={texts.keyHints[type]}
          autoComplete="off"
          maxLength={100}
          problem={errors.key?.value?.message}
          {...form.register('key.value', { validate: check, shouldUnregister: true })}
        />
      )}
    </div>
  );
}

interface Asked {
  body: PixKeyRegistration;
  proved: KeyToProve;
  sent: PossessionCode;
}

interface RegisterKeyProps {
  account: AccountOf;
  /** A key that the account has: its holder and opening are those of the next one. */
  known: PixKeyEntry | null;
  onRegistered: () => void;
}

/** A new key: its kind and holder, for phones and e-mails the code, and the claim that is offered where it is another's. */
export function RegisterKey({ account, known, onRegistered }: RegisterKeyProps) {
  const texts = useTexts(pixTexts);
  const common = useTexts(commonTexts);
  const register = useRegisterKey();
  const sendCode = useSendCode();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [tried, setTried] = useState<PixKeyRegistration | null>(null);
  const [claim, setClaim] = useState<NewPixClaim | null>(null);
  const [started, setStarted] = useState<NewPixClaim['type'] | null>(null);
  const form = useForm<Values>({ defaultValues: valuesOf(known), shouldFocusError: false });
  const type = useWatch({ control: form.control, name: 'key.type' });
  const needsCode = type === 'PHONE' || type === 'EMAIL';

  const explain = (error: ApiError): Omit<Explanation<Values>, 'field'> | null => {
    const instead = tried === null ? null : claimInstead(error, tried);
    if (instead === null) return null;
    const offer = instead.type === 'OWNERSHIP' ? texts.offerOwnership : texts.offerPortability;
    const actions = (
      <button type="button" className="button" onClick={() => setClaim(instead)}>
        {offer}
      </button>
    );
    return { title: common.errors.refusedTitle, text: error.message, actions };
  };
  const send = async (body: PixKeyRegistration) => {
    setTried(body);
    const entry = await register.mutateAsync(body);
    toastManager.add({ title: entry.status === 'PENDING' ? texts.registeredPending : texts.registered(shown(entry.key, texts.pendingValue)) });
    setAsked(null);
    form.reset(valuesOf(entry));
    onRegistered();
  };
  const submit = async (values: Values) => {
    setStarted(null);
    const body = bodyOf(values, account);
    if (!needsCode) return send(body);
    const proved = { type: body.key.type, value: body.key.value ?? '' };
    setAsked({ body, proved, sent: await sendCode.mutateAsync(proved) });
  };
  const labels = {
    'key.type': texts.keyType,
    ...(needsCode ? { 'key.value': texts.keyTypes[type] } : {}),
    'owner.type': texts.personType,
    'owner.tax_id': texts.taxId[form.getValues('owner.type')],
    'owner.name': texts.ownerName[form.getValues('owner.type')],
    'owner.trade_name': texts.tradeName,
    'account.opened_at': texts.openedAt,
  };
  return (
    <section className="pix-section" aria-labelledby="pix-register">
      <h2 id="pix-register">{texts.registerTitle}</h2>
      {started !== null && <StartedNotice type={started} />}
      {asked === null ? (
        <FormFrame
          form={form}
          labels={labels}
          submitLabel={needsCode ? texts.registerNext : texts.register}
          explain={explain}
          onSubmit={submit}
        >
          <KeyFields form={form} />
          <OwnerFields form={form} />
        </FormFrame>
      ) : (
        <CodeForm
          proved={asked.proved}
          sent={asked.sent}
          submitLabel={texts.register}
          explain={explain}
          onSentAgain={(sent) => setAsked({ ...asked, sent })}
          onProved={(possession_id) => send({ ...asked.body, possession_id })}
          onBack={() => setAsked(null)}
          backLabel={texts.back}
        />
      )}
      <StartClaimDialog
        wanted={claim}
        onClose={() => setClaim(null)}
        onStarted={() => {
          setStarted(claim?.type ?? null);
          setClaim(null);
          setAsked(null);
        }}
      />
    </section>
  );
}
