import { text as textOf } from 'node:stream/consumers';
import type { Download, Page } from 'playwright-core';
import { operate, signedUp } from './harness/account';
import { BOTH_THEMES, checkAxe } from './harness/axe';
import { BASE, describe, eventually, expect, problemAnswer, test, type Visitor } from './harness/visitor';

const SUGAR = '17011400';
const SIMULATE = '**/v1/simulator/destinations';

async function ask(visitor: Visitor, ncm: string): Promise<void> {
  await visitor.page.getByLabel('Produto (NCM)').fill(ncm);
  // Leaves the field, so that its suggestions close.
  await visitor.page.keyboard.press('Tab');
  await visitor.button('Simular destinos').click();
}

const cards = (page: Page) => page.getByRole('list', { name: 'Destinos' }).getByRole('article');
const countries = (page: Page) => cards(page).getByRole('heading', { level: 3 }).allTextContents();

async function rowsOf(download: Download): Promise<string[][]> {
  const text = await textOf(await download.createReadStream());
  return text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^;]*)(?:;|$)/g)].map((cell) => (cell[1] ?? '').replaceAll(/^"|"$/g, '').replaceAll('""', '"')));
}

describe('a simulation', () => {
  test('ranks ten destinations, explains one, and keeps the question in the address', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go('/');
    await checkAxe(page, 'start', BOTH_THEMES);
    await ask(visitor, SUGAR);
    await visitor.see(cards(page));
    expect(await cards(page).count()).toBe(10);
    await eventually(() => new URL(page.url()).searchParams.get('ncm'), SUGAR);
    await checkAxe(page, 'results', BOTH_THEMES);
    const first = cards(page).first();
    for (const words of ['Score', 'Preço médio', 'Margem', 'Frete', 'Tarifa', 'Prazo', 'Por quê?']) {
      expect(await first.innerText()).toContain(words);
    }
    await first.getByRole('button', { name: /^Ver detalhes/ }).click();
    await visitor.see(first.getByText('De onde vem o score'));
    await visitor.see(first.getByText('Cinco anos de exportações').first());
    await visitor.see(first.getByRole('link', { name: /Explorador/ }));
    await page.waitForLoadState('networkidle');
    await checkAxe(page, 'details', BOTH_THEMES);
  });

  test('filters by country without changing a score', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go(`/simulator?ncm=${SUGAR}`);
    await visitor.see(cards(page));
    const before = await cards(page).first().innerText();
    await page.getByRole('combobox', { name: 'Países' }).fill('China');
    await page.getByRole('option', { name: 'China', exact: true }).click();
    await visitor.see(visitor.button('Tirar China'));
    // Once for the list, once on the closed list: what was chosen and typed stays.
    for (const field of [page.getByRole('combobox', { name: 'Países' }), page.getByLabel('Produto (NCM)')]) {
      await field.press('Escape');
      await field.press('Escape');
    }
    await visitor.see(visitor.button('Tirar China'));
    expect(await page.getByLabel('Produto (NCM)').inputValue()).toBe('1701.14.00');
    await visitor.button('Simular destinos').click();
    await eventually(() => cards(page).count(), 1);
    expect(new URL(page.url()).searchParams.get('countries')).toBe('CN');
    expect((await countries(page))[0]).toContain('China');
    if (before.includes('China')) expect(await cards(page).first().innerText()).toBe(before);
  });

  test('comes back from its address, and goes back and forward', async ({ visitor, another }) => {
    const { page } = visitor;
    await visitor.go(`/simulator?ncm=${SUGAR}&max_results=3&countries=CN,IN,US`);
    await eventually(() => cards(page).count(), 3);
    const shown = await countries(page);
    await ask(visitor, '26011200');
    await eventually(() => new URL(page.url()).searchParams.get('ncm'), '26011200');
    await visitor.see(page.getByRole('heading', { level: 2, name: /2601\.12\.00/ }));
    await page.goBack();
    await visitor.see(page.getByRole('heading', { level: 2, name: /1701\.14\.00/ }));
    expect(await countries(page)).toEqual(shown);
    expect(await page.getByLabel('Produto (NCM)').inputValue()).toBe('1701.14.00');
    await page.goForward();
    await visitor.see(page.getByRole('heading', { level: 2, name: /2601\.12\.00/ }));
    const friend = await another();
    await friend.go(`/simulator?ncm=${SUGAR}&max_results=3&countries=CN,IN,US`);
    await eventually(() => countries(friend.page), shown);
  });

  test('hands out the table it shows', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go(`/simulator?ncm=${SUGAR}`);
    await visitor.see(cards(page));
    const [download] = await Promise.all([page.waitForEvent('download'), visitor.button('Baixar CSV').click()]);
    expect(download.suggestedFilename()).toBe(`destinos-${SUGAR}.csv`);
    const [head, ...rows] = await rowsOf(download);
    const column = head?.indexOf('country_name') ?? -1;
    const score = head?.indexOf('score') ?? -1;
    const shown = await countries(page);
    expect(rows.length).toBe(shown.length);
    for (const [at, row] of rows.entries()) {
      expect(shown[at]).toContain(row[column]);
      const words = Number(row[score]?.replace(',', '.')).toFixed(1).replace('.', ',');
      expect(await cards(page).nth(at).textContent()).toContain(words);
    }
  });

  test('needs no mouse', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go('/');
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement)) return { words: '', seen: false };
        const style = getComputedStyle(element);
        const group = element.closest('.input-group');
        const ring = style.outlineStyle !== 'none' || (group !== null && getComputedStyle(group).outlineStyle !== 'none');
        return { words: element.id || element.innerText || (element.getAttribute('aria-label') ?? ''), seen: ring };
      });
    const order: string[] = [];
    const tabTo = async (wanted: RegExp) => {
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press('Tab');
        const { words, seen } = await focused();
        order.push(words);
        expect(seen, `the focus shows on ${words}`).toBe(true);
        if (wanted.test(words)) return;
      }
      throw new Error(`never reached ${wanted}: ${order.join(' > ')}`);
    };
    await tabTo(/conteúdo/);
    await tabTo(/^ncm$/);
    await page.keyboard.type('17011400');
    await tabTo(/^volume$/);
    await page.keyboard.type('1000');
    await tabTo(/Simular destinos/);
    await page.keyboard.press('Enter');
    await visitor.see(cards(page));
    await tabTo(/Ver detalhes/);
    await page.keyboard.press('Enter');
    await visitor.see(page.getByText('De onde vem o score').first());
    const reached = (words: RegExp) => order.findIndex((entry) => words.test(entry));
    expect(reached(/^ncm$/)).toBeLessThan(reached(/^volume$/));
  });
});

