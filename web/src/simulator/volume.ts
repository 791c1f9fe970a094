import type { Language } from '../i18n/language';

/** The server refuses more. */
export const VOLUME_KG_MAX = 1e12;

/** What the volume field holds. */
export type VolumeText = { kind: 'empty' } | { kind: 'kg'; kg: number } | { kind: 'unreadable' };

const GROUPED_BY_POINT = /^[1-9]\d{0,2}(\.\d{3})+$/;
const GROUPED_BY_COMMA = /^[1-9]\d{0,2}(,\d{3})+$/;

/** The text as JavaScript writes numbers, or null when it reads as none. */
function plainNumber(text: string, language: Language): string | null {
  const lastPoint = text.lastIndexOf('.');
  const lastComma = text.lastIndexOf(',');
  if (lastPoint >= 0 && lastComma >= 0) {
    const commaIsDecimal = lastComma > lastPoint;
    const whole = text.slice(0, commaIsDecimal ? lastComma : lastPoint);
    const grouped = commaIsDecimal ? GROUPED_BY_POINT : GROUPED_BY_COMMA;
    if (!grouped.test(whole)) return null;
    return `${whole.replaceAll(/[.,]/g, '')}.${text.slice((commaIsDecimal ? lastComma : lastPoint) + 1)}`;
  }
  // `1.234` alone is a thousand in Portuguese and a little over one in English; the field shows how it was read.
  if (GROUPED_BY_POINT.test(text) && (language === 'pt-BR' || text.indexOf('.') !== lastPoint)) return text.replaceAll('.', '');
  if (GROUPED_BY_COMMA.test(text) && (language === 'en' || text.indexOf(',') !== lastComma)) return text.replaceAll(',', '');
  return text.replace(',', '.');
}

/** Kilograms as a person writes them: `1.234,5`, `1234.5`, `1 234,5` and `1,234.5` are the same. */
export function readVolume(text: string, language: Language): VolumeText {
  const bare = text.replace(/\s*kgs?\.?\s*$/i, '').replaceAll(/[\s\u00a0\u202f]/g, '');
  if (bare === '') return { kind: text.trim() === '' ? 'empty' : 'unreadable' };
  if (!/^-?[\d.,]+$/.test(bare)) return { kind: 'unreadable' };
  const negative = bare.startsWith('-');
  const plain = plainNumber(negative ? bare.slice(1) : bare, language);
  if (plain === null || !/^(\d+\.?\d*|\.\d+)$/.test(plain)) return { kind: 'unreadable' };
  const kg = Number(plain);
  return Number.isFinite(kg) ? { kind: 'kg', kg: negative ? -kg : kg } : { kind: 'unreadable' };
}
