import { spawn, type ChildProcess } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';

const START_DEADLINE_MS = 90_000;
const STOP_DEADLINE_MS = 15_000;

/** What every test needs to know of the server and the browser. */
export interface Harness {
  /** `http://127.0.0.1:PORT`. */
  base: string;
  browser: string;
  binary: string;
  dataDir: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    harness: Harness;
  }
}

async function onPath(name: string): Promise<string | null> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

function startServer(binary: string, dataDir: string, sample: boolean): { child: ChildProcess; base: Promise<string> } {
  const child = spawn(binary, ['up', ...(sample ? ['--sample'] : []), '--data-dir', dataDir], {
    env: {
      ...process.env,
      BGC_HTTP_LISTEN: '127.0.0.1:0',
      BGC_OPERATIONS_LISTEN: '127.0.0.1:0',
      BGC_GATEWAY_LISTEN: '127.0.0.1:0',
      BGC_DICT_LISTEN: '127.0.0.1:0',
      // Two institutions, with the simulated directory between them.
      BGC_DICT_PARTICIPANTS: '99999008,99999010',
      // Each test says from which address it calls, so that none uses up the free simulations of another.
      BGC_TRUSTED_PROXIES: '127.0.0.1',
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const last: string[] = [];
  const base = new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`the server did not listen in time:\n${last.join('\n')}`)), START_DEADLINE_MS);
    const read = (line: string) => {
      last.push(line);
      if (last.length > 40) last.shift();
      const listening = /"message":"listening".*"http":"([^"]+)"/.exec(line);
      if (listening === null) return;
      clearTimeout(timer);
      found(`http://${listening[1]}`);
    };
    // Both streams are read to their end: a full pipe would stop the server.
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) createInterface({ input: stream }).on('line', read);
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}:\n${last.join('\n')}`)));
  });
  return { child, base };
}

async function untilReady(base: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const ready = await fetch(`${base}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`${base}/ready did not answer 200 in time`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await ended;
  clearTimeout(timer);
}

async function launchBrowser(): Promise<BrowserServer> {
  const executablePath = process.env['CHROMIUM'] ?? (await onPath('chromium'));
  if (executablePath === null) throw new Error('no Chromium: install the package chromium, or name one in $CHROMIUM');
  return chromium.launchServer({
    executablePath,
    // Chromium refuses its sandbox to root only.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** Starts the real server with sample data, and one browser for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = resolve(process.env['BGC_BINARY'] ?? '../target/debug/bgc');
  // Measurements may be of data that are there already; they stay there.
  const given = process.env['BGC_BENCH'] === '1' ? process.env['BGC_DATA_DIR'] : undefined;
  const dataDir = given === undefined ? await mkdtemp(join(tmpdir(), 'bgc-e2e-')) : resolve(given);
  const server = startServer(binary, dataDir, given === undefined);
  let browser: BrowserServer | null = null;
  const teardown = async () => {
    await browser?.close();
    await stopServer(server.child);
    if (given === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const [base, launched] = await Promise.all([server.base, launchBrowser().then((made) => (browser = made))]);
    await untilReady(base);
    project.provide('harness', { base, browser: launched.wsEndpoint(), binary, dataDir });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
