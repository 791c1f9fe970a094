import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { Visitor } from './visitor';

const { binary, dataDir } = inject('harness');
let people = 0;

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** Somebody whom no other test knows. */
export function newPerson(): Person {
  people += 1;
  const worker = process.env['VITEST_POOL_ID'] ?? '1';
  return { name: 'Maria Souza', email: `maria.${worker}.${people}@exemplo.com.br`, password: `uma frase longa ${people}` };
}

/** Signs a new person up and in, past the page. */
export async function signedUp(visitor: Visitor): Promise<Person> {
  const person = newPerson();
  const response = await visitor.context.request.post('/v1/account', { data: person });
  if (response.status() !== 201) throw new Error(`sign-up answered ${response.status()}: ${await response.text()}`);
  return person;
}

/** Runs a subcommand beside the server, as an operator would. */
export async function operate(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, [...command, '--data-dir', dataDir]);
  return stdout;
}

/** The link of the newest mail to `email`, from the outbox of the server. */
export async function mailedLink(email: string): Promise<string | null> {
  const directory = join(dataDir, 'outbox');
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.eml')).toSorted().toReversed()) {
    const mail = await readFile(join(directory, name), 'utf8');
    if (!mail.includes(`To: ${email}`)) continue;
    return /\bhttps?:\/\/\S+#reset=\S+/.exec(mail)?.[0] ?? null;
  }
  return null;
}
