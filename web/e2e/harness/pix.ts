import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { operate } from './account';
import type { Visitor } from './visitor';

const { dataDir } = inject('harness');

/** The institutions that the server speaks for (`BGC_DICT_PARTICIPANTS` in setup.ts). */
export const OURS = '99999008';
export const OURS_TOO = '99999010';

const SCOPES = 'dict.key.read,dict.key.write,dict.claim.read,dict.claim.write,dict.lookup.display,dict.possession';

/** A token of an institution, as its operator would get one. */
export async function pixToken(ispb: string, scopes = SCOPES): Promise<string> {
  return (await operate('token', 'issue', '--sub', 'e2e', '--ispb', ispb, '--scope', scopes)).trim();
}

/** Opens the page and pastes a token. */
export async function withToken(visitor: Visitor, ispb: string, path = '/pix-keys'): Promise<void> {
  await visitor.go(path);
  await visitor.page.getByLabel('Cole o token').fill(await pixToken(ispb));
  await visitor.button('Usar o token').click();
  await visitor.see(visitor.page.getByText(ispb, { exact: true }));
}

/** Chooses an account and waits for its keys. */
export async function showKeys(visitor: Visitor, number: string): Promise<void> {
  const { page } = visitor;
  await page.getByLabel('Agência').fill('0001');
  await page.getByLabel('Conta com dígito').fill(number);
  await visitor.button('Mostrar chaves').click();
  await visitor.see(page.getByRole('heading', { name: 'Registrar chave' }));
}

/** Fills in who has the account. */
export async function fillOwner(visitor: Visitor, taxId: string, name: string): Promise<void> {
  const { page } = visitor;
  await page.getByLabel('CPF do titular').fill(taxId);
  await page.getByLabel('Nome completo').fill(name);
  await page.getByLabel('Abertura da conta').fill('2019-05-02');
}

/** The code that was last sent to a key, from the outbox of the server; null where there is none. */
export async function sentCode(key: string): Promise<string | null> {
  const directory = join(dataDir, 'outbox');
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.txt')).toSorted().toReversed()) {
    const [, to, code] = (await readFile(join(directory, name), 'utf8')).split('\n');
    if (to === key) return code ?? null;
  }
  return null;
}
