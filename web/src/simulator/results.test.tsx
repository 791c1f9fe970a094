import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { plainSpaces, renderPart } from '../testing/render';
import { aDestination, aSimulation } from '../testing/simulation';
import { csvOfDestinations } from './csvTable';
import { Results } from './Results';

const simulation = aSimulation([
  aDestination(),
  aDestination({ rank: 4, country_code: 'ST', country_name: '=São Tomé', flag_emoji: '', growth_rate_pct: null, avg_price_usd_per_kg: null }),
]);

function draw(language: 'pt-BR' | 'en' = 'pt-BR') {
  return renderPart(<Results simulation={simulation} filtered={false} onAllCountries={() => {}} />, { language });
}

beforeEach(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{"user":null,"expires_at":null}', { headers: { 'content-type': 'application/json' } }));
});

describe('a result', () => {
  it('names the product, how many destinations, the date and the source', () => {
    const { container } = draw();
    expect(screen.getByRole('heading', { level: 2 }).textContent).toContain('1701.14.00');
    expect(plainSpaces(container.querySelector('.result-data')?.textContent ?? '')).toMatch(/2 de 60 destinos.*dados até fev\/2025.*ComexStat/);
  });
  it('shows a card with facts, marked estimates and the reason', () => {
    draw();
    const card = screen.getByRole('article', { name: '#1 Estados Unidos' });
    const text = plainSpaces(card.textContent ?? '');
    expect(text.startsWith('#1 🇺🇸 Estados Unidos')).toBe(true);
    for (const expected of [
      'Score 8,5 de 10',
      'Demanda alta',
      'Exportações do BrasilUS$ 811,4 mi/ano',
      'US$ 0,49/kg',
      '+18,1 % ao ano',
      '7.632 km',
      'Estimativas',
      '~26 %',
      'Frete de 1.000 kg~US$ 809',
      '~13 %',
      '~40 dias',
      'Por quê? 1º de 60 destinos',
    ]) {
      expect(text).toContain(expected);
    }
  });
  it('shows dashes for what is not known', () => {
    draw();
    const text = screen.getByRole('article', { name: /São Tomé/ }).textContent ?? '';
    expect(text).toContain('Crescimento—');
    expect(text).toContain('Preço médio—');
  });
  it('opens its details in place', async () => {
    draw();
    const card = screen.getByRole('article', { name: /Estados Unidos/ });
    const button = within(card).getByRole('button', { name: 'Ver detalhes de Estados Unidos' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const parts = within(card).getByRole('table', { name: 'De onde vem o score' });
    expect(plainSpaces(parts.textContent ?? '')).toContain('8,47');
    expect(parts.textContent).toContain('sem dado suficiente');
    const estimates = within(card).getByRole('table', { name: 'Estimativas, fora do score' });
    expect(plainSpaces(estimates.textContent ?? '')).toContain('de US$ 485 a US$ 1.132');
    expect(estimates.textContent).toContain('tabela da empresa');
    expect(within(card).getByRole('link', { name: 'Abrir no Explorador' }).getAttribute('href')).toBe(
      '/explorer?drilldowns=year&cuts=ncm:17011400,country:US',
    );
  });
  it('says that the freight does not close, and why a tariff is unknown', async () => {
    const estimates = aDestination().estimates;
    if (estimates === null) throw new Error('no estimates');
    const tariff = { value: null, low: null, high: null, basis: 'ACE 18', note: 'açúcar fica fora do ACE 18' };
    const argentina = aDestination({ country_name: 'Argentina', tariff_pct: null, estimates: { ...estimates, tariff } });
    renderPart(<Results simulation={aSimulation([argentina])} filtered={false} onAllCountries={() => {}} />);
    const card = screen.getByRole('article', { name: /Argentina/ });
    expect(card.textContent).toContain('Neste volume o frete não fecha');
    await userEvent.click(within(card).getByRole('button', { name: 'Ver detalhes de Argentina' }));
    const text = plainSpaces(card.textContent ?? '');
    expect(text).toContain('desconhecida: açúcar fica fora do ACE 18');
    expect(text).toContain('Valor do lote: US$ 488; frete = 165,7 % do valor');
  });
  it('speaks English', () => {
    draw('en');
    expect(screen.getByRole('article', { name: /Estados Unidos/ }).textContent).toContain('High demand');
  });
  it('says what to do when the chosen countries bought nothing', async () => {
    const all = vi.fn<() => void>();
    renderPart(<Results simulation={aSimulation([])} filtered onAllCountries={all} />);
    await userEvent.click(screen.getByRole('button', { name: 'Comparar todos os países' }));
    expect(all).toHaveBeenCalledOnce();
  });
});

it('downloads the same rows in the same order, as plain numbers, safe for spreadsheets', () => {
  const lines = csvOfDestinations(simulation.destinations, 'plain').trimEnd().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^rank,country_code,country_name,score,/);
  expect(lines[1]).toMatch(/^1,US,Estados Unidos,8\.47,alto,media,811433428,0\.488,18\.14,7631\.6,26,808\.71,13,40,/);
  expect(lines[2]).toMatch(/^4,ST,'=São Tomé,8\.47,alto,media,811433428,,,/);
  const brazilian = csvOfDestinations(simulation.destinations, 'br').split('\r\n');
  expect(brazilian[1]).toMatch(/^1;US;Estados Unidos;8,47;alto;media;811433428;0,488;18,14;7631,6;26;808,71;13;40;/);
});
