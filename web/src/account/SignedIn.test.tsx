import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { plainSpaces, renderPart } from '../testing/render';
import AccountPage from './AccountPage';
import { enter, EMPTY_ACCOUNT, MARIA, NOBODY, problem, SESSION, stubApi } from './stub';

const PASSWORD = 'uma frase bem longa';
const KEY = {
  id: 'k1',
  name: 'planilha',
  prefix: 'bgc_ab12',
  created_at: '2026-11-20T12:00:00Z',
  last_used_at: null,
  expires_at: '2027-02-18T12:00:00Z',
};

beforeEach(() => window.history.replaceState(null, '', '/account'));

function section(name: string) {
  return within(screen.getByRole('region', { name }));
}

it('shows profile, plan and use, and teaches where lists are empty', async () => {
  stubApi(EMPTY_ACCOUNT);
  renderPart(<AccountPage />);
  expect(await screen.findByText('Doces do Vale')).toBeTruthy();
  expect(section('Perfil').getByText('maria@exemplo.com.br')).toBeTruthy();
  expect(await section('Plano').findByText('Você usou 3 de 5 simulações gratuitas hoje')).toBeTruthy();
  expect(await section('Produtos salvos').findByRole('link', { name: 'Abrir o simulador' })).toBeTruthy();
  expect(await section('Chaves de API').findByText('Nenhuma chave ainda.')).toBeTruthy();
});

it('counts nothing for premium', async () => {
  stubApi({ ...EMPTY_ACCOUNT, 'GET /v1/session': { body: { ...SESSION, user: { ...MARIA, tier: 'premium' } } } });
  renderPart(<AccountPage />);
  expect(await screen.findByText('Simulações sem limite.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Pedir o premium' })).toBeNull();
});

it('asks for premium once and says when', async () => {
  const { sent } = stubApi({
    ...EMPTY_ACCOUNT,
    'POST /v1/account/upgrade-request': { status: 202, body: { upgrade_requested_at: '2026-11-22T14:00:00Z' } },
  });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Pedir o premium' }));
  await enter(user, await screen.findByLabelText(/Conte o que você precisa/), 'Exporto açúcar');
  await user.click(screen.getByRole('button', { name: 'Enviar pedido' }));
  expect(await screen.findByText(/Pedido enviado em 22\/11\/2026/)).toBeTruthy();
  expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ message: 'Exporto açúcar' });
});

it('signs out without asking to sign in again', async () => {
  stubApi({ ...EMPTY_ACCOUNT, 'DELETE /v1/session': { status: 204 } });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Sair' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Entrar' })).toBeTruthy();
  expect(screen.queryByText('Sua sessão terminou')).toBeNull();
});