describe('what people type', () => {
  test('a code with dots and spaces is taken', async ({ visitor }) => {
    await visitor.go('/simulator');
    await ask(visitor, ' 1701.14 .00 ');
    await visitor.see(cards(visitor.page));
    expect(new URL(visitor.page.url()).searchParams.get('ncm')).toBe(SUGAR);
  });

  test('nine digits are refused with a hint', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go('/simulator');
    await ask(visitor, '170114001');
    await visitor.see(page.getByText('O NCM tem 8 dígitos; aqui há mais. Confira se sobrou algum.'));
    expect(await page.getByLabel('Produto (NCM)').getAttribute('aria-invalid')).toBe('true');
    await checkAxe(page, 'nine digits');
  });

  test('an unknown code says so', async ({ visitor }) => {
    visitor.expectStatus(404);
    await visitor.go('/simulator?ncm=99999999');
    await visitor.see(visitor.page.getByRole('alert').getByText('O NCM 9999.99.99 não existe'));
    await checkAxe(visitor.page, 'unknown code');
  });

  test('an unknown country of a shared address can be taken out', async ({ visitor }) => {
    visitor.expectStatus(400);
    const { page } = visitor;
    await visitor.go(`/simulator?ncm=${SUGAR}&countries=XX`);
    await visitor.see(page.getByRole('alert'));
    await checkAxe(page, 'unknown country');
    await visitor.button('Tirar XX').click();
    await visitor.button('Simular destinos').click();
    await visitor.see(cards(page));
  });

  test('commands of SQL and scripts are only text', async ({ visitor }) => {
    const { page } = visitor;
    visitor.expectStatus(400);
    await visitor.go('/simulator');
    for (const text of ["'; DROP TABLE stg.exportacao; --", '<img src=x onerror=alert(1)>', '<script>alert(1)</script>']) {
      await page.getByLabel('Volume (kg)').fill(text);
      await ask(visitor, text);
      await eventually(() => page.getByLabel('Volume (kg)').getAttribute('aria-invalid'), 'true');
      await page.getByRole('combobox', { name: 'Países' }).fill(text);
      await visitor.see(page.getByText('Nenhum país com esse nome'));
      await page.keyboard.press('Escape');
      await visitor.go(`/simulator?${new URLSearchParams({ ncm: text, countries: text, volume_kg: text, w: text })}`);
      expect(await page.locator('img[src="x"], main script').count()).toBe(0);
    }
  });
});

