import { checkAxe } from './harness/axe';
import { describe, eventually, expect, test } from './harness/visitor';

const PAGES = ['/simulator', '/simulator?ncm=17011400', '/explorer', '/account', '/account?mode=sign-up', '/account?mode=forgot', '/docs'];

test('the language changes everywhere and is remembered', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/simulator');
  await visitor.button('EN – English').click();
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Where to export?' }));
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await checkAxe(page, 'English');
  await visitor.go('/account');
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Sign in' }));
  await visitor.button('PT – Português').click();
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Entrar' }));
});

test('the theme changes and is remembered', async ({ visitor }) => {
  const { page } = visitor;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await visitor.go('/simulator');
  const light = await background();
  await visitor.button(/^Tema: o do aparelho/).click();
  await visitor.button(/^Tema: claro/).click();
  await eventually(async () => (await background()) === light, false);
  const dark = await background();
  await visitor.go('/explorer');
  expect(await background()).toBe(dark);
});

describe('a phone of 360 px', () => {
  test.for(PAGES)('scrolls %s in one direction only', async (path, { another }) => {
    const visitor = await another({ width: 360, height: 740 });
    await visitor.page.goto(path, { waitUntil: 'networkidle' });
    const { wide, seen } = await visitor.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      seen: document.documentElement.clientWidth,
    }));
    expect(wide).toBeLessThanOrEqual(seen);
  });
});

test('an address that names no page says so', async ({ visitor }) => {
  visitor.expectStatus(404);
  await visitor.go('/nowhere');
  await visitor.see(visitor.page.getByRole('heading', { name: 'Esta página não existe' }));
  await checkAxe(visitor.page, 'no such page');
});

test('paper shows the answer without the page around it', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/simulator?ncm=17011400');
  await visitor.see(page.getByRole('article'));
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('banner').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Simular destinos' }).isVisible()).toBe(false);
  expect(await page.getByRole('article').first().isVisible()).toBe(true);
});

test('the first Tab leads past the navigation', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.go('/explorer');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.id), 'content');
});
