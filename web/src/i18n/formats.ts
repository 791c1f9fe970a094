import type { Language } from './language';

/** What stands for a number that is not known. */
export const UNKNOWN = '—';

type Maybe = number | null | undefined;

/** Numbers and dates as a reader of one language expects them. Every function takes null and answers a dash. */
export interface Formats {
  /** `US$ 1,2 bi`: large sums in a few characters. */
  usdCompact: (value: Maybe) => string;
  /** `US$ 1.234.568`, without cents. */
  usd: (value: Maybe) => string;
  /** `US$ 0,49/kg`, always two decimals. */
  usdPerKg: (value: Maybe) => string;
  /** `12,3 mi t` or `950 kg`: weight in the unit that reads best. */
  weight: (kg: Maybe) => string;
  /** `1.234,5` with at most `decimals` decimals. */
  number: (value: Maybe, decimals?: number) => string;
  /** `8,5`: always that many decimals. */
  fixed: (value: Maybe, decimals: number) => string;
  /** `1,2 mi`, without a unit. */
  compact: (value: Maybe) => string;
  /** `12,3 %` of a value that is in percent already. */
  percent: (value: Maybe, decimals?: number) => string;
  /** `+12,3 %`, with its sign. */
  signedPercent: (value: Maybe, decimals?: number) => string;
  /** `17.599 km`. */
  km: (value: Maybe) => string;
  /** `fev/2025` of `2025-02`. */
  month: (yearMonth: string | null | undefined) => string;
  /** `21/11/2026`. */
  date: (isoTime: string | null | undefined) => string;
  /** `29/11`: a day within the next months. */
  dayMonth: (isoTime: string | null | undefined) => string;
  /** `21/11/2026 14:30`, in the time of São Paulo. */
  dateTime: (isoTime: string | null | undefined) => string;
  /** `00:00`, in the time of São Paulo: when free simulations begin again. */
  time: (isoTime: string | null | undefined) => string;
  /** `Brasil, Chile e Peru`. */
  list: (items: readonly string[]) => string;
  /** Order of names in this language. */
  compareNames: (left: string, right: string) => number;
}

const TIME_ZONE = 'America/Sao_Paulo';

/** Billions are `bi`, millions `mi`, thousands `mil` in Portuguese; Intl agrees, and separates with U+00A0. */
function numberFormat(language: Language, options: Intl.NumberFormatOptions): (value: Maybe) => string {
  const format = new Intl.NumberFormat(language === 'en' ? 'en-US' : 'pt-BR', options);
  return (value) => (value === null || value === undefined || !Number.isFinite(value) ? UNKNOWN : format.format(value));
}

function byDecimals(make: (decimals: number) => (value: Maybe) => string): (value: Maybe, decimals: number) => string {
  const made = new Map<number, (value: Maybe) => string>();
  return (value, decimals) => {
    const format = made.get(decimals) ?? make(decimals);
    made.set(decimals, format);
    return format(value);
  };
}

function build(language: Language): Formats {
  const locale = language === 'en' ? 'en-US' : 'pt-BR';
  const known = (text: string, value: Maybe) => (value === null || value === undefined || !Number.isFinite(value) ? UNKNOWN : text);
  // English readers see `US$ 1.2B`: the bare `$` of en-US could be taken for another dollar.
  const usdOptions: Intl.NumberFormatOptions = { style: 'currency', currency: 'USD', currencyDisplay: 'code' };
  const currency = (options: Intl.NumberFormatOptions) => {
    const format = numberFormat(language, { ...usdOptions, ...options });
    return (value: Maybe) => format(value).replace(/USD/, 'US$');
  };
  const usdCompact = currency({ notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 });
  const usd = currency({ maximumFractionDigits: 0 });
  const usdCents = currency({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const compact = numberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const plain = byDecimals((decimals) => numberFormat(language, { maximumFractionDigits: decimals }));
  const fixed = byDecimals((decimals) =>
    numberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
  const signed = byDecimals((decimals) =>
    numberFormat(language, { maximumFractionDigits: decimals, signDisplay: 'exceptZero' }),
  );
  const percentSign = language === 'en' ? '%' : '\u00a0%';
  const month = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: TIME_ZONE });
  const dayMonth = new Intl.DateTimeFormat(locale, language === 'en' ? { day: 'numeric', month: 'short', timeZone: TIME_ZONE } : { day: '2-digit', month: '2-digit', timeZone: TIME_ZONE });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone: TIME_ZONE });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: TIME_ZONE });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const collator = new Intl.Collator(locale);
  const dated = (format: Intl.DateTimeFormat) => (text: string | null | undefined) => {
    const at = text ? new Date(text) : null;
    return at === null || Number.isNaN(at.getTime()) ? UNKNOWN : format.format(at);
  };
  return {
    usdCompact,
    usd,
    usdPerKg: (value) => known(`${usdCents(value)}/kg`, value),
    weight: (kg) =>
      kg === null || kg === undefined || !Number.isFinite(kg) ? UNKNOWN : kg < 10_000 ? `${plain(kg, 1)}\u00a0kg` : `${compact(kg / 1000)}\u00a0t`,
    number: (value, decimals = 2) => plain(value, decimals),
    fixed,
    compact,
    percent: (value, decimals = 1) => known(plain(value, decimals) + percentSign, value),
    signedPercent: (value, decimals = 1) => known(signed(value, decimals) + percentSign, value),
    km: (value) => known(`${plain(value, 0)}\u00a0km`, value),
    month: (yearMonth) => {
      const found = /^(\d{4})-(\d{2})$/.exec(yearMonth ?? '');
      if (found === null) return UNKNOWN;
      const name = month.format(new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, 1))).replace('.', '');
      return language === 'en' ? `${name} ${found[1]}` : `${name}/${found[1]}`;
    },
    date: dated(date),
    dayMonth: dated(dayMonth),
    dateTime: dated(dateTime),
    time: dated(time),
    list: (items) => list.format(items),
    compareNames: (left, right) => collator.compare(left, right),
  };
}

const made = new Map<Language, Formats>();

/** The formats of a language; made once, since Intl objects are slow to make. */
export function formatsOf(language: Language): Formats {
  const formats = made.get(language) ?? build(language);
  made.set(language, formats);
  return formats;
}
