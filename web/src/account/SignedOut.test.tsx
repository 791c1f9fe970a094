import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPart } from '../testing/render';
import AccountPage from './AccountPage';
import { enter, EMPTY_ACCOUNT, NOBODY, problem, SESSION, stubApi, USAGE } from './stub';

const ANONYMOUS = { 'GET /v1/session': { body: NOBODY }, 'GET /v1/simulator/usage': { body: USAGE } };
const PASSWORD = 'uma frase bem longa';

function open(address: string): void {
  window.history.replaceState(null, '', address);
}

beforeEach(() => open('/account'));

async function signIn(email: string, password: string) {
  const user = userEvent.setup();
  await enter(user, await screen.findByLabelText('E-mail'), email);
  await enter(user, screen.getByLabelText('Senha'), password);
  await user.click(screen.getByRole('button', { name: 'Entrar' }));
  return user;
}

describe('sign-in', () => {
  it('lets password managers fill in and shows the password on demand', async () => {
    stubApi(ANONYMOUS);
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    const password = await screen.findByLabelText('Senha');
    expect(screen.getByLabelText('E-mail')).toHaveProperty('autocomplete', 'username');
    expect(password).toHaveProperty('autocomplete', 'current-password');
    await user.click(password);
    await user.paste(PASSWORD);
    expect(password).toHaveProperty('value', PASSWORD);
    expect(password).toHaveProperty('type', 'password');
    await user.click(screen.getByRole('button', { name: 'Mostrar senha' }));
    expect(password).toHaveProperty('type', 'text');
    await user.click(screen.getByRole('button', { name: 'Ocultar senha' }));
    expect(password).toHaveProperty('type', 'password');
  });

  it('goes back to where the person came from', async () => {
    open(`/account?${new URLSearchParams({ next: '/simulator?ncm=17011400' })}`);
    const { sent } = stubApi({ ...ANONYMOUS, 'POST /v1/session': { body: SESSION } });
    renderPart(<AccountPage />);
    await signIn('maria@exemplo.com.br', PASSWORD);
    await waitFor(() => expect(window.location.pathname + window.location.search).toBe('/simulator?ncm=17011400'));
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ email: 'maria@exemplo.com.br', password: PASSWORD });
  });

  it('shows the account when nobody asked for another page', async () => {
    stubApi({ ...EMPTY_ACCOUNT, ...ANONYMOUS, 'POST /v1/session': { body: SESSION } });
    renderPart(<AccountPage />);
    await signIn('maria@exemplo.com.br', PASSWORD);
    expect(await screen.findByRole('heading', { level: 1, name: 'Olá, Maria Souza' })).toBeTruthy();
  });

  it('leads from the summary to each empty field, and asks the server nothing', async () => {
    const { sent } = stubApi(ANONYMOUS);
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Entrar' }));
    const summary = await screen.findByRole('group', { name: '2 campos precisam de atenção' });
    expect(document.activeElement).toBe(summary);
    await user.click(within(summary).getByRole('button', { name: /^Senha/ }));
    expect(document.activeElement).toBe(screen.getByLabelText('Senha'));
    expect(screen.getByLabelText('Senha').getAttribute('aria-invalid')).toBe('true');
    expect(sent.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('says that e-mail and password do not match, and keeps both', async () => {
    stubApi({ ...ANONYMOUS, 'POST /v1/session': problem(401, 'invalid_credentials') });
    renderPart(<AccountPage />);
    await signIn('maria@exemplo.com.br', 'outra coisa');
    expect((await screen.findByRole('alert')).textContent).toContain('E-mail ou senha não conferem');
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'maria@exemplo.com.br');
  });

  it('counts down after too many tries', async () => {
    stubApi({ ...ANONYMOUS, 'POST /v1/session': problem(429, 'rate_limit_exceeded', { headers: { 'retry-after': '90' } }) });
    renderPart(<AccountPage />);
    const user = await signIn('maria@exemplo.com.br', 'outra coisa');
    expect((await screen.findByRole('timer')).textContent).toMatch(/Tente de novo em 1:(30|29)/);
    expect(screen.getByRole('button', { name: 'Entrar' }).getAttribute('aria-disabled')).toBe('true');
    // Another e-mail has its own count.
    await enter(user, screen.getByLabelText('E-mail'), 'x');
    expect(screen.getByRole('button', { name: 'Entrar' }).getAttribute('aria-disabled')).toBe('false');
  });

  it.each([
    ['lost', 'A conexão caiu'],
    [problem(500, 'internal_error'), 'Algo deu errado do nosso lado'],
    [problem(503, 'overloaded'), 'Muita gente agora'],
    [problem(403, 'cross_site_request'), 'Sem permissão'],
  ] as const)('says what failed: %j', async (answer, title) => {
    const { answers } = stubApi({ ...EMPTY_ACCOUNT, ...ANONYMOUS, 'POST /v1/session': answer });
    renderPart(<AccountPage />);
    const user = await signIn('maria@exemplo.com.br', PASSWORD);
    expect((await screen.findByRole('alert')).textContent).toContain(title);
    const retry = screen.queryByRole('button', { name: 'Tentar de novo' });
    if (retry === null) return;
    answers['POST /v1/session'] = { body: SESSION };
    await user.click(retry);
    expect(await screen.findByRole('heading', { name: 'Olá, Maria Souza' })).toBeTruthy();
  });
});

