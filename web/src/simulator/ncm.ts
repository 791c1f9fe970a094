/** Digits of a product code of the Mercosul nomenclature. */
export const NCM_DIGITS = 8;

/** What the product field holds. */
export type NcmText =
  | { kind: 'empty' }
  | { kind: 'code'; ncm: string }
  /** Words to search by. */
  | { kind: 'search' }
  | { kind: 'incomplete' }
  | { kind: 'too_long' };

// A pasted code may come with its name in front ("NCM: 1701.14.00").
const PREFIX = /^\s*ncm\b[\s:.º°nN-]*/i;
const CODE_CHARACTERS = /^[\d\s.\-–/\u00a0]+$/;

/** Reads the product field: dots, spaces and dashes between the digits do not matter. */
export function readNcm(text: string): NcmText {
  const rest = text.replace(PREFIX, '').trim();
  if (rest === '') return { kind: 'empty' };
  if (!CODE_CHARACTERS.test(rest)) return { kind: 'search' };
  const digits = rest.replaceAll(/\D/g, '');
  if (digits.length === NCM_DIGITS) return { kind: 'code', ncm: digits };
  if (digits.length === 0) return { kind: 'search' };
  return { kind: digits.length < NCM_DIGITS ? 'incomplete' : 'too_long' };
}

/** `17011400` as `1701.14.00`; fewer or more digits are grouped as far as they go. */
export function formatNcm(digits: string): string {
  const groups = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  return groups.filter((group) => group !== '').join('.');
}

/** Text as it should stand in the field: codes get their mask, words stay as they are. */
export function maskNcm(text: string): string {
  const rest = text.replace(PREFIX, '');
  if (rest.trim() === '' || !CODE_CHARACTERS.test(rest)) return text;
  const digits = rest.replaceAll(/\D/g, '');
  return digits === '' ? text : formatNcm(digits);
}
