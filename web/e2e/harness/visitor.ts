import { chromium, type Browser, type BrowserContext, type Locator, type Page, type Route } from 'playwright-core';
import { expect, inject, test as base } from 'vitest';

const { base: BASE, browser: BROWSER } = inject('harness');
const WAIT_MS = 15_000;

let browser: Promise<Browser> | null = null;
let visitors = 0;

/** Addresses of documentation (RFC 5737), a block for each worker: nobody else has them. */
function newAddress(): string {
  const blocks = ['192.0.2', '198.51.100', '203.0.113'];
  const worker = Number(process.env['VITEST_POOL_ID'] ?? '1') - 1;
  visitors += 1;
  if (visitors > 250) throw new Error('more visitors than addresses');
  return `${blocks[worker % blocks.length]}.${visitors}`;
}

export interface VisitorOptions {
  colorScheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** Several contexts of one client; a new one when left out. */
  address?: string;
}

/** A person with a browser of their own: cookies, storage, address. Whatever goes wrong unannounced fails the test. */
export class Visitor {
  readonly problems: string[] = [];
  readonly #expected: RegExp[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly address: string,
  ) {}

  static async open(options: VisitorOptions = {}): Promise<Visitor> {
    browser ??= chromium.connect(BROWSER);
    const address = options.address ?? newAddress();
    const context = await (await browser).newContext({
      baseURL: BASE,
      locale: 'pt-BR',
      timezoneId: 'America/Sao_Paulo',
      colorScheme: options.colorScheme ?? 'light',
      reducedMotion: 'reduce',
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      extraHTTPHeaders: { 'x-forwarded-for': address },
      acceptDownloads: true,
    });
    context.setDefaultTimeout(WAIT_MS);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // oxlint-disable-next-line no-console
        console.error(`content policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
    const page = await context.newPage();
    const visitor = new Visitor(context, page, address);
    page.on('console', (message) => {
      if (message.type() === 'error') visitor.#note(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => visitor.#note(`page error: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // What the page itself took back, by leaving or by asking anew, is no failure.
      if (reason !== 'net::ERR_ABORTED') visitor.#note(`request failed: ${reason} ${request.method()} ${request.url()}`);
    });
    page.on('dialog', (dialog) => {
      visitor.#note(`a dialog of the browser opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return visitor;
  }

  #note(problem: string): void {
    this.problems.push(problem);
  }

  /** The test provokes this: problems that match are no failure. */
  expectProblem(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Answers with this status are part of the test; the browser reports each on its console. */
  expectStatus(...statuses: number[]): void {
    this.#expected.push(...statuses.map((status) => new RegExp(`status of ${status} `)));
  }

  unexpected(): string[] {
    return this.problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
  }

  async go(path: string): Promise<void> {
    await this.page.goto(path, { waitUntil: 'load' });
    await this.page.locator('main h1').first().waitFor();
  }

  button(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Waits until `locator` shows. */
  async see(locator: Locator): Promise<Locator> {
    await locator.first().waitFor({ state: 'visible' });
    return locator;
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Waits until `read` gives `expected`. */
export async function eventually<Value>(read: () => Promise<Value> | Value, expected: Value): Promise<void> {
  await expect.poll(read, { timeout: WAIT_MS, interval: 50 }).toEqual(expected);
}

/** A problem+json answer that the server cannot be made to give. */
export function problemAnswer(status: number, error: string, headers: Record<string, string> = {}) {
  const body = { type: `/docs/errors#${error}`, title: error, status, detail: error, error, message: `mensagem de ${error}` };
  return (route: Route) =>
    route.fulfill({ status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(body) });
}

interface Fixtures {
  visitor: Visitor;
  /** More people, closed and judged like the first. */
  another: (options?: VisitorOptions) => Promise<Visitor>;
}

/** A test with a visitor, which fails on anything that a person's browser would complain about. */
export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern
  another: async ({}, provide) => {
    const opened: Visitor[] = [];
    await provide(async (options) => {
      const visitor = await Visitor.open(options);
      opened.push(visitor);
      return visitor;
    });
    for (const visitor of opened) await visitor.close();
    const unexpected = opened.flatMap((visitor) => visitor.unexpected());
    if (unexpected.length > 0) throw new Error(`the browser complained:\n${unexpected.join('\n')}`);
  },
  visitor: async ({ another }, provide) => {
    await provide(await another());
  },
});

export { BASE };
export { describe, expect } from 'vitest';
