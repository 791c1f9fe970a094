/** A cell: numbers are written with a point and without grouping, null as an empty cell. */
export type CsvCell = string | number | boolean | null;

// A spreadsheet would run a text that begins like this; the server's CSV puts the same apostrophe.
const LOOKS_LIKE_FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = LOOKS_LIKE_FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV by RFC 4180: commas, CRLF between and after the lines, quotes where needed. */
export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

// Without it spreadsheets on Windows read the accents as Latin-1.
const BYTE_ORDER_MARK = '\uFEFF';

/** Hands a CSV to the browser as a download named `fileName`. */
export function downloadCsv(fileName: string, csv: string): void {
  const address = URL.createObjectURL(new Blob([BYTE_ORDER_MARK, csv], { type: 'text/csv;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = fileName;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The download has begun by the next task; the address is then no longer needed.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
