import type { Language } from '../i18n/language';

/** A cell: numbers are written without grouping, null as an empty cell. */
export type CsvCell = string | number | boolean | null;

/** What stands between cells and in numbers: `br` is what spreadsheets in Brazil open, as the API's `dialect=br`. */
export type CsvDialect = 'plain' | 'br';

/** Readers of Portuguese have spreadsheets that speak it. */
export function dialectOf(language: Language): CsvDialect {
  return language === 'pt-BR' ? 'br' : 'plain';
}

// A spreadsheet would run a text that begins like this; the server's CSV puts the same apostrophe.
const LOOKS_LIKE_FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: CsvCell, dialect: CsvDialect): string {
  if (value === null) return '';
  if (typeof value === 'number' && dialect === 'br') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const text = LOOKS_LIKE_FORMULA.test(value) ? `'${value}` : value;
  const special = dialect === 'br' ? /[";\r\n]/ : /[",\r\n]/;
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV by RFC 4180, its separator that of the dialect: CRLF after each line, quotes where needed. */
export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[], dialect: CsvDialect = 'plain'): string {
  const separator = dialect === 'br' ? ';' : ',';
  return [columns, ...rows].map((row) => `${row.map((value) => csvCell(value, dialect)).join(separator)}\r\n`).join('');
}

// Without it spreadsheets on Windows read the accents as Latin-1.
const BYTE_ORDER_MARK = '\uFEFF';

/** Hands a CSV to the browser as a download named `fileName`. */
export function downloadCsv(fileName: string, csv: string): void {
  downloadFile(fileName, new Blob([BYTE_ORDER_MARK, csv], { type: 'text/csv;charset=utf-8' }));
}

/** Hands a file to the browser as a download named `fileName`. */
export function downloadFile(fileName: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = fileName;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The download has begun by the next task; the address is then no longer needed.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
