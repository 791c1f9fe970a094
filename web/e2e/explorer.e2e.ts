import { text as textOf } from 'node:stream/consumers';
import { checkAxe } from './harness/axe';
import { describe, eventually, expect, problemAnswer, test } from './harness/visitor';

const QUESTION = '/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob,kg';

test('an example becomes a question with a chart and its table', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/explorer');
  await checkAxe(page, 'explorer, start');
  await page.getByText('Quem compra a nossa soja?').click();
  await visitor.see(page.getByRole('table').last());
  await visitor.see(page.getByRole('region', { name: 'Tipo de gráfico' }));
  await page.waitForLoadState('networkidle');
  await checkAxe(page, 'explorer, answer');
  await visitor.button('Peso líquido').or(visitor.button(/kg/)).first().click();
  await page.reload();
  await visitor.see(page.getByRole('table').last());
});

test('the CSV is the table on the screen', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go(QUESTION);
  await visitor.see(page.getByRole('region', { name: 'Tabela', exact: true }));
  await page.waitForLoadState('networkidle');
  const [download] = await Promise.all([page.waitForEvent('download'), visitor.button('Baixar CSV').click()]);
  const lines = (await textOf(await download.createReadStream())).trimEnd().split('\r\n').slice(1);
  expect(lines.length).toBeGreaterThan(5);
  const shown = await page.getByRole('region', { name: 'Tabela', exact: true }).innerText();
  for (const line of lines.slice(0, 5)) {
    const country = line.split(',').find((cell) => /^[A-ZÁÉÍÓÚÂÊÔÃÕ][\p{L} ]+$/u.test(cell)) ?? '';
    expect(shown).toContain(country);
  }
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
  test.for([
    [500, 'internal_error', 'Algo deu errado do nosso lado'],
    [503, 'overloaded', 'Muita gente agora'],
  ] as const)('%i %s is told in words', async ([status, code, title], { visitor }) => {
    visitor.expectStatus(status);
    await visitor.page.route('**/v1/exports?*', problemAnswer(status, code));
    await visitor.go(QUESTION);
    await visitor.see(visitor.page.getByRole('alert').getByText(title));
    await checkAxe(visitor.page, code);
  });

  test('scripts and commands in the address are only text', async ({ visitor }) => {
    visitor.expectStatus(400);
    const evil = '<img src=x onerror=alert(1)>';
    await visitor.go(`/explorer?${new URLSearchParams({ drilldowns: evil, cuts: `ncm:${evil}`, measures: "'; DROP TABLE x; --" })}`);
    await visitor.page.waitForLoadState('networkidle');
    expect(await visitor.page.locator('img[src="x"]').count()).toBe(0);
  });
});
