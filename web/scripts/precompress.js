// Writes NAME.br and NAME.gz beside each text file of dist, so that the server only picks one.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = /\.(html|js|css|svg|json|txt|webmanifest)$/;
// Below this a compressed copy saves nothing that a packet would not carry anyway.
const SMALLEST_BYTES = 512;

const directory = new URL('../dist/', import.meta.url).pathname;
const names = await readdir(directory, { recursive: true });
let files = 0;
for (const name of names.filter((entry) => TEXT.test(entry)).toSorted()) {
  const path = join(directory, name);
  const content = await readFile(path);
  if (content.length < SMALLEST_BYTES) continue;
  const brotli = await promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  await writeFile(`${path}.br`, brotli);
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  files += 1;
}
process.stdout.write(`${files} files compressed\n`);
