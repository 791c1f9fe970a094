import { screen, waitFor, within } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { enter, problem, stubApi, type Answers, type Sent } from '../account/stub';
import { forgetPixToken } from '../api/pixToken';
import { renderPart } from '../testing/render';
import PixKeysPage from './PixKeysPage';
import { ENTRY, freshToken, SCOPES, tokenOf } from './sample';

const CODE = { possession_id: 'p1', expires_at: '2026-11-22T12:10:00Z' };

beforeEach(() => {
  forgetPixToken();
  window.history.replaceState(null, '', '/pix-keys');
});

/** The page with a token in use. */
async function signedIn(answers: Answers, scope = SCOPES): Promise<{ user: UserEvent; sent: Sent[]; answers: Answers }> {
  const stub = stubApi(answers);
  renderPart(<PixKeysPage />);
  const user = userEvent.setup();
  await enter(user, screen.getByLabelText('Cole o token'), freshToken(scope));
  await user.click(screen.getByRole('button', { name: 'Usar o token' }));
  await screen.findByText('99999008');
  return { user, ...stub };
}

async function chooseAccount(user: UserEvent): Promise<void> {
  await enter(user, screen.getByLabelText('Agência'), '0001');
  await enter(user, screen.getByLabelText('Conta com dígito'), '123456-7');
  await user.click(screen.getByRole('button', { name: 'Mostrar chaves' }));
}

const page = (entries: unknown[]) => ({ body: { data: entries, next_page_token: null } });
const bodyOf = (sent: Sent[], path: string) => sent.findLast((one) => one.path === path)?.body;

describe('the token', () => {
  it('is asked for, read, and told what is wrong with it', async () => {
    stubApi({});
    renderPart(<PixKeysPage />);
    const user = userEvent.setup();
    const use = () => user.click(screen.getByRole('button', { name: 'Usar o token' }));
    await use();
    expect((await screen.findAllByText(/cole o token\./i)).length).toBeGreaterThan(0);
    await enter(user, screen.getByLabelText('Cole o token'), tokenOf({ exp: 9_999_999_999 }));
    await use();
    expect((await screen.findAllByText(/peça um com --ispb/)).length).toBeGreaterThan(0);
    expect(screen.getByLabelText('Cole o token').getAttribute('type')).toBe('password');
  });

  it('is sent with each question, and forgotten with all that it showed', async () => {
    const { user, sent } = await signedIn({ 'POST /v1/pix-keys/search': page([ENTRY]) });
    await chooseAccount(user);
    expect(await screen.findByText('+55 (61) 98888-7777')).toBeTruthy();
    expect(sent[0]?.headers.get('authorization')).toMatch(/^Bearer ey/);
    expect(sent.every(({ path }) => !path.includes('1234567'))).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Esquecer o token' }));
    expect(screen.queryByText('+55 (61) 98888-7777')).toBeNull();
    expect(screen.getByLabelText('Cole o token')).toHaveProperty('value', '');
    expect(localStorage.length + sessionStorage.length).toBeLessThanOrEqual(1);
  });

  it('that is refused leaves the page as it is and asks for another', async () => {
    const { user, answers } = await signedIn({ 'POST /v1/pix-keys/search': problem(401, 'unauthenticated') });
    await chooseAccount(user);
    expect(await screen.findByText('O token venceu ou foi recusado')).toBeTruthy();
    answers['POST /v1/pix-keys/search'] = page([ENTRY]);
    await enter(user, screen.getByLabelText('Cole o token'), freshToken());
    await user.click(screen.getByRole('button', { name: 'Usar o token' }));
    expect(await screen.findByText('+55 (61) 98888-7777')).toBeTruthy();
    expect(screen.getByLabelText('Conta com dígito')).toHaveProperty('value', '123456-7');
  });

  it('without a scope says which one is missing', async () => {
    await signedIn({}, 'dict.claim.read');
    expect(screen.getByText('Peça um token com a permissão dict.key.read.')).toBeTruthy();
  });
});

describe('the keys of an account', () => {
  it('are listed with their state, and an empty account teaches', async () => {
    const { user, answers, sent } = await signedIn({ 'POST /v1/pix-keys/search': page([]) });
    await chooseAccount(user);
    expect(await screen.findByText(/ainda não tem chaves/)).toBeTruthy();
    expect(bodyOf(sent, '/v1/pix-keys/search')).toEqual({ account: { branch: '0001', number: '1234567', type: 'CACC' }, page_size: 20 });
    const pending = { ...ENTRY, key: { type: 'EVP', value: null }, status: 'PENDING', created_at: null, key_owned_since: null };
    answers['POST /v1/pix-keys/search'] = page([ENTRY, pending]);
    await user.click(screen.getByRole('button', { name: 'Atualizar' }));
    expect(await screen.findByText(/desde 10\/02\/2024/)).toBeTruthy();
    expect(screen.getByText('Pendente')).toBeTruthy();
    expect(screen.getByText('2 de 5 chaves')).toBeTruthy();
  });

  it('are removed only after a confirmation, in the name of the holder', async () => {
    const { user, sent, answers } = await signedIn({
      'POST /v1/pix-keys/search': page([ENTRY]),
      'POST /v1/pix-keys/delete': { body: ENTRY },
    });
    await chooseAccount(user);
    await user.click(await screen.findByRole('button', { name: 'Excluir +55 (61) 98888-7777' }));
    const dialog = within(await screen.findByRole('dialog'));
    await enter(user, dialog.getByLabelText('CPF ou CNPJ de quem pediu'), '529.982.247-25');
    answers['POST /v1/pix-keys/search'] = page([]);
    await user.click(dialog.getByRole('button', { name: 'Excluir chave' }));
    expect(await screen.findByText(/ainda não tem chaves/)).toBeTruthy();
    expect(bodyOf(sent, '/v1/pix-keys/delete')).toEqual({
      key: { type: 'PHONE', value: '+5561988887777' },
      reason: 'USER_REQUESTED',
      requester_tax_id: '52998224725',
    });
  });
});

