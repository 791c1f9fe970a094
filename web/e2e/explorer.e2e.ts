import { text as textOf } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { BOTH_THEMES, checkAxe } from './harness/axe';
import { describe, eventually, expect, problemAnswer, test } from './harness/visitor';

const table = (page: Page) => page.getByRole('region', { name: 'Tabela', exact: true }).getByRole('table');

const QUESTION = '/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob,kg';

test('an example becomes a question with a chart and its table', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/explorer');
  await checkAxe(page, 'explorer, start', BOTH_THEMES);
  await page.getByText('Quem compra a nossa soja?').click();
  await visitor.see(page.getByRole('table').last());
  await visitor.see(page.getByRole('region', { name: 'Tipo de gráfico' }));
  await page.waitForLoadState('networkidle');
  await checkAxe(page, 'explorer, answer', BOTH_THEMES);
  await visitor.button('Peso líquido').or(visitor.button(/kg/)).first().click();
  await page.reload();
  await visitor.see(page.getByRole('table').last());
});

/** What the table writes for a cell of the CSV, by the name of its column. */
function shownAs(column: string, cell: string): string {
  if (cell === '') return '—';
  const fixed = (digits: number) => new Intl.NumberFormat('pt-BR', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (column === 'price') return fixed(4).format(Number(cell));
  if (column === 'share') return fixed(2).format(Number(cell) * 100);
  return new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 2 }).format(Number(cell));
}

test('the CSV is the table on the screen, cell by cell', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob,kg,price,share');
  await visitor.see(table(page));
  const [download] = await Promise.all([page.waitForEvent('download'), visitor.button('Baixar CSV').click()]);
  const text = (await textOf(await download.createReadStream())).replace(/^\uFEFF/, '');
  // A page in Portuguese writes what spreadsheets in Brazil open. No name of a country here has a semicolon or a quote.
  const [head = [], ...lines] = text.trimEnd().split('\r\n').map((line) => line.split(';'));
  expect(head).toEqual(['country', 'country_name', 'fob', 'kg', 'price', 'share']);
  const shown = await table(page)
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '')));
  expect(lines.length).toBeGreaterThan(20);
  expect(shown.length).toBe(lines.length);
  for (const [at, [code = '', name = '', ...numbers]] of lines.entries()) {
    const [place = '', ...cells] = shown[at] ?? [];
    expect(place.endsWith(`${name} ${code}`), `${place} is ${name} ${code}`).toBe(true);
    expect(cells).toEqual(numbers.map((cell, column) => shownAs(head[column + 2] ?? '', cell.replace(',', '.'))));
  }
});

test('the workbook is downloaded under the name of the question', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob,kg,price,share');
  await visitor.see(table(page));
  const [download] = await Promise.all([page.waitForEvent('download'), visitor.button('Baixar XLSX').click()]);
  expect(download.suggestedFilename()).toMatch(/17011400.*\.xlsx$/);
  const start = await textOf(await download.createReadStream());
  expect(start.startsWith('PK')).toBe(true);
});

test('a word of the question is changed with the keyboard alone', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go(QUESTION);
  await visitor.see(table(page));
  const word = page.getByRole('combobox', { name: /^Filtrar por destino/ }).or(visitor.button(/^Filtrar por destino/)).first();
  await word.focus();
  await page.keyboard.press('Enter');
  const search = page.getByRole('combobox', { name: 'Buscar país' });
  await visitor.see(search);
  await page.keyboard.type('china');
  await visitor.see(page.getByRole('option', { name: /China/ }));
  await checkAxe(page, 'picker');
  await page.keyboard.press('Enter');
  await eventually(() => page.getByRole('option', { name: /China/ }).first().getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Escape');
  await eventually(() => new URL(page.url()).searchParams.get('cuts'), 'ncm:17011400,country:CN');
  await eventually(() => table(page).locator('tbody tr').count(), 1);
});