describe('API keys', () => {
  it('shows a new key once', async () => {
    const { sent, answers } = stubApi({
      ...EMPTY_ACCOUNT,
      'POST /v1/account/api-keys': { status: 201, body: { ...KEY, key: 'bgc_ab12_segredo' } },
    });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await enter(user, await screen.findByLabelText('Nome da chave'), 'planilha');
    answers['GET /v1/account/api-keys'] = { body: { data: [KEY] } };
    await user.click(screen.getByRole('button', { name: 'Criar chave' }));
    expect(await screen.findByLabelText('Chave nova')).toHaveProperty('value', 'bgc_ab12_segredo');
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ name: 'planilha', expires_in_days: 90 });
    await user.click(screen.getByRole('button', { name: 'Copiar chave' }));
    expect(await navigator.clipboard.readText()).toBe('bgc_ab12_segredo');
    await user.click(screen.getByRole('button', { name: 'Já guardei' }));
    expect(screen.queryByDisplayValue('bgc_ab12_segredo')).toBeNull();
    expect(await section('Chaves de API').findByText('planilha')).toBeTruthy();
  });

  it('revokes only after a confirmation', async () => {
    const { sent, answers } = stubApi({
      ...EMPTY_ACCOUNT,
      'GET /v1/account/api-keys': { body: { data: [KEY] } },
      'DELETE /v1/account/api-keys/k1': problem(500, 'internal_error'),
    });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Revogar planilha' }));
    await user.click(await screen.findByRole('button', { name: 'Cancelar' }));
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Revogar planilha' }));
    await user.click(await screen.findByRole('button', { name: 'Revogar chave' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Algo deu errado do nosso lado');
    answers['DELETE /v1/account/api-keys/k1'] = { status: 204 };
    answers['GET /v1/account/api-keys'] = { body: { data: [] } };
    await user.click(screen.getByRole('button', { name: 'Revogar chave' }));
    expect(await screen.findByText('Nenhuma chave ainda.')).toBeTruthy();
  });

  it('says what failed and loads on demand', async () => {
    const { answers } = stubApi({ ...EMPTY_ACCOUNT, 'GET /v1/account/api-keys': problem(400, 'validation_error') });
    renderPart(<AccountPage />);
    const user = userEvent.setup();
    const retry = await screen.findByRole('button', { name: 'Tentar de novo' });
    answers['GET /v1/account/api-keys'] = { body: { data: [KEY] } };
    await user.click(retry);
    expect(await screen.findByText('planilha')).toBeTruthy();
  });
});

it('lists saved products with the way to their simulation, and removes one', async () => {
  const saved = { ncm: '17011400', description: 'Açúcares de cana', saved_at: '2026-11-20T12:00:00Z' };
  const { sent, answers } = stubApi({
    ...EMPTY_ACCOUNT,
    'GET /v1/saved-products': { body: { data: [saved] } },
    'DELETE /v1/saved-products/17011400': { status: 204 },
  });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  const link = await screen.findByRole('link', { name: 'Açúcares de cana' });
  expect(link.getAttribute('href')).toBe('/simulator?ncm=17011400');
  answers['GET /v1/saved-products'] = { body: { data: [] } };
  await user.click(screen.getByRole('button', { name: 'Remover dos salvos: Açúcares de cana' }));
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Açúcares de cana' })).toBeNull());
  expect(document.activeElement?.textContent).toBe('Produtos salvos');
  expect(sent.some(({ method, path }) => method === 'DELETE' && path === '/v1/saved-products/17011400')).toBe(true);
});

it('changes the password, and says at the field when the current one is wrong', async () => {
  const { answers } = stubApi({ ...EMPTY_ACCOUNT, 'PUT /v1/account/password': problem(401, 'invalid_credentials') });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  await enter(user, await screen.findByLabelText('Senha atual'), 'errada');
  await enter(user, screen.getByLabelText('Nova senha'), PASSWORD);
  await user.click(screen.getByRole('button', { name: 'Salvar a nova senha' }));
  expect(await screen.findByText('A senha atual não confere.')).toBeTruthy();
  expect(screen.getByLabelText('Senha atual').getAttribute('aria-invalid')).toBe('true');
  answers['PUT /v1/account/password'] = { status: 204 };
  await user.click(screen.getByRole('button', { name: 'Salvar a nova senha' }));
  await waitFor(() => expect(screen.getByLabelText('Nova senha')).toHaveProperty('value', ''));
});

it('asks to sign in again when the session ended, and keeps what was typed', async () => {
  const { answers } = stubApi({ ...EMPTY_ACCOUNT, 'POST /v1/account/api-keys': problem(401, 'unauthenticated') });
  renderPart(<AccountPage />);
  const user = userEvent.setup();
  await enter(user, await screen.findByLabelText('Nome da chave'), 'planilha');
  answers['GET /v1/session'] = { body: NOBODY };
  await user.click(screen.getByRole('button', { name: 'Criar chave' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Sua sessão terminou' }));
  expect(dialog.getByLabelText('E-mail')).toHaveProperty('value', MARIA.email);
  answers['POST /v1/session'] = { body: SESSION };
  await enter(user, dialog.getByLabelText('Senha'), PASSWORD);
  await user.click(dialog.getByRole('button', { name: 'Entrar' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByLabelText('Nome da chave')).toHaveProperty('value', 'planilha');
  expect(screen.queryByText('Sua sessão terminou')).toBeNull();
});

it('says what was done in the name of the user', async () => {
  const at = '2026-11-22T14:30:00Z';
  stubApi({
    ...EMPTY_ACCOUNT,
    'GET /v1/account/activity?limit=20': {
      body: {
        data: [
          { at, action: 'sign_in', result: 'refused', credential: 'none' },
          { at, action: 'something_new', result: 'ok', credential: 'api_key' },
        ],
      },
    },
  });
  renderPart(<AccountPage />);
  const first = await screen.findByText('Entrada na conta');
  expect(first.textContent).toContain('recusada');
  expect(screen.getByText('something_new')).toBeTruthy();
  expect(plainSpaces(screen.getAllByText(/22\/11\/2026/)[0]?.textContent ?? '')).toContain('11:30');
});
