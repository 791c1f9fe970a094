// Fails when the script of the first load (the entry and everything it imports statically) is too large.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const FIRST_LOAD_BYTES_MAX = 250 * 1024;

const dist = new URL('../dist/', import.meta.url);
/** @type {Record<string, {file: string, isEntry?: boolean, imports?: string[]}>} */
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));

/** @type {Set<string>} */
const firstLoad = new Set();
/** @param {string} name */
function visit(name) {
  const chunk = manifest[name];
  if (chunk === undefined || firstLoad.has(chunk.file)) return;
  firstLoad.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
}
for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(name);

let total = 0;
for (const file of firstLoad) {
  const bytes = gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;
  total += bytes;
  process.stdout.write(`${String(bytes).padStart(9)} ${file}\n`);
}
process.stdout.write(`${String(total).padStart(9)} bytes of script (gzip) in the first load; at most ${FIRST_LOAD_BYTES_MAX}\n`);
if (firstLoad.size === 0 || total > FIRST_LOAD_BYTES_MAX) process.exitCode = 1;
