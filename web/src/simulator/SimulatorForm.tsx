import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useMemo } from 'react';
import { Controller, useForm, useWatch, type FieldError } from 'react-hook-form';
import type { ApiError } from '../api/errors';
import { describedBy, Field } from '../components/Field';
import { RangeSlider } from '../components/RangeSlider';
import { useLanguage, useTexts } from '../i18n/language';
import type { Formats } from '../i18n/formats';
import { simulatorTexts, type FieldErrorTexts, type SimulatorTexts } from '../i18n/simulator';
import { CountriesField } from './CountriesField';
import { formSchema, formValues, type FormValues } from './form';
import { NcmField } from './NcmField';
import { readNcm } from './ncm';
import { MAX_RESULTS_MAX, type Question } from './question';
import { UsageLine } from './UsageLine';
import { readVolume, volumeText, type VolumeText } from './volume';
import { WeightsField } from './WeightsField';

interface SimulatorFormProps {
  /** The question of the address; the fields follow it when it changes. */
  question: Question | null;
  /** What the server said of the last question. */
  refusal: ApiError | null;
  running: boolean;
  onAsk: (question: Question) => void;
}

/** The words for what the schema found, or those of the server. */
function wordsOf(error: FieldError | undefined, words: FieldErrorTexts, refused: string | null): string | null {
  const message = error?.message;
  if (message === undefined) return refused;
  return message in words ? words[message as keyof FieldErrorTexts] : message;
}

/** How the field reads what is typed, before it is asked. */
function volumeHint(read: VolumeText, texts: SimulatorTexts, formats: Formats): string {
  switch (read.kind) {
    case 'kg':
      return texts.volumeRead(`${formats.number(read.kg, 3)}\u00a0kg`);
    case 'containers':
      return texts.volumeRead(texts.volumeContainers(read.count, read.feet));
    case 'ambiguous': {
      const mark = formats.number(0.5, 1).charAt(1);
      return texts.volumeTwoReadings(volumeText(read.small, mark), volumeText(read.large, mark));
    }
    default:
      return texts.volumeHint;
  }
}

/** The question: product, volume, countries, number of results, weights. */
export function SimulatorForm({ question, refusal, running, onAsk }: SimulatorFormProps) {
  const texts = useTexts(simulatorTexts);
  const { formats } = useLanguage();
  const resolver = useMemo(() => zodResolver(formSchema()), []);
  const form = useForm<FormValues, unknown, Question>({ resolver, defaultValues: formValues(question, formats) });
  const { control, reset, trigger, formState, register, getFieldState } = form;

  // When the form takes what is typed and clicked; `npm run bench` reads it.
  useEffect(() => {
    performance.mark('form-ready');
  }, []);

  // Back and forward change the address, and the fields with it; an address that cannot be asked says why in its field.
  useEffect(() => {
    reset(formValues(question, formats));
    if (question !== null && readNcm(question.ncm).kind !== 'code') void trigger();
  }, [question, formats, reset, trigger]);

  const [ncm, volume] = useWatch({ control, name: ['ncm', 'volume'] });
  const errorOf = (name: keyof FormValues, pointer: string) =>
    wordsOf(
      formState.errors[name] as FieldError | undefined,
      texts.fieldErrors,
      getFieldState(name, formState).isDirty ? null : (refusal?.fieldMessage(pointer) ?? null),
    );
  const weightsError = formState.errors.weights === undefined ? null : texts.fieldErrors.weights_all_zero;
  // A digit too many is said at once: waiting for the submit would let the user go on wrongly.
  const ncmError = readNcm(ncm).kind === 'too_long' ? texts.fieldErrors.ncm_too_long : errorOf('ncm', '/ncm');
  const volumeError = errorOf('volume', '/volume_kg') ?? errorOf('volume', '/volume');
  return (
    <form className="form" noValidate aria-label={texts.formLabel} onSubmit={(event) => void form.handleSubmit(onAsk)(event)}>
      <Controller
        control={control}
        name="ncm"
        render={({ field }) => (
          <NcmField value={field.value} onChange={field.onChange} onBlur={field.onBlur} inputRef={field.ref} error={ncmError} />
        )}
      />
      <Field
        id="volume"
        label={texts.volume}
        aside={texts.optional}
        error={volumeError}
        hint={volumeHint(readVolume(volume), texts, formats)}
      >
        <input
          id="volume"
          className="input number"
          autoComplete="off"
          placeholder="25 t"
          aria-invalid={volumeError !== null}
          aria-describedby={describedBy('volume', true, volumeError !== null)}
          {...register('volume')}
        />
      </Field>
      <Controller
        control={control}
        name="countries"
        render={({ field }) => (
          <CountriesField value={field.value} onChange={field.onChange} error={errorOf('countries', '/countries')} />
        )}
      />
      <Controller
        control={control}
        name="maxResults"
        render={({ field }) => (
          <RangeSlider
            label={texts.maxResults}
            value={field.value}
            onChange={field.onChange}
            min={1}
            max={MAX_RESULTS_MAX}
            valueText={texts.maxResultsValue(field.value)}
          />
        )}
      />
      <Controller
        control={control}
        name="weights"
        render={({ field }) => <WeightsField value={field.value} onChange={field.onChange} error={weightsError} />}
      />
      <button type="submit" className="button button-primary button-wide submit">
        {running ? texts.submitting : texts.submit}
      </button>
      <UsageLine />
    </form>
  );
}
