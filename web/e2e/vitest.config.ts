import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `npm run e2e` runs the tests; the same harness takes pictures (`npm run screenshots`) and measures (`npm run bench`).
const shots = process.env['BGC_SHOTS'] === '1';
const bench = process.env['BGC_BENCH'] === '1';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    include: [bench ? 'e2e/**/*.bench.ts' : shots ? 'e2e/**/*.shots.ts' : 'e2e/**/*.e2e.ts'],
    globalSetup: ['e2e/harness/setup.ts'],
    // One server and one browser for all; two files at a time, each test in a browser context of its own.
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    testTimeout: bench ? 900_000 : shots ? 300_000 : 45_000,
    hookTimeout: 120_000,
    retry: 0,
  },
});
