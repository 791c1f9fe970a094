import { signedUp } from './harness/account';
import { checkAxe } from './harness/axe';
import { eventually, expect, test } from './harness/visitor';

const PAGES = ['/simulator', '/simulator?ncm=17011400', '/explorer', '/account', '/account?mode=sign-up', '/account?mode=forgot', '/pix-keys', '/docs'];

test('the language changes everywhere and is remembered', async ({ visitor }) => {
  const { page } = visitor;
  const person = await signedUp(visitor);
  await visitor.go('/simulator');
  await visitor.button('EN – English').click();
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Where to export?' }));
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await checkAxe(page, 'English');
  await visitor.go('/account');
  await visitor.see(page.getByRole('heading', { level: 1, name: `Hello, ${person.name}` }));
  await page.waitForLoadState('networkidle');
  await checkAxe(page, 'account, English');
  await visitor.button('Sign out').click();
  await visitor.see(page.getByRole('heading', { level: 1, name: 'Sign in' }));
  await checkAxe(page, 'sign-in, English');
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

test('a stored theme is there before the page is, so that it never flashes in the other', async ({ visitor }) => {
  const { page, context } = visitor;
  await context.addInitScript(() => localStorage.setItem('bgc.theme', 'dark'));
  await page.emulateMedia({ colorScheme: 'light' });
  let letGo: () => void = () => {};
  const held = new Promise<void>((done) => {
    letGo = done;
  });
  await page.route('**/assets/index-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/simulator', { waitUntil: 'commit' });
  await eventually(() => page.evaluate(() => document.documentElement.dataset['theme'] ?? ''), 'dark');
  expect(await page.locator('#root > *').count()).toBe(0);
  letGo();
  await visitor.see(page.getByRole('heading', { level: 1 }));
  await visitor.see(visitor.button(/^Tema: escuro/));
});

test('a phone of 360 px scrolls every page in one direction only', async ({ another }) => {
  const visitor = await another({ width: 360, height: 740 });
  for (const path of PAGES) {
    await visitor.page.goto(path, { waitUntil: 'networkidle' });
    const { wide, seen } = await visitor.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      seen: document.documentElement.clientWidth,
    }));
    expect(wide, path).toBeLessThanOrEqual(seen);
  }
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
