import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The address of the API during development; `bgc up --sample` listens there.
const apiAddress = process.env['BGC_API'] ?? 'http://127.0.0.1:3000';

const FIRST_THEME = 'src/app/firstTheme.js';

/** Puts a small script before everything else in the head: a module would run only after the first frame may be drawn. */
function firstTheme(): Plugin {
  let building = false;
  return {
    name: 'first-theme',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      if (building) this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(FIRST_THEME, 'utf8') });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const built = Object.keys(bundle ?? {}).find((name) => name.startsWith('assets/theme-') && name.endsWith('.js'));
        if (building && built === undefined) throw new Error('the script of the stored theme was not written');
        return [{ tag: 'script', attrs: { src: `/${built ?? FIRST_THEME}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), firstTheme()],
  build: {
    target: 'es2022',
    // The content security policy has no data: for scripts or styles, and a hashed file is cached for good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: { '/v1': apiAddress, '/openapi.json': apiAddress, '/docs': apiAddress, '/metrics': apiAddress },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    // Typing into a form is slow where other builds keep the processor busy; a test that hangs still ends.
    testTimeout: 20_000,
  },
});
