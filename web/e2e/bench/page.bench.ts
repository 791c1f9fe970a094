import { gzipSync } from 'node:zlib';
import { operate } from '../harness/account';
import { expect, test, type Visitor, type VisitorOptions } from '../harness/visitor';

const LOADS = 20;
const SIMULATIONS = 100;
/** More than are measured: a product with fewer than ten destinations is left out. */
const CANDIDATES = 400;
const CARDS = 10;
/** After typing: long enough for the suggestions to come, which are no part of what is measured. */
const TYPING_REST_MS = 300;

type Another = (options?: VisitorOptions) => Promise<Visitor>;

/** The value below which `share` of the values lie, by the nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function summary(values: readonly number[]) {
  const round = (value: number) => Math.round(value * 10) / 10;
  return { runs: values.length, p50_ms: round(quantile(values, 0.5)), p95_ms: round(quantile(values, 0.95)), max_ms: round(Math.max(...values)) };
}

/** Bytes of script that the first load asks for, each file compressed as the server's gzip copy is. */
async function firstLoadBytes(another: Another): Promise<number> {
  const { page } = await another();
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  const bodies = await Promise.all(scripts);
  return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
}

/** From the start of the navigation, with nothing in the cache, by the page's own clock. */
async function firstLoads(another: Another): Promise<{ formReady: number[]; domInteractive: number[] }> {
  const formReady: number[] = [];
  const domInteractive: number[] = [];
  for (let run = 0; run < LOADS; run += 1) {
    const visitor = await another();
    await visitor.page.goto('/', { waitUntil: 'load' });
    await visitor.page.waitForFunction(() => performance.getEntriesByName('form-ready').length > 0);
    expect(await visitor.button('Simular destinos').isEnabled()).toBe(true);
    const times = await visitor.page.evaluate(() => {
      const navigation = performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming;
      return { form: performance.getEntriesByName('form-ready')[0]?.startTime ?? Number.NaN, dom: navigation.domInteractive };
    });
    formReady.push(times.form);
    domInteractive.push(times.dom);
    await visitor.close();
  }
  return { formReady, domInteractive };
}

async function premium(another: Another): Promise<Visitor> {
  const visitor = await another();
  const email = `medida.${Date.now()}@exemplo.com.br`;
  const data = { name: 'Medida', email, password: 'uma frase longa e só daqui' };
  const created = await visitor.context.request.post('/v1/account', { data });
  expect(created.status()).toBe(201);
  await operate('user', 'tier', email, 'premium');
  return visitor;
}

/** Products by value, the largest first. */
async function products(visitor: Visitor): Promise<string[]> {
  const answer = await visitor.context.request.get(`/v1/exports?drilldowns=ncm&measures=fob&limit=${CANDIDATES}`);
  const { data } = (await answer.json()) as { data: { ncm: string }[] };
  return data.map(({ ncm }) => ncm);
}

/** From the click to the second frame after the answer to `ncm` stands in the document; null when it has fewer cards. */
async function clickToCards(visitor: Visitor, ncm: string): Promise<number | null> {
  const { page } = visitor;
  const masked = `${ncm.slice(0, 4)}.${ncm.slice(4, 6)}.${ncm.slice(6)}`;
  await page.getByLabel('Produto (NCM)').fill(ncm);
  await page.keyboard.press('Tab');
  await page.waitForTimeout(TYPING_REST_MS);
  const measured = page.evaluate(
    ({ wanted, cards }) =>
      new Promise<number | null>((done) => {
        let clickedMs = 0;
        window.addEventListener('click', (event) => (clickedMs = event.timeStamp), { capture: true, once: true });
        const observer = new MutationObserver(() => {
          const failed = document.querySelector('.answer [role="alert"]') !== null;
          if (!failed && document.querySelector('.result-ncm')?.textContent !== wanted) return;
          observer.disconnect();
          const enough = document.querySelectorAll('.answer article').length >= cards;
          requestAnimationFrame(() => requestAnimationFrame(() => done(enough ? performance.now() - clickedMs : null)));
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    { wanted: masked, cards: CARDS },
  );
  await visitor.button('Simular destinos').click();
  return measured;
}

test('the page in numbers', async ({ another }) => {
  const scriptBytes = await firstLoadBytes(another);
  const { formReady, domInteractive } = await firstLoads(another);
  const visitor = await premium(another);
  visitor.expectStatus(404);
  await visitor.go('/');
  const cards: number[] = [];
  for (const ncm of await products(visitor)) {
    if (cards.length >= SIMULATIONS) break;
    const took = await clickToCards(visitor, ncm);
    if (took !== null) cards.push(took);
  }
  const report = {
    first_load_script_gzip_bytes: scriptBytes,
    form_interactive: summary(formReady),
    dom_interactive: summary(domInteractive),
    click_to_ten_cards: summary(cards),
  };
  const row = (name: string, { runs, p50_ms, p95_ms, max_ms }: ReturnType<typeof summary>) =>
    `${name.padEnd(28)}${[runs, p50_ms, p95_ms, max_ms].map((value) => String(value).padStart(10)).join('')}\n`;
  process.stdout.write(
    `\n${'first load, script (gzip)'.padEnd(28)}${String(scriptBytes).padStart(10)} bytes\n` +
      `${''.padEnd(28)}${['runs', 'p50 ms', 'p95 ms', 'max ms'].map((name) => name.padStart(10)).join('')}\n` +
      row('form interactive', report.form_interactive) +
      row('domInteractive', report.dom_interactive) +
      row('click to ten cards', report.click_to_ten_cards) +
      `${JSON.stringify(report)}\n`,
  );
});
