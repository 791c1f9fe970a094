import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { plainSpaces, renderPart } from '../testing/render';
import ExplorerPage from './ExplorerPage';

// The first drawing loads its chart's file; a busy machine needs longer for it than the usual second.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

const META = { snapshot: 's', source: 'comexstat', sample: false, through: '2024-12', limit: 10_000, offset: 0, language: 'pt-BR', covered: [{ from: '2020-01', to: '2024-12' }], partial_years: [] };
const ROWS = [
  { country: 'CN', country_name: 'China', fob: 30, kg: 10, price: 3, share: 0.75 },
  { country: 'US', country_name: 'Estados Unidos', fob: 10, kg: 10, price: 1, share: 0.25 },
];

/** What the API was asked, in order. */
let asked: string[] = [];
/** Answers a question by its rows; null leaves it to the usual answers. */
let answerRows: () => Response | null = () => null;

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

function answerOf(address: string): Response {
  asked.push(address);
  if (address.startsWith('/v1/exports')) {
    const drilled = address.includes('drilldowns=country') || address.includes('drilldowns=month');
    if (drilled) return answerRows() ?? json({ data: ROWS, meta: { ...META, total_rows: 2 } });
    return json({ data: [{ fob: 40, kg: 20, price: 2 }], meta: { ...META, total_rows: 1 } });
  }
  return json({ data: [], meta: { query: '', total: 0, limit: 1, snapshot: 's' } });
}

beforeEach(() => {
  asked = [];
  answerRows = () => null;
  vi.stubGlobal('fetch', vi.fn(async (address: string) => answerOf(address)));
});

function open(address: string): void {
  window.history.replaceState(null, '', address);
  renderPart(<ExplorerPage />);
}

describe('the page Explorador', () => {
  it('answers and teaches on a first visit', async () => {
    open('/explorer');
    const table = await screen.findByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(4);
    expect(plainSpaces(within(table).getByRole('row', { name: /Total/ }).textContent ?? '')).toBe('Total40202,0000100,00');
    expect(screen.getAllByRole('link')).toHaveLength(5);
    expect(asked.some((address) => address.includes('cuts=year:2024'))).toBe(true);
  });

  it('carries the order of the table into the address and the API', async () => {
    open('/explorer?drilldowns=country&cuts=year:2024&measures=fob,kg');
    await userEvent.click(await screen.findByRole('button', { name: /Peso líquido/ }));
    expect(window.location.search).toContain('sort=kg.desc');
    await waitFor(() => expect(asked.at(-1)).toContain('sort=kg.desc'));
  });

  it('downloads the question as a workbook, and says when it cannot', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    open('/explorer?drilldowns=country&cuts=year:2024&measures=fob,kg');
    await userEvent.click(await screen.findByRole('button', { name: /Baixar XLSX/ }));
    await waitFor(() => expect(saved).toHaveBeenCalledOnce());
    const workbook = asked.find((address) => address.includes('format=xlsx'));
    expect(workbook).toContain('drilldowns=country&cuts=year:2024&measures=fob,kg&sort=fob.desc');
    expect(workbook).toContain('lang=pt-BR');
    answerRows = () => json({ error: 'overloaded' }, 503);
    await userEvent.click(screen.getByRole('button', { name: /Baixar XLSX/ }));
    await waitFor(() => expect(asked.filter((address) => address.includes('format=xlsx'))).toHaveLength(2));
    expect(saved).toHaveBeenCalledOnce();
    expect(clicked).toHaveBeenCalledOnce();
    saved.mockRestore();
    clicked.mockRestore();
  });

  it('offers smaller questions when one is too large, and asks the chosen one', async () => {
    answerRows = () => json({ error: 'query_too_large', message: 'too many rows', status: 422 }, 422);
    open('/explorer?drilldowns=country,ncm&measures=fob');
    const smaller = await screen.findByRole('button', { name: 'Sem abrir por produto (NCM)' });
    answerRows = () => null;
    await userEvent.click(smaller);
    expect(await screen.findByRole('table')).toBeDefined();
    expect(window.location.search).toContain('drilldowns=country&');
  });

  it('names the wrong parts of a question and takes a filter out', async () => {
    answerRows = () => json({ error: 'validation_error', message: 'cuts', status: 400, errors: [{ pointer: 'cuts', detail: '"XX" não é um país' }] }, 400);
    open('/explorer?drilldowns=country&cuts=country:XX&measures=fob');
    expect(await screen.findByText('"XX" não é um país')).toBeDefined();
    answerRows = () => null;
    await userEvent.click(screen.getByRole('button', { name: 'Tirar: XX' }));
    expect(await screen.findByRole('table')).toBeDefined();
    expect(window.location.search).not.toContain('XX');
  });

  it('says that a period is not covered', async () => {
    answerRows = () => json({ data: [], meta: { ...META, covered: [], total_rows: 0 } });
    open('/explorer?drilldowns=month&cuts=year:2031&measures=fob');
    expect(await screen.findByText(/O último mês coberto é dez\/2024/)).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Usar os últimos 12 meses' }));
    expect(window.location.search).toContain('cuts=year:2024');
  });

  it('says what of a partial year is there, and offers the like-with-like comparison', async () => {
    answerRows = () => json({ data: ROWS, meta: { ...META, through: '2025-02', covered: [{ from: '2025-01', to: '2025-02' }], partial_years: [2025], total_rows: 2 } });
    open('/explorer?drilldowns=country&cuts=year:2025&measures=fob');
    expect(await screen.findByText('Período parcial: 2025 só tem jan/2025–fev/2025 (2 de 12 meses)')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Comparar com os mesmos meses do ano anterior' }));
    expect(window.location.search).toContain('drilldowns=year,country&cuts=year:2025&measures=growth,fob');
  });

  it('shows what it ignored in the address', async () => {
    open('/explorer?drilldowns=country,planet&measures=fob');
    expect(await screen.findByText('Partes do endereço que ignoramos: planet')).toBeDefined();
  });
});
