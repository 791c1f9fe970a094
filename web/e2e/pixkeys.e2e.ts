import { BOTH_THEMES, checkAxe } from './harness/axe';
import { fillOwner, OURS, OURS_TOO, pixToken, sentCode, showKeys, withToken } from './harness/pix';
import { describe, eventually, expect, problemAnswer, test } from './harness/visitor';

const ANA = '529.982.247-25';
const BRUNO = '111.444.777-35';
const CARLA = '935.411.347-80';

describe('the token', () => {
  test('is asked for, kept in no storage and forgotten', async ({ visitor }) => {
    const { page } = visitor;
    await visitor.go('/simulator');
    await page.getByRole('navigation', { name: 'Páginas' }).getByRole('link', { name: 'Chaves PIX' }).click();
    await visitor.see(page.getByRole('heading', { level: 1, name: 'Chaves PIX' }));
    await checkAxe(page, 'no token', BOTH_THEMES);
    await visitor.button('Usar o token').click();
    await visitor.see(page.getByText(/Cole o token: cole o token/));
    await checkAxe(page, 'no token, empty');
    const token = await pixToken(OURS);
    await page.getByLabel('Cole o token').fill(token);
    await page.keyboard.press('Enter');
    await visitor.see(page.getByText(OURS, { exact: true }));
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    expect(stored).not.toContain(token.split('.')[2]);
    await visitor.button('Esquecer o token').click();
    await visitor.see(page.getByLabel('Cole o token'));
  });

  test('that is refused asks for another and keeps the page', async ({ visitor }) => {
    const { page } = visitor;
    visitor.expectStatus(401);
    await withToken(visitor, OURS);
    await page.route('**/v1/pix-keys/search', problemAnswer(401, 'unauthenticated'));
    await page.getByLabel('Conta com dígito').fill('5550001');
    await visitor.button('Mostrar chaves').click();
    await visitor.see(page.getByText('O token venceu ou foi recusado'));
    await checkAxe(page, 'token over');
    await page.unroute('**/v1/pix-keys/search');
    await page.getByLabel('Cole o token').fill(await pixToken(OURS));
    await visitor.button('Usar o token').click();
    await visitor.see(page.getByText(/ainda não tem chaves/));
    expect(await page.getByLabel('Conta com dígito').inputValue()).toBe('5550001');
  });

  test('without a scope says which one to ask for', async ({ visitor }) => {
    await visitor.go('/pix-keys?view=lookup');
    await visitor.page.getByLabel('Cole o token').fill(await pixToken(OURS, 'dict.key.read'));
    await visitor.button('Usar o token').click();
    await visitor.see(visitor.page.getByText('Peça um token com a permissão dict.lookup.display.'));
    await checkAxe(visitor.page, 'scope missing');
  });
});

test('a random key is registered, looked up and removed', async ({ visitor }) => {
  const { page } = visitor;
  await withToken(visitor, OURS);
  await checkAxe(page, 'which account');
  await showKeys(visitor, '5551001');
  await visitor.see(page.getByText(/ainda não tem chaves/));
  await page.getByLabel('Tipo de chave').selectOption('EVP');
  await visitor.button('Registrar chave').click();
  await visitor.see(page.getByRole('group', { name: /precisam de atenção/ }));
  await checkAxe(page, 'register, empty');
  await fillOwner(visitor, ANA, 'Ana Souza');
  await visitor.button('Registrar chave').click();
  await visitor.see(page.getByText('1 de 5 chaves'));
  await checkAxe(page, 'keys', BOTH_THEMES);
  const key = await page.locator('.row-title').first().innerText();
  expect(key).toMatch(/^[0-9a-f]{8}-/);
  expect(page.url()).not.toContain('5551001');

  await page.getByRole('link', { name: 'Consultar chave' }).click();
  await page.getByLabel('Chave', { exact: true }).fill(key);
  await visitor.button('Consultar').click();
  await visitor.see(page.getByText('***.982.247-**'));
  await visitor.see(page.getByText(/É da sua instituição/));
  await checkAxe(page, 'look-up', BOTH_THEMES);

  await page.getByRole('link', { name: 'Chaves da conta' }).click();
  await showKeys(visitor, '5551001');
  await visitor.button(`Excluir ${key}`).click();
  await visitor.see(page.getByRole('dialog'));
  await checkAxe(page, 'remove');
  await page.keyboard.press('Escape');
  await visitor.button(`Excluir ${key}`).click();
  await page.getByLabel('CPF ou CNPJ de quem pediu').fill(ANA);
  await visitor.button('Excluir chave').click();
  await visitor.see(page.getByText(/ainda não tem chaves/));
});