describe('when something fails', () => {
  test('400, 500, 503 and 504 are told in words, and asking again works', async ({ visitor }) => {
    const { page } = visitor;
    const failures = [
      [400, 'validation_error', 'Confira os campos'],
      [500, 'internal_error', 'Algo deu errado do nosso lado'],
      [503, 'overloaded', 'Muita gente agora'],
      [504, 'timeout', 'Demorou demais'],
    ] as const;
    await visitor.go('/simulator');
    for (const [at, [status, code, title]] of failures.entries()) {
      visitor.expectStatus(status);
      await page.route(SIMULATE, problemAnswer(status, code));
      await ask(visitor, SUGAR);
      await visitor.see(page.getByRole('alert').getByText(title));
      await checkAxe(page, code, at === 0 ? BOTH_THEMES : ['light']);
      await page.unroute(SIMULATE);
    }
    await visitor.button('Tentar de novo').click();
    await visitor.see(cards(page));
  });

  test('a server that never answers is given up, and tried again on demand', async ({ visitor }) => {
    const { page } = visitor;
    await page.clock.install();
    let asked = 0;
    await page.route(SIMULATE, () => {
      asked += 1;
    });
    await visitor.go(`/simulator?ncm=${SUGAR}`);
    await eventually(() => asked, 1);
    // The clock also runs by itself, which leaves a slow machine ten seconds for the next line.
    await page.clock.fastForward(5_000);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.clock.fastForward(15_000);
    await visitor.see(page.getByRole('alert').getByText('Demorou demais'));
    await checkAxe(page, 'deadline');
    await page.unroute(SIMULATE);
    await visitor.button('Tentar de novo').click();
    await visitor.see(cards(page));
  });

  test('offline is said, and the retry works once the network is back', async ({ visitor }) => {
    const { page, context } = visitor;
    visitor.expectProblem(/ERR_INTERNET_DISCONNECTED/);
    await visitor.go('/simulator');
    await context.setOffline(true);
    await visitor.see(page.getByText(/^Você está sem conexão/));
    await ask(visitor, SUGAR);
    await visitor.see(page.getByRole('alert').getByText('A conexão caiu'));
    await checkAxe(page, 'offline');
    await context.setOffline(false);
    await visitor.button('Tentar de novo').click();
    await visitor.see(cards(page));
  });

  test('an answer lost on its way is not counted twice', async ({ visitor }) => {
    const { page, context } = visitor;
    visitor.expectProblem(/ERR_FAILED|ERR_CONNECTION/);
    const keys: (string | undefined)[] = [];
    let losing = true;
    await page.route(SIMULATE, async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (!losing) return route.continue();
      losing = false;
      // The server counts and answers; only the answer never arrives.
      await route.fetch();
      return route.abort('failed');
    });
    await visitor.go(`/simulator?ncm=${SUGAR}`);
    await visitor.see(page.getByRole('alert').getByText('A conexão caiu'));
    await visitor.button('Tentar de novo').click();
    await visitor.see(cards(page));
    expect(keys.length).toBe(2);
    expect(keys[0]).toBe(keys[1]);
    const usage = await context.request.get(`${BASE}/v1/simulator/usage`);
    expect(await usage.json()).toMatchObject({ used: 1 });
  });
});

test('five simulations are free, the third brings a banner, the sixth the dialog', async ({ visitor }) => {
  const { page } = visitor;
  visitor.expectStatus(429);
  const products = ['17011400', '26011200', '12010090', '09011110', '02023000'];
  await visitor.go('/simulator');
  for (const [at, ncm] of products.entries()) {
    await ask(visitor, ncm);
    await visitor.see(page.getByText(`Você usou ${at + 1} de 5 simulações gratuitas hoje`));
    expect(await page.getByText(/gratuitas? hoje$|de hoje acabaram$/).filter({ hasText: /Resta|acabaram/ }).count()).toBe(at >= 2 ? 1 : 0);
    if (at === 2) await checkAxe(page, 'banner');
  }
  await ask(visitor, '10059010');
  const dialog = page.getByRole('dialog', { name: 'Suas 5 simulações gratuitas de hoje acabaram' });
  await visitor.see(dialog);
  await eventually(() => page.evaluate(() => document.activeElement?.textContent), 'Criar conta');
  await checkAxe(page, 'limit dialog', BOTH_THEMES);
  await dialog.getByRole('link', { name: 'Criar conta' }).click();
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Criar conta' }));
  expect(new URL(page.url()).searchParams.get('next')).toContain('ncm=10059010');
});

test('premium shows in the header without a limit, and a star keeps a product', async ({ visitor }) => {
  const { page } = visitor;
  const person = await signedUp(visitor);
  await operate('user', 'tier', person.email, 'premium');
  await visitor.go(`/simulator?ncm=${SUGAR}`);
  await visitor.see(cards(page));
  await visitor.see(page.getByRole('banner').getByText('Premium'));
  expect(await page.getByRole('banner').getByText(/de 5 hoje/).count()).toBe(0);
  const star = visitor.button('Salvar produto');
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.status() === 204);
  await star.click();
  await saved;
  await page.reload();
  await visitor.see(cards(page));
  await eventually(() => star.getAttribute('aria-pressed'), 'true');
  await checkAxe(page, 'premium, saved');
  await page.getByRole('link', { name: /^bgc/ }).click();
  await visitor.see(page.getByRole('heading', { name: 'Seus produtos salvos' }));
  await page.locator('.start section').first().getByRole('button', { name: /1701\.14\.00/ }).click();
  await visitor.see(cards(page));
});
