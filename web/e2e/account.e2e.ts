import { mailedLink, newPerson, operate, signedUp } from './harness/account';
import { BOTH_THEMES, checkAxe } from './harness/axe';
import { describe, eventually, expect, problemAnswer, test, type Visitor } from './harness/visitor';

async function signIn(visitor: Visitor, email: string, password: string): Promise<void> {
  await visitor.page.getByLabel('E-mail').fill(email);
  await visitor.page.getByLabel('Senha', { exact: true }).fill(password);
  await visitor.page.locator('main').getByRole('button', { name: 'Entrar', exact: true }).click();
}

const heading = (visitor: Visitor, name: string) => visitor.page.getByRole('heading', { level: 1, name });

describe('coming in', () => {
  test('a new account leads back to the simulation', async ({ visitor }) => {
    const { page } = visitor;
    const person = newPerson();
    await visitor.go('/simulator?ncm=17011400');
    await visitor.see(page.getByRole('article'));
    await page.getByRole('banner').getByRole('link', { name: /Entrar/ }).click();
    await visitor.see(heading(visitor, 'Entrar'));
    await checkAxe(page, 'sign-in', BOTH_THEMES);
    await page.getByRole('link', { name: 'Criar conta' }).click();
    await visitor.see(heading(visitor, 'Criar conta'));
    await checkAxe(page, 'sign-up');
    await visitor.button('Criar conta').click();
    await visitor.see(page.getByRole('group', { name: '3 campos precisam de atenção' }));
    await checkAxe(page, 'sign-up, empty', BOTH_THEMES);
    await page.getByLabel('Nome').fill(person.name);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Senha', { exact: true }).fill(person.password);
    await visitor.button('Criar conta').click();
    await visitor.see(page.getByRole('article'));
    expect(new URL(page.url()).searchParams.get('ncm')).toBe('17011400');
    await visitor.see(page.getByRole('banner').getByText('Maria'));
  });

  test('out and in again', async ({ visitor }) => {
    const person = await signedUp(visitor);
    await visitor.go('/account');
    await visitor.see(heading(visitor, `Olá, ${person.name}`));
    await visitor.button('Sair').click();
    await visitor.see(heading(visitor, 'Entrar'));
    await signIn(visitor, person.email.toUpperCase(), person.password);
    await visitor.see(heading(visitor, `Olá, ${person.name}`));
    await visitor.page.waitForLoadState('networkidle');
    await checkAxe(visitor.page, 'account', BOTH_THEMES);
  });

  test('an e-mail that has an account is told at the field', async ({ visitor, another }) => {
    const person = await signedUp(await another());
    visitor.expectStatus(409);
    await visitor.go('/account?mode=sign-up');
    await visitor.page.getByLabel('Nome').fill('Outra');
    await visitor.page.getByLabel('E-mail').fill(person.email);
    await visitor.page.getByLabel('Senha', { exact: true }).fill('outra frase bem longa');
    await visitor.button('Criar conta').click();
    await visitor.button('Entrar com este e-mail').click();
    await visitor.see(heading(visitor, 'Entrar'));
    expect(await visitor.page.getByLabel('E-mail').inputValue()).toBe(person.email);
  });

  test('a wrong password is told, and many of them bring a pause', async ({ visitor, another }) => {
    const person = await signedUp(await another());
    const { page } = visitor;
    visitor.expectStatus(401, 429);
    await visitor.go('/account');
    await signIn(visitor, person.email, 'não é esta');
    await visitor.see(page.getByRole('alert').getByText('E-mail ou senha não conferem'));
    await checkAxe(page, 'wrong password');
    const answers: number[] = [];
    for (let tries = 0; tries < 8 && !answers.includes(429); tries += 1) {
      const [response] = await Promise.all([
        page.waitForResponse((answer) => answer.url().endsWith('/v1/session') && answer.request().method() === 'POST'),
        visitor.page.locator('main').getByRole('button', { name: 'Entrar', exact: true }).click(),
      ]);
      answers.push(response.status());
    }
    expect(answers.at(-1)).toBe(429);
    await visitor.see(page.getByRole('timer').getByText(/^Tente de novo em \d+:\d\d$/));
    await checkAxe(page, 'too many tries');
  });

  test('never leads to another site', async ({ visitor }) => {
    const person = await signedUp(visitor);
    await visitor.context.clearCookies();
    await visitor.go('/account?next=//evil.example/');
    await signIn(visitor, person.email, person.password);
    await visitor.see(heading(visitor, `Olá, ${person.name}`));
  });
});