describe('registering', () => {
  async function fill(user: UserEvent): Promise<void> {
    await chooseAccount(user);
    await enter(user, await screen.findByLabelText('CPF do titular'), '529.982.247-25');
    await enter(user, screen.getByLabelText('Nome completo'), 'Ana Souza');
    await user.type(screen.getByLabelText('Abertura da conta'), '2019-05-02');
  }

  it('a random key needs nothing but its holder; sending it again has the same id', async () => {
    const { user, sent, answers } = await signedIn({
      'POST /v1/pix-keys/search': page([]),
      'POST /v1/pix-keys': problem(503, 'source_unavailable'),
    });
    await fill(user);
    await user.selectOptions(screen.getByLabelText('Tipo de chave'), 'EVP');
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    await screen.findByRole('alert');
    const created = { ...ENTRY, key: { type: 'EVP', value: '123e4567-e89b-12d3-a456-426655440000' } };
    answers['POST /v1/pix-keys'] = { status: 201, body: created };
    answers['POST /v1/pix-keys/search'] = page([created]);
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    expect(await screen.findByText('123e4567-e89b-12d3-a456-426655440000')).toBeTruthy();
    const creations = sent.filter(({ path }) => path === '/v1/pix-keys');
    expect(creations[0]?.body).toEqual({
      key: { type: 'EVP' },
      account: { branch: '0001', number: '1234567', type: 'CACC', opened_at: '2019-05-02T03:00:00Z' },
      owner: { type: 'NATURAL_PERSON', tax_id: '52998224725', name: 'Ana Souza' },
    });
    const ids = creations.map(({ headers }) => headers.get('idempotency-key'));
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('a phone is proved with a code before it is registered', async () => {
    const { user, sent, answers } = await signedIn({
      'POST /v1/pix-keys/search': page([]),
      'POST /v1/pix-keys/possession-codes': { status: 201, body: CODE },
      'POST /v1/pix-keys/possession-codes/confirm': problem(400, 'validation_error', {
        errors: [{ pointer: '/code', detail: 'Não é o código que foi enviado.' }],
      }),
      'POST /v1/pix-keys': { status: 201, body: ENTRY },
    });
    await fill(user);
    await enter(user, screen.getByLabelText('Telefone'), '(61) 98888-7777');
    await user.click(screen.getByRole('button', { name: 'Enviar código' }));
    await screen.findByRole('heading', { name: 'Código enviado para +55 (61) 98888-7777' });
    await enter(user, screen.getByLabelText('Código'), '000000');
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    expect((await screen.findAllByText(/Não é o código que foi enviado/)).length).toBeGreaterThan(0);
    answers['POST /v1/pix-keys/possession-codes/confirm'] = { body: { confirmed_at: '2026-11-22T12:03:00Z' } };
    answers['POST /v1/pix-keys/search'] = page([ENTRY]);
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    expect(await screen.findByText(/desde 10\/02\/2024/)).toBeTruthy();
    expect(bodyOf(sent, '/v1/pix-keys')).toMatchObject({ key: { type: 'PHONE', value: '+5561988887777' }, possession_id: 'p1' });
  });

  it('a key that is at another institution is offered as portability', async () => {
    const { user, sent } = await signedIn({
      'POST /v1/pix-keys/search': page([]),
      'POST /v1/pix-keys': problem(409, 'pix_key_refused', { reason: 'ENTRY_KEY_IN_CUSTODY_OF_DIFFERENT_PARTICIPANT' }),
      'POST /v1/pix-claims': { status: 201, body: {} },
    });
    await fill(user);
    await user.selectOptions(screen.getByLabelText('Tipo de chave'), 'CPF');
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    await user.click(await screen.findByRole('button', { name: 'Pedir portabilidade' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Pedir a portabilidade desta chave?' }));
    await user.click(dialog.getByRole('button', { name: 'Pedir portabilidade' }));
    expect(await screen.findByText('Portabilidade pedida')).toBeTruthy();
    expect(bodyOf(sent, '/v1/pix-claims')).toEqual({
      type: 'PORTABILITY',
      key: { type: 'CPF', value: '52998224725' },
      claimer: { type: 'NATURAL_PERSON', tax_id: '52998224725', name: 'Ana Souza' },
      claimer_account: { branch: '0001', number: '1234567', type: 'CACC', opened_at: '2019-05-02T03:00:00Z' },
    });
  });

  it('says at the field what the server found', async () => {
    const { user } = await signedIn({
      'POST /v1/pix-keys/search': page([]),
      'POST /v1/pix-keys': problem(400, 'validation_error', {
        errors: [{ pointer: '/owner/tax_id', detail: 'Os dígitos verificadores não conferem.' }],
      }),
    });
    await fill(user);
    await user.selectOptions(screen.getByLabelText('Tipo de chave'), 'EVP');
    await user.click(screen.getByRole('button', { name: 'Registrar chave' }));
    await waitFor(() => expect(screen.getByLabelText('CPF do titular').getAttribute('aria-invalid')).toBe('true'));
  });
});