test('a phone is registered with the code that was sent to it', async ({ visitor }) => {
  const { page } = visitor;
  visitor.expectStatus(400);
  await withToken(visitor, OURS);
  await showKeys(visitor, '5552001');
  await page.getByLabel('Telefone').fill('(61) 98888-1001');
  await fillOwner(visitor, ANA, 'Ana Souza');
  await visitor.button('Enviar código').click();
  await visitor.see(page.getByLabel('Código'));
  await checkAxe(page, 'code');
  await eventually(async () => (await sentCode('+5561988881001')) !== null, true);
  const code = (await sentCode('+5561988881001')) ?? '';
  await page.getByLabel('Código').fill(code === '000000' ? '000001' : '000000');
  await visitor.button('Registrar chave').click();
  await visitor.see(page.getByText('Não é o código que foi enviado.').first());
  await checkAxe(page, 'wrong code');
  await page.getByLabel('Código').fill(code);
  await visitor.button('Registrar chave').click();
  await visitor.see(page.getByText('+55 (61) 98888-1001'));
});

test('a key of another institution is asked for by portability and let go', async ({ visitor, another }) => {
  const donor = await another();
  await withToken(donor, OURS_TOO);
  await showKeys(donor, '5553001');
  await donor.page.getByLabel('Tipo de chave').selectOption('CPF');
  await fillOwner(donor, BRUNO, 'Bruno Lima');
  await donor.button('Registrar chave').click();
  await donor.see(donor.page.getByText('111.444.777-35', { exact: true }));

  const { page } = visitor;
  visitor.expectStatus(409);
  await withToken(visitor, OURS);
  await showKeys(visitor, '5553002');
  await page.getByLabel('Tipo de chave').selectOption('CPF');
  await fillOwner(visitor, BRUNO, 'Bruno Lima');
  await visitor.button('Registrar chave').click();
  await visitor.see(page.getByRole('alert'));
  await checkAxe(page, 'portability offered');
  await visitor.button('Pedir portabilidade').click();
  const dialog = page.getByRole('dialog', { name: 'Pedir a portabilidade desta chave?' });
  await visitor.see(dialog);
  await checkAxe(page, 'start portability');
  await visitor.button('Pedir portabilidade', dialog).click();
  await page.getByRole('link', { name: 'Ver em Reivindicações' }).click();
  await visitor.see(page.getByText(/resposta até \d\d\/\d\d/));
  await checkAxe(page, 'claims', BOTH_THEMES);
  await visitor.button('Cancelar: 111.444.777-35').click();
  await checkAxe(page, 'cancel');
  await visitor.button('Cancelar', page.getByRole('dialog')).click();
  await visitor.see(page.getByText(/^Nenhuma enviada/));
  await page.getByLabel('Só em andamento').uncheck();
  await visitor.see(page.getByText(/Portabilidade · Cancelada/));
});

describe('what goes wrong is told', () => {
  test.for([
    [429, 'rate_limit_exceeded', 'Limite alcançado'],
    [503, 'source_unavailable', 'Algo deu errado do nosso lado'],
    [500, 'internal_error', 'Algo deu errado do nosso lado'],
  ] as const)('%i', async ([status, code, words], { visitor }) => {
    const { page } = visitor;
    visitor.expectStatus(status);
    await withToken(visitor, OURS, '/pix-keys?view=lookup');
    await page.route('**/v1/pix-keys/lookup', problemAnswer(status, code, { 'retry-after': '480' }));
    await page.getByLabel('Chave', { exact: true }).fill(CARLA);
    await visitor.button('Consultar').click();
    await visitor.see(page.getByRole('alert').getByText(words));
    await checkAxe(page, code);
  });

  test('a key that nobody has, and a list that does not come', async ({ visitor }) => {
    const { page } = visitor;
    visitor.expectStatus(404, 500);
    await withToken(visitor, OURS, '/pix-keys?view=lookup');
    await page.getByLabel('Chave', { exact: true }).fill(CARLA);
    await page.getByLabel('CPF ou CNPJ de quem vai pagar').fill(ANA);
    await visitor.button('Consultar').click();
    await visitor.see(page.getByText('Ninguém tem esta chave'));
    await checkAxe(page, 'nobody');
    await page.route('**/v1/pix-claims?**', problemAnswer(500, 'internal_error'));
    await page.getByRole('link', { name: 'Reivindicações' }).click();
    await visitor.see(visitor.button('Tentar de novo'));
    await page.unroute('**/v1/pix-claims?**');
    await visitor.button('Tentar de novo').click();
    await visitor.see(page.getByText(/^Nenhuma recebida/));
    await checkAxe(page, 'no claims');
  });
});

test('it speaks English, by the keyboard alone, on a phone', async ({ another }) => {
  const visitor = await another({ width: 360, height: 740 });
  const { page } = visitor;
  await withToken(visitor, OURS);
  await visitor.button('EN – English').focus();
  await page.keyboard.press('Enter');
  await visitor.see(page.getByRole('heading', { level: 1, name: 'PIX keys' }));
  await page.getByLabel('Account with check digit').focus();
  await page.keyboard.type('5554001');
  await page.keyboard.press('Enter');
  await visitor.see(page.getByRole('heading', { name: 'Register a key' }));
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(wide).toBeLessThanOrEqual(seen ?? 0);
  await checkAxe(page, 'English, phone', BOTH_THEMES);
});
