import { z } from 'zod';
import '../components/zodPolicy';
import type { FieldErrorTexts } from '../i18n/simulator';
import type { Formats } from '../i18n/formats';
import { formatNcm, readNcm } from './ncm';
import { MAX_RESULTS_DEFAULT, MAX_RESULTS_MAX, WEIGHTS_DEFAULT, WEIGHT_MAX, type Question } from './question';
import { readVolume, volumeText, VOLUME_KG_MAX } from './volume';

/** Names of what can be wrong with a field; the dictionary has the words. */
export type FieldErrorName = keyof FieldErrorTexts;

const weight = z.number().int().min(0).max(WEIGHT_MAX);

function ncmError(text: string): FieldErrorName | null {
  switch (readNcm(text).kind) {
    case 'empty':
      return 'ncm_empty';
    case 'search':
      return 'ncm_choose';
    case 'incomplete':
      return 'ncm_incomplete';
    case 'too_long':
      return 'ncm_too_long';
    case 'code':
      return null;
  }
}

function volumeError(text: string): FieldErrorName | null {
  const volume = readVolume(text);
  if (volume.kind === 'unreadable') return 'volume_unreadable';
  if (volume.kind === 'ambiguous') return 'volume_ambiguous';
  if (volume.kind === 'empty' || volume.kind === 'containers') return null;
  if (volume.kg <= 0) return 'volume_not_positive';
  return volume.kg > VOLUME_KG_MAX ? 'volume_too_large' : null;
}

/** A schema that turns what the fields hold into a question; messages are `FieldErrorName`s. */
export function formSchema() {
  const checked = (check: (text: string) => FieldErrorName | null) =>
    z.string().superRefine((text, context) => {
      const message = check(text);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
  const weightsError: FieldErrorName = 'weights_all_zero';
  return z
    .object({
      ncm: checked(ncmError),
      volume: checked(volumeError),
      countries: z.array(z.string()),
      maxResults: z.number().int().min(1).max(MAX_RESULTS_MAX),
      weights: z
        .object({ market_size: weight, growth: weight, price: weight, distance: weight })
        .refine((weights) => Object.values(weights).some((value) => value > 0), weightsError),
    })
    .transform((values): Question => {
      const ncm = readNcm(values.ncm);
      const volume = readVolume(values.volume);
      return {
        ncm: ncm.kind === 'code' ? ncm.ncm : values.ncm,
        volumeKg: volume.kind === 'kg' ? volume.kg : null,
        ...(volume.kind === 'containers' && { volume: `${volume.count}x${volume.feet}'` }),
        countries: values.countries,
        maxResults: values.maxResults,
        weights: values.weights,
      };
    });
}

/** What the fields hold, as text where the user types text. */
export type FormValues = z.input<ReturnType<typeof formSchema>>;

/** The fields as a question fills them; empty ones without a question. */
export function formValues(question: Question | null, formats: Formats): FormValues {
  if (question === null) {
    return { ncm: '', volume: '', countries: [], maxResults: MAX_RESULTS_DEFAULT, weights: WEIGHTS_DEFAULT };
  }
  const ncm = readNcm(question.ncm);
  return {
    ncm: ncm.kind === 'code' ? formatNcm(ncm.ncm) : question.ncm,
    volume: question.volumeKg === null ? (question.volume ?? '') : volumeText(question.volumeKg, formats.number(0.5, 1).charAt(1)),
    countries: question.countries,
    maxResults: question.maxResults,
    weights: question.weights,
  };
}