test('a forgotten password is replaced by the mailed link, once', async ({ visitor, another }) => {
  const person = await signedUp(await another());
  const { page } = visitor;
  await visitor.go('/account');
  await page.getByLabel('E-mail').fill(person.email);
  await visitor.button('Esqueci a senha').click();
  await visitor.see(heading(visitor, 'Esqueci a senha'));
  await checkAxe(page, 'forgot');
  await visitor.button('Enviar link').click();
  await visitor.see(page.getByText('Confira a sua caixa de entrada'));
  await checkAxe(page, 'link sent');
  await eventually(async () => (await mailedLink(person.email)) !== null, true);
  const link = new URL((await mailedLink(person.email)) ?? '');
  await visitor.go(link.pathname + link.search + link.hash);
  await visitor.see(heading(visitor, 'Escolher uma nova senha'));
  expect(page.url()).not.toContain('reset=');
  await checkAxe(page, 'reset');
  await page.getByLabel('Nova senha', { exact: true }).fill('agora uma outra frase');
  await visitor.button('Salvar a nova senha').click();
  await visitor.see(page.getByText('Senha trocada. Entre com a nova.'));
  await signIn(visitor, person.email, 'agora uma outra frase');
  await visitor.see(heading(visitor, `Olá, ${person.name}`));

  const late = await another();
  late.expectStatus(400);
  await late.go(link.pathname + link.search + link.hash);
  await late.page.getByLabel('Nova senha', { exact: true }).fill('mais uma frase longa');
  await late.button('Salvar a nova senha').click();
  await late.see(late.page.getByRole('alert').getByText('Este link não vale mais'));
  await checkAxe(late.page, 'link over');
});

test('premium is asked for, granted by an operator, and has no limit', async ({ visitor }) => {
  const { page } = visitor;
  const person = await signedUp(visitor);
  await visitor.go('/account?mode=upgrade');
  await visitor.see(page.getByRole('dialog', { name: 'Pedir o plano premium' }));
  await checkAxe(page, 'ask for premium');
  await visitor.button('Enviar pedido').click();
  await visitor.see(page.getByText(/^Pedido enviado em \d\d\/\d\d\/\d{4}/));
  await operate('user', 'tier', person.email, 'premium');
  await visitor.go('/simulator');
  for (const ncm of ['1701.14.00', '2601.12.00', '1201.90.00', '0901.11.10', '0202.30.00', '1005.90.10']) {
    await page.getByLabel('Produto (NCM)').fill(ncm);
    await page.keyboard.press('Tab');
    await visitor.button('Simular destinos').click();
    await visitor.see(page.getByRole('heading', { level: 2, name: ncm }));
    await visitor.see(page.getByRole('article'));
  }
  await visitor.see(page.getByRole('banner').getByText('Premium'));
  await visitor.see(page.getByText('Premium: simulações sem limite'));
  await visitor.go('/account');
  await visitor.see(page.getByText('Simulações sem limite.'));
});

test('an API key is shown once, works, and is revoked', async ({ visitor, another }) => {
  const { page } = visitor;
  await signedUp(visitor);
  await visitor.go('/account');
  await page.getByLabel('Nome da chave').fill('<b>planilha</b>');
  await visitor.button('Criar chave').click();
  const key = await page.getByLabel('Chave nova').inputValue();
  expect(key).toMatch(/^bgc_/);
  await checkAxe(page, 'new key');
  const program = await another();
  const asks = () => program.context.request.get('/v1/account', { headers: { authorization: `Bearer ${key}` } });
  expect((await asks()).status()).toBe(200);
  await visitor.button('Já guardei').click();
  await page.reload();
  await visitor.button('Revogar <b>planilha</b>').click();
  await visitor.see(page.getByRole('dialog'));
  await checkAxe(page, 'revoke');
  await visitor.button('Revogar chave').click();
  await visitor.see(page.getByText('Nenhuma chave ainda.'));
  expect((await asks()).status()).toBe(401);
});

