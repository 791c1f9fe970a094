import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { asApiError } from '../api/errors';
import { useLookUp } from '../api/pix';
import { usePixToken } from '../api/pixToken';
import type { PixKeyLookup, PixKeyType } from '../api/types';
import { FormFrame } from '../components/FormFrame';
import { Notice } from '../components/Notice';
import { ChoiceField, TextField } from '../components/TextField';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { newEndToEndId } from './endToEndId';
import { guessType, KEY_TYPES, plainKey, plainTaxId, problemOfKey, shown } from './keyText';

interface Answer {
  found: PixKeyLookup;
  /** Of the payment that the look-up was for; null where nobody was said to pay. */
  endToEndId: string | null;
}

function Found({ found, endToEndId }: Answer) {
  const texts = useTexts(pixTexts);
  return (
    <div className="pix-found">
      <p className="pix-found-name">{found.owner_name}</p>
      <dl className="pix-facts">
        {found.owner_trade_name !== null && (
          <>
            <dt>{texts.lookupTradeName}</dt>
            <dd>{found.owner_trade_name}</dd>
          </>
        )}
        <dt>{texts.lookupTaxId[found.owner_type]}</dt>
        <dd className="number">{found.owner_tax_id_masked}</dd>
        <dt>{texts.key}</dt>
        <dd className="number">{shown(found.key, '')}</dd>
        <dt>{texts.lookupInstitution}</dt>
        <dd className="number">{found.participant}</dd>
        {endToEndId !== null && !found.own_base && (
          <>
            <dt>{texts.endToEndId}</dt>
            <dd className="number">{endToEndId}</dd>
          </>
        )}
      </dl>
      {endToEndId !== null && !found.own_base && <p className="quiet">{texts.endToEndIdHint}</p>}
      {found.own_base && <p className="quiet">{texts.ownBase}</p>}
    </div>
  );
}

interface Values {
  key: { type: PixKeyType | ''; value: string };
  payer_tax_id: string;
}

/** Whose a key is, as a person who is about to pay may see it. */
export function LookUp() {
  const texts = useTexts(pixTexts);
  const lookUp = useLookUp();
  const [answer, setAnswer] = useState<Answer | 'nobody' | null>(null);
  const { token } = usePixToken();
  const form = useForm<Values>({ defaultValues: { key: { type: '', value: '' }, payer_tax_id: '' }, shouldFocusError: false });
  const { errors } = form.formState;
  const keyOf = ({ key }: Values) => {
    const type = key.type === '' ? guessType(key.value) : key.type;
    return type === null ? { value: key.value.trim() } : { type, value: plainKey(type, key.value) };
  };
  const check = (value: string, values: Values) => {
    if (value.trim() === '') return texts.problems.missing;
    const key = keyOf(values);
    const problem = key.type === undefined ? null : problemOfKey(key.type, key.value);
    return problem === null ? true : texts.problems[problem];
  };
  return (
    <section className="pix-section pix-lookup" aria-labelledby="pix-lookup">
      <h2 id="pix-lookup">{texts.lookupTitle}</h2>
      <p className="quiet">{texts.lookupText}</p>
      <FormFrame
        form={form}
        labels={{ 'key.value': texts.key, 'key.type': texts.keyType, payer_tax_id: texts.payer }}
        submitLabel={texts.lookUp}
        onSubmit={async (values) => {
          setAnswer(null);
          try {
            const payer = plainTaxId(values.payer_tax_id);
            const endToEndId = payer === '' || token === null ? null : newEndToEndId(token.ispb, Date.now());
            const payment = endToEndId === null ? {} : { payer_tax_id: payer, end_to_end_id: endToEndId };
            setAnswer({ found: await lookUp.mutateAsync({ key: keyOf(values), ...payment }), endToEndId });
          } catch (error) {
            if (asApiError(error).code !== 'pix_key_not_found') throw error;
            setAnswer('nobody');
          }
        }}
      >
        <div className="form-pair">
          <TextField
            label={texts.key}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            problem={errors.key?.value?.message}
            {...form.register('key.value', { validate: check })}
          />
          <ChoiceField
            label={texts.keyType}
            problem={errors.key?.type?.message}
            choices={[['', texts.anyType], ...KEY_TYPES.map((type) => [type, texts.keyTypes[type]] as const)]}
            {...form.register('key.type')}
          />
          <TextField
            label={texts.payer}
            optional
            hint={texts.payerHint}
            autoComplete="off"
            problem={errors.payer_tax_id?.message}
            {...form.register('payer_tax_id')}
          />
        </div>
      </FormFrame>
      <div role="status">
        {answer === 'nobody' && <Notice tone="neutral" title={texts.lookupNotFound} />}
        {answer !== null && answer !== 'nobody' && <Found {...answer} />}
      </div>
    </section>
  );
}
