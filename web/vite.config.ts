import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The address of the API during development; `bgc up --sample` listens there.
const apiAddress = process.env['BGC_API'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
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