test('a saved product is kept in the account', async ({ visitor }) => {
  const { page } = visitor;
  await signedUp(visitor);
  await visitor.go('/simulator?ncm=17011400');
  const star = visitor.button('Salvar produto');
  await star.click();
  await eventually(() => star.getAttribute('aria-pressed'), 'true');
  await page.waitForLoadState('networkidle');
  await visitor.go('/account');
  const saved = page.getByRole('region', { name: 'Produtos salvos' });
  await saved.getByRole('link').click();
  await visitor.see(page.getByRole('article'));
  await visitor.go('/account');
  await saved.getByRole('button', { name: /^Remover dos salvos/ }).click();
  await visitor.see(saved.getByText(/^Nenhum produto salvo ainda/));
});

test('the password is changed, and a wrong one told at its field', async ({ visitor }) => {
  const { page } = visitor;
  const person = await signedUp(visitor);
  visitor.expectStatus(401);
  await visitor.go('/account');
  await page.getByLabel('Senha atual', { exact: true }).fill('não é esta');
  await page.getByLabel('Nova senha', { exact: true }).fill('uma frase nova e longa');
  await visitor.button('Salvar a nova senha').click();
  await visitor.see(page.getByText('A senha atual não confere.').first());
  await page.getByLabel('Senha atual', { exact: true }).fill(person.password);
  await visitor.button('Salvar a nova senha').click();
  await visitor.see(page.getByText('Senha trocada'));
});

test('a session that ended asks to sign in and keeps what was typed', async ({ visitor }) => {
  const { page } = visitor;
  const person = await signedUp(visitor);
  visitor.expectStatus(401);
  await visitor.go('/account');
  await page.getByLabel('Nome da chave').fill('planilha');
  await visitor.context.clearCookies();
  await visitor.button('Criar chave').click();
  const dialog = page.getByRole('dialog', { name: 'Sua sessão terminou' });
  await visitor.see(dialog);
  await checkAxe(page, 'session ended');
  await dialog.getByLabel('Senha', { exact: true }).fill(person.password);
  await dialog.getByRole('button', { name: 'Entrar', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByLabel('Nome da chave').inputValue()).toBe('planilha');
});

describe('when something fails', () => {
  test('500, 503 and 504 are told in words', async ({ visitor }) => {
    await visitor.go('/account');
    for (const [status, code, title] of [
      [500, 'internal_error', 'Algo deu errado do nosso lado'],
      [503, 'overloaded', 'Muita gente agora'],
      [504, 'timeout', 'Demorou demais'],
    ] as const) {
      visitor.expectStatus(status);
      await visitor.page.route('**/v1/session', problemAnswer(status, code));
      await signIn(visitor, 'maria@exemplo.com.br', 'uma frase longa');
      await visitor.see(visitor.page.getByRole('alert').getByText(title));
      await checkAxe(visitor.page, code);
      await visitor.page.unroute('**/v1/session');
    }
  });

  test('offline is told, and nothing typed is lost', async ({ visitor }) => {
    visitor.expectProblem(/ERR_INTERNET_DISCONNECTED/);
    await visitor.go('/account');
    await visitor.context.setOffline(true);
    await signIn(visitor, "' OR 1=1 --@exemplo.com", 'uma frase longa');
    await signIn(visitor, 'maria@exemplo.com.br', 'uma frase longa');
    await visitor.see(visitor.page.getByRole('alert').getByText('A conexão caiu'));
    expect(await visitor.page.getByLabel('E-mail').inputValue()).toBe('maria@exemplo.com.br');
    await checkAxe(visitor.page, 'offline');
    await visitor.context.setOffline(false);
  });

  test('scripts in every field are only text', async ({ visitor }) => {
    const { page } = visitor;
    visitor.expectStatus(400);
    await visitor.go('/account?mode=sign-up');
    const person = newPerson();
    await page.getByLabel('Nome').fill('<img src=x onerror=alert(1)>');
    await page.getByLabel('Empresa').fill("'; DROP TABLE identity.users; --");
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Senha', { exact: true }).fill('<script>alert(1)</script>');
    await visitor.button('Criar conta').click();
    await visitor.see(heading(visitor, 'Olá, <img src=x onerror=alert(1)>'));
    await visitor.see(page.getByText("'; DROP TABLE identity.users; --"));
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });
});
