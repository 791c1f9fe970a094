import type { PixKey, PixKeyType } from '../api/types';

/** What can be wrong with a key before the server has seen it; `missing` is nothing at all. */
export type KeyProblem = 'missing' | 'phone' | 'email' | 'taxId' | 'evp';

/** Kinds of keys in the order of the page: what people have most comes first. */
export const KEY_TYPES: readonly PixKeyType[] = ['PHONE', 'EMAIL', 'CPF', 'CNPJ', 'EVP'];

/** `00000000000` of `000.000.000-00`: what a person writes around a CPF or CNPJ is left out, letters are capitals. */
export function plainTaxId(text: string): string {
  return text.replaceAll(/[\s./-]/g, '').toUpperCase();
}

/** The one form of a key that the directory knows, of what a person typed. */
export function plainKey(type: PixKeyType, text: string): string {
  const typed = text.trim();
  switch (type) {
    case 'CPF':
    case 'CNPJ':
      return plainTaxId(typed);
    case 'PHONE': {
      const digits = typed.replaceAll(/[\s().-]/g, '');
      if (digits.startsWith('+')) return digits;
      // Area code and number of Brazil, perhaps after the 0 of a long-distance call.
      const national = digits.replace(/^0/, '');
      return /^\d{10,11}$/.test(national) ? `+55${national}` : digits;
    }
    case 'EMAIL':
    case 'EVP':
      return typed.toLowerCase();
  }
}

const FORMS: Record<PixKeyType, [RegExp, KeyProblem]> = {
  CPF: [/^\d{11}$/, 'taxId'],
  CNPJ: [/^[0-9A-Z]{12}\d{2}$/, 'taxId'],
  PHONE: [/^\+[1-9]\d{1,14}$/, 'phone'],
  EMAIL: [/^[^\s@]{1,75}@[^\s@]+$/, 'email'],
  EVP: [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'evp'],
};

/** What is surely wrong with a key in its one form; the server has the last word. */
export function problemOfKey(type: PixKeyType, key: string): KeyProblem | null {
  if (key === '') return 'missing';
  const [form, problem] = FORMS[type];
  return form.test(key) ? null : problem;
}

/** A key as a person reads it: `529.982.247-25`, `+55 (61) 98888-7777`. */
export function shownKey(type: PixKeyType, value: string): string {
  switch (type) {
    case 'CPF':
      return value.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    case 'CNPJ':
      return value.replace(/^(.{2})(.{3})(.{3})(.{4})(\d{2})$/, '$1.$2.$3/$4-$5');
    case 'PHONE':
      return value.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, '+55 ($1) $2-$3');
    case 'EMAIL':
    case 'EVP':
      return value;
  }
}

/** The same of a key that the directory may not have made yet. */
export function shown(key: PixKey, pending: string): string {
  return key.value === null ? pending : shownKey(key.type, key.value);
}

/** A CPF or CNPJ as a person reads it. */
export function shownTaxId(taxId: string): string {
  return shownKey(taxId.length === 11 ? 'CPF' : 'CNPJ', taxId);
}

/** The kind that a text has, where what a person typed leaves no doubt; eleven bare digits are a CPF, as for the server. */
export function guessType(text: string): PixKeyType | null {
  const typed = text.trim();
  if (typed.includes('@')) return 'EMAIL';
  if (/^[+(]/.test(typed)) return 'PHONE';
  if (problemOfKey('EVP', plainKey('EVP', typed)) === null) return 'EVP';
  const plain = plainTaxId(typed);
  if (problemOfKey('CPF', plain) === null) return 'CPF';
  if (problemOfKey('CNPJ', plain) === null) return 'CNPJ';
  return /^0?\d{10}$/.test(plain) ? 'PHONE' : null;
}
