import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults, ElementContext, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const SOURCE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

declare global {
  interface Window {
    axe: { run: (context: ElementContext, options: RunOptions) => Promise<AxeResults> };
  }
}

/**
 * Zero violations of WCAG 2.2 AA; `state` says in the message where a violation was found. The themes differ in their
 * colours only, so that both are checked for the main state of each page and the light one for the rest.
 */
export async function checkAxe(page: Page, state: string, themes: readonly ('light' | 'dark')[] = ['light']): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await SOURCE);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate(async (tags) => {
      const results = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
      return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join(' | ')}`);
    }, TAGS);
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
  if (themes.length > 1) await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

export const BOTH_THEMES = ['dark', 'light'] as const;