test('the same rows are drawn as areas and as a map', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go(QUESTION);
  const figure = page.getByRole('figure').first();
  await visitor.button('Áreas').click();
  await eventually(async () => (await figure.locator('.tile').count()) > 5, true);
  await checkAxe(page, 'treemap', BOTH_THEMES);
  await visitor.button('Mapa').click();
  await eventually(async () => (await figure.locator('svg.map .country:not(.country-empty)').count()) > 20, true);
  await checkAxe(page, 'map', BOTH_THEMES);
  expect(new URL(page.url()).searchParams.get('chart')).toBe('map');
});

test('a year that is not whole is marked, and can be left out', async ({ visitor }) => {
  const { page } = visitor;
  // The sample ends with a December; these are its answers as they would be in May.
  await page.route('**/v1/exports?*', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { data: Record<string, unknown>[]; meta: Record<string, unknown> };
    const data = answer.data.map((row) => (row['year'] === 2024 ? { ...row, months_covered: 5, partial: true } : row));
    const meta = { ...answer.meta, through: '2024-05', covered: [{ from: '2020-01', to: '2024-05' }], partial_years: [2024] };
    await route.fulfill({ response, json: { data, meta } });
  });
  await visitor.go('/explorer?drilldowns=year&cuts=ncm:17011400&measures=fob,growth');
  await visitor.see(page.getByText(/^Período parcial: 2024 só tem/));
  const row = table(page).locator('tbody tr').filter({ hasText: '2024' });
  await visitor.see(row.getByText('5 de 12 meses'));
  expect(await table(page).locator('tbody tr').filter({ hasText: '2023' }).getByText(/de 12 meses/).count()).toBe(0);
  await checkAxe(page, 'partial year', BOTH_THEMES);
  await visitor.button('Deixar só anos inteiros').click();
  await eventually(() => new URL(page.url()).searchParams.get('cuts'), 'year:2020-2023,ncm:17011400');
  // What is still on its way belongs to this test.
  await page.unrouteAll({ behavior: 'wait' });
});

test('a question that is too large comes with smaller ones', async ({ visitor }) => {
  const { page } = visitor;
  await page.route('**/v1/exports?*', problemAnswer(422, 'query_too_large'));
  visitor.expectStatus(422);
  await visitor.go('/explorer?drilldowns=ncm,country,month&measures=fob');
  await visitor.see(page.getByRole('alert'));
  await checkAxe(page, 'too large');
  await page.unroute('**/v1/exports?*');
  await page.getByRole('alert').getByRole('button').first().click();
  await eventually(() => page.getByRole('alert').count(), 0);
});

describe('when something fails', () => {
  test('500, 503 and 504 are told in words, and asking again works', async ({ visitor }) => {
    const { page } = visitor;
    for (const [at, [status, code, title]] of (
      [
        [500, 'internal_error', 'Algo deu errado do nosso lado'],
        [503, 'overloaded', 'Muita gente agora'],
        [504, 'timeout', 'Demorou demais'],
      ] as const
    ).entries()) {
      visitor.expectStatus(status);
      await page.route('**/v1/exports?*', problemAnswer(status, code));
      if (at === 0) await visitor.go(QUESTION);
      else await visitor.button('Tentar de novo').click();
      await visitor.see(page.getByRole('alert').getByText(title));
      await checkAxe(page, code);
      await page.unroute('**/v1/exports?*');
    }
    await visitor.button('Tentar de novo').click();
    await visitor.see(table(page));
  });

  test('scripts and commands in the address are only text', async ({ visitor }) => {
    visitor.expectStatus(400);
    const evil = '<img src=x onerror=alert(1)>';
    await visitor.go(`/explorer?${new URLSearchParams({ drilldowns: evil, cuts: `ncm:${evil}`, measures: "'; DROP TABLE x; --" })}`);
    await visitor.page.waitForLoadState('networkidle');
    expect(await visitor.page.locator('img[src="x"]').count()).toBe(0);
  });
});
