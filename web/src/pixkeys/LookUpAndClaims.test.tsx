import { screen, waitFor, within } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { enter, problem, stubApi, type Answers, type Sent } from '../account/stub';
import { forgetPixToken, readPixToken, takePixToken } from '../api/pixToken';
import { renderPart } from '../testing/render';
import PixKeysPage from './PixKeysPage';
import { CLAIM, freshToken } from './sample';

beforeEach(() => forgetPixToken());

function open(address: string, answers: Answers): { user: UserEvent; sent: Sent[]; answers: Answers } {
  window.history.replaceState(null, '', address);
  const token = readPixToken(freshToken(), Date.now());
  if (typeof token === 'string') throw new Error(token);
  takePixToken(token);
  const stub = stubApi(answers);
  renderPart(<PixKeysPage />);
  return { user: userEvent.setup(), ...stub };
}

describe('a look-up', () => {
  const FOUND = {
    key: { type: 'CPF', value: '52998224725' },
    owner_type: 'NATURAL_PERSON',
    owner_tax_id_masked: '***.982.247-**',
    owner_name: 'Ana Souza',
    owner_trade_name: null,
    participant: '88888008',
    own_base: false,
  };

  it('shows the masked person', async () => {
    const { user, sent } = open('/pix-keys?view=lookup', { 'POST /v1/pix-keys/lookup': { body: FOUND } });
    await enter(user, screen.getByLabelText('Chave'), '529.982.247-25');
    await user.click(screen.getByRole('button', { name: 'Consultar' }));
    expect(await screen.findByText('***.982.247-**')).toBeTruthy();
    expect(sent.at(-1)?.body).toEqual({ key: { type: 'CPF', value: '52998224725' } });
  });

  it('of another institution’s key names who is going to pay, and the payment', async () => {
    const { user, sent, answers } = open('/pix-keys?view=lookup', {
      'POST /v1/pix-keys/lookup': problem(400, 'validation_error', {
        errors: [
          { pointer: '/payer_tax_id', detail: 'A chave não é da sua instituição.' },
          { pointer: '/end_to_end_id', detail: 'Falta.' },
        ],
      }),
    });
    await enter(user, screen.getByLabelText('Chave'), '52998224725');
    await user.click(screen.getByRole('button', { name: 'Consultar' }));
    expect((await screen.findAllByText(/não é da sua instituição/)).length).toBeGreaterThan(0);
    await enter(user, screen.getByLabelText('CPF ou CNPJ de quem vai pagar'), '111.444.777-35');
    answers['POST /v1/pix-keys/lookup'] = { body: FOUND };
    await user.click(screen.getByRole('button', { name: 'Consultar' }));
    const asked = await screen.findByText(/^E99999008\d{12}[0-9A-Z]{11}$/);
    expect(sent.at(-1)?.body).toMatchObject({ payer_tax_id: '11144477735', end_to_end_id: asked.textContent });
  });

  it('of a key that nobody has says so, and a limit says when to come back', async () => {
    const { user, answers } = open('/pix-keys?view=lookup', { 'POST /v1/pix-keys/lookup': problem(404, 'pix_key_not_found') });
    await enter(user, screen.getByLabelText('Chave'), 'ana@exemplo.com');
    await user.click(screen.getByRole('button', { name: 'Consultar' }));
    expect(await screen.findByText('Ninguém tem esta chave')).toBeTruthy();
    answers['POST /v1/pix-keys/lookup'] = problem(429, 'rate_limit_exceeded', { headers: { 'retry-after': '480' } });
    await user.click(screen.getByRole('button', { name: 'Consultar' }));
    expect(await screen.findByText('Limite alcançado')).toBeTruthy();
    expect(screen.getByRole('timer').textContent).toBe('Tente de novo em 8:00');
  });
});

describe('claims', () => {
  const INCOMING = 'GET /v1/pix-claims?side=incoming&page_size=20&status=OPEN%2CWAITING_RESOLUTION%2CCONFIRMED';
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const claim = { ...CLAIM, resolution_period_end: soon };
  const list = (claims: unknown[]) => ({ body: { data: claims, next_page_token: null } });

  it('teach where there is none', async () => {
    open('/pix-keys?view=claims', { [INCOMING]: list([]) });
    expect(await screen.findByText(/^Nenhuma recebida/)).toBeTruthy();
  });

  it('say until when, and a key is given up only after a confirmation', async () => {
    const { user, sent, answers } = open('/pix-keys?view=claims', {
      [INCOMING]: list([claim]),
      [`POST /v1/pix-claims/${CLAIM.id}/respond`]: { body: { ...claim, status: 'CONFIRMED' } },
    });
    const [, month, day] = /^\d+-(\d+)-(\d+)/.exec(new Date(Date.parse(soon) - 3 * 3_600_000).toISOString()) ?? [];
    expect(await screen.findByText(`resposta até ${day}/${month}`)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Ceder a chave: +55 (61) 98888-7777' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Ceder a chave?' }));
    answers[INCOMING] = list([]);
    await user.click(dialog.getByRole('button', { name: 'Ceder a chave' }));
    expect(await screen.findByText(/^Nenhuma recebida/)).toBeTruthy();
    expect(sent.find(({ path }) => path.endsWith('/respond'))?.body).toEqual({ answer: 'ACCEPT' });
  });

  it('are refused with a proof of possession', async () => {
    const { user, sent } = open('/pix-keys?view=claims', {
      [INCOMING]: list([claim]),
      'POST /v1/pix-keys/possession-codes': { status: 201, body: { possession_id: 'p1', expires_at: soon } },
      'POST /v1/pix-keys/possession-codes/confirm': { body: { confirmed_at: soon } },
      [`POST /v1/pix-claims/${CLAIM.id}/respond`]: { body: { ...claim, status: 'CANCELLED' } },
    });
    await user.click(await screen.findByRole('button', { name: /^Recusar/ }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Enviar código' }));
    await enter(user, await dialog.findByLabelText('Código'), '402816');
    await user.click(dialog.getByRole('button', { name: 'Confirmar código' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent.find(({ path }) => path.endsWith('/respond'))?.body).toEqual({ answer: 'REJECT', possession_id: 'p1' });
  });

  it('of portability are cancelled with a reason of one’s side', async () => {
    const portability = { ...claim, type: 'PORTABILITY', key: { type: 'CPF', value: '52998224725' }, completion_period_end: null };
    const outgoing = INCOMING.replace('incoming', 'outgoing');
    const { user, sent } = open('/pix-keys?view=claims&side=outgoing', {
      [outgoing]: list([portability]),
      [`POST /v1/pix-claims/${CLAIM.id}/cancel`]: problem(409, 'pix_key_refused', { reason: 'CLAIM_OPERATION_INVALID' }),
    });
    await user.click(await screen.findByRole('button', { name: 'Cancelar: 529.982.247-25' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.selectOptions(dialog.getByLabelText('Motivo'), 'ACCOUNT_CLOSURE');
    await user.click(dialog.getByRole('button', { name: 'Cancelar' }));
    expect(await dialog.findByText('O diretório não permite')).toBeTruthy();
    expect(sent.find(({ path }) => path.endsWith('/cancel'))?.body).toEqual({ reason: 'ACCOUNT_CLOSURE', role: 'CLAIMER' });
  });
});
