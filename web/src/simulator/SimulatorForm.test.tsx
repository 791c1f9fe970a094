import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/errors';
import { renderPart } from '../testing/render';
import { WEIGHTS_DEFAULT, type Question } from './question';
import { SimulatorForm } from './SimulatorForm';

function answerOf(address: string): unknown {
  if (address.startsWith('/v1/ncm')) return { data: [], meta: { query: '', total: 0, limit: 12, snapshot: 's' } };
  if (address.startsWith('/v1/countries')) return { data: [] };
  if (address.startsWith('/v1/simulator/usage')) {
    return { tier: 'free', limit: 5, used: 3, remaining: 2, resets_at: '2026-11-26T03:00:00Z' };
  }
  return { user: null, expires_at: null };
}

beforeEach(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) =>
    Response.json(answerOf(typeof input === 'string' ? input : '')),
  );
});

function draw(question: Question | null = null, refusal: ApiError | null = null) {
  const onAsk = vi.fn<(question: Question) => void>();
  renderPart(<SimulatorForm question={question} refusal={refusal} running={false} onAsk={onAsk} />);
  return onAsk;
}

it('masks the code while it is typed and asks with the plain digits', async () => {
  const onAsk = draw();
  await userEvent.type(screen.getByLabelText('Produto (NCM)'), '17011400');
  expect(screen.getByLabelText<HTMLInputElement>('Produto (NCM)').value).toBe('1701.14.00');
  await userEvent.type(screen.getByLabelText('Volume (kg)'), '1.234,5');
  await userEvent.click(screen.getByRole('button', { name: 'Simular destinos' }));
  expect(onAsk.mock.calls[0]?.[0]).toEqual({
    ncm: '17011400',
    volumeKg: 1234.5,
    countries: [],
    maxResults: 10,
    weights: WEIGHTS_DEFAULT,
  });
});

it('refuses nine digits at once, with a hint in the field', async () => {
  const onAsk = draw();
  const field = screen.getByLabelText('Produto (NCM)');
  await userEvent.type(field, '170114001');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toContain('O NCM tem 8 dígitos');
  await userEvent.click(screen.getByRole('button', { name: 'Simular destinos' }));
  expect(onAsk).not.toHaveBeenCalled();
});

it('says what is missing and goes to the field', async () => {
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'Simular destinos' }));
  expect(await screen.findByText('Diga qual é o produto: o código NCM ou o nome.')).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText('Produto (NCM)'));
});

it('puts what the server refused beside the field', async () => {
  const question = { ncm: '17011400', volumeKg: null, countries: ['XX'], maxResults: 10, weights: WEIGHTS_DEFAULT };
  draw(question, new ApiError('validation_error', 'x', { status: 400, fields: [{ pointer: '/countries/0', detail: 'País desconhecido: "XX".' }] }));
  expect(await screen.findByText('País desconhecido: "XX".')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Tirar XX' })).toBeTruthy();
});

it('always says how many free simulations are used', async () => {
  draw();
  expect(await screen.findByText('Você usou 3 de 5 simulações gratuitas hoje')).toBeTruthy();
});