describe('sign-up', () => {
  async function fill(values: Record<string, string>) {
    open('/account?mode=sign-up');
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await screen.findByLabelText('Nome');
    for (const [label, value] of Object.entries(values)) await enter(user, screen.getByLabelText(new RegExp(`^${label}`)), value);
    await user.click(screen.getByRole('button', { name: 'Criar conta' }));
    return user;
  }

  it('tells the rules of passwords before they can be broken', async () => {
    stubApi(ANONYMOUS);
    open('/account?mode=sign-up');
    renderPart(<AccountPage />);
    expect(await screen.findByText('De 10 a 128 caracteres; uma frase serve')).toBeTruthy();
    expect(screen.getByLabelText('Senha')).toHaveProperty('autocomplete', 'new-password');
  });

  it('creates an account and leaves an empty company out', async () => {
    const { sent } = stubApi({ ...EMPTY_ACCOUNT, ...ANONYMOUS, 'POST /v1/account': { status: 201, body: SESSION } });
    await fill({ Nome: 'Maria Souza', 'E-mail': 'maria@exemplo.com.br', Senha: PASSWORD });
    expect(await screen.findByRole('heading', { name: 'Olá, Maria Souza' })).toBeTruthy();
    expect(sent.find(({ path }) => path === '/v1/account')?.body).toEqual({
      name: 'Maria Souza',
      email: 'maria@exemplo.com.br',
      password: PASSWORD,
    });
  });

  it('refuses short passwords and the own e-mail', async () => {
    stubApi(ANONYMOUS);
    const user = await fill({ Nome: 'Maria', 'E-mail': 'maria@exemplo.com.br', Senha: 'curta' });
    expect(await screen.findByText('use pelo menos 10 caracteres.')).toBeTruthy();
    await user.clear(screen.getByLabelText('Senha'));
    await enter(user, screen.getByLabelText('Senha'), 'Maria@exemplo.com.br');
    expect(await screen.findByText('a senha não pode ser o seu e-mail.')).toBeTruthy();
  });

  it("puts the server's words on their field", async () => {
    const errors = [{ pointer: '/password', detail: 'esta senha é das mais usadas' }];
    stubApi({ ...ANONYMOUS, 'POST /v1/account': problem(400, 'validation_error', { errors }) });
    await fill({ Nome: 'Maria', 'E-mail': 'maria@exemplo.com.br', Senha: PASSWORD });
    expect(await screen.findByText('esta senha é das mais usadas')).toBeTruthy();
    expect(document.activeElement?.textContent).toContain('Um campo precisa de atenção');
  });

  it('leads who has an account to sign-in, with the e-mail kept', async () => {
    stubApi({ ...ANONYMOUS, 'POST /v1/account': problem(409, 'account_exists') });
    const user = await fill({ Nome: 'Maria', 'E-mail': 'maria@exemplo.com.br', Senha: PASSWORD });
    await user.click(await screen.findByRole('button', { name: 'Entrar com este e-mail' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Entrar' })).toBeTruthy();
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'maria@exemplo.com.br');
  });
});

describe('a forgotten password', () => {
  it('sends a link without telling whether the account exists', async () => {
    const { sent } = stubApi({ ...ANONYMOUS, 'POST /v1/password-reset': { status: 202, body: {} } });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await enter(user, await screen.findByLabelText('E-mail'), 'maria@exemplo.com.br');
    await user.click(screen.getByRole('button', { name: 'Esqueci a senha' }));
    expect(await screen.findByLabelText('E-mail')).toHaveProperty('value', 'maria@exemplo.com.br');
    await user.click(screen.getByRole('button', { name: 'Enviar link' }));
    expect((await screen.findByRole('status')).textContent).toContain('Se há uma conta com maria@exemplo.com.br');
    expect(sent.find(({ path }) => path === '/v1/password-reset')?.body).toEqual({ email: 'maria@exemplo.com.br' });
  });

  it('takes the token out of the address and changes the password', async () => {
    open('/account#reset=abc123');
    const { sent } = stubApi({ ...ANONYMOUS, 'POST /v1/password-reset/confirm': { status: 204 } });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await enter(user, await screen.findByLabelText('Nova senha'), PASSWORD);
    expect(window.location.hash).toBe('');
    await user.click(screen.getByRole('button', { name: 'Salvar a nova senha' }));
    expect(await screen.findByText('Senha trocada. Entre com a nova.')).toBeTruthy();
    expect(sent.find(({ path }) => path === '/v1/password-reset/confirm')?.body).toEqual({
      token: 'abc123',
      new_password: PASSWORD,
    });
  });

  it('offers another link when this one is over', async () => {
    open('/account#reset=abc123');
    const errors = [{ pointer: '/token', detail: 'venceu' }];
    stubApi({ ...ANONYMOUS, 'POST /v1/password-reset/confirm': problem(400, 'validation_error', { errors }) });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await enter(user, await screen.findByLabelText('Nova senha'), PASSWORD);
    await user.click(screen.getByRole('button', { name: 'Salvar a nova senha' }));
    await user.click(await screen.findByRole('button', { name: 'Pedir outro link' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Esqueci a senha' })).toBeTruthy();
  });
});

it('speaks English', async () => {
  stubApi(ANONYMOUS);
  renderPart(<AccountPage />, { language: 'en' });
  expect(await screen.findByRole('heading', { level: 1, name: 'Sign in' })).toBeTruthy();
});

it('offers to try again when the server does not say who is signed in', async () => {
  const { answers } = stubApi({ 'GET /v1/session': problem(400, 'validation_error') });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  const retry = await screen.findByRole('button', { name: 'Tentar de novo' });
  answers['GET /v1/session'] = { body: NOBODY };
  await user.click(retry);
  expect(await screen.findByRole('heading', { level: 1, name: 'Entrar' })).toBeTruthy();
});
