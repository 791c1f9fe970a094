import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { signedUp } from './harness/account';
import { fillOwner, OURS, showKeys, withToken } from './harness/pix';
import { problemAnswer, test, type Visitor } from './harness/visitor';

const DIRECTORY = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));

type State = [name: string, arrange: (visitor: Visitor) => Promise<unknown>];

const article = (visitor: Visitor) => visitor.see(visitor.page.getByRole('article'));
const failing = (status: number, code: string) => async (visitor: Visitor) => {
  await visitor.page.route('**/v1/simulator/destinations', problemAnswer(status, code));
  await visitor.go('/simulator?ncm=17011400');
  await visitor.see(visitor.page.getByRole('alert'));
};

const STATES: State[] = [
  ['simulator-start', (visitor) => visitor.go('/')],
  ['simulator-results', async (visitor) => (await visitor.go('/simulator?ncm=17011400'), article(visitor))],
  [
    'simulator-details',
    async (visitor) => {
      await visitor.go('/simulator?ncm=17011400&max_results=3');
      await article(visitor);
      await visitor.button(/^Ver detalhes/).first().click();
      await visitor.page.waitForLoadState('networkidle');
    },
  ],
  [
    'simulator-print',
    async (visitor) => {
      await visitor.go('/simulator?ncm=17011400');
      await article(visitor);
      await visitor.page.emulateMedia({ media: 'print' });
    },
  ],
  [
    'simulator-limit-dialog',
    async (visitor) => {
      for (const ncm of ['17011400', '26011200', '12010090', '09011110', '02023000', '10059010']) {
        await visitor.go(`/simulator?ncm=${ncm}`);
        await visitor.page.waitForLoadState('networkidle');
      }
      await visitor.see(visitor.page.getByRole('dialog'));
    },
  ],
  [
    'simulator-banner',
    async (visitor) => {
      for (const ncm of ['17011400', '26011200', '12010090']) {
        await visitor.go(`/simulator?ncm=${ncm}`);
        await article(visitor);
      }
    },
  ],
  ['simulator-not-found', async (visitor) => (await visitor.go('/simulator?ncm=99999999'), visitor.see(visitor.page.getByRole('alert')))],
  ['simulator-limit', failing(429, 'rate_limit_exceeded')],
  ['simulator-400', failing(400, 'validation_error')],
  ['simulator-500', failing(500, 'internal_error')],
  ['simulator-503', failing(503, 'overloaded')],
  ['explorer-start', (visitor) => visitor.go('/explorer')],
  ['explorer-answer', (visitor) => visitor.go('/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob,kg')],
  ['explorer-months', (visitor) => visitor.go('/explorer?drilldowns=month&cuts=ncm:17011400&measures=fob')],
  ['explorer-areas', (visitor) => visitor.go('/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob&chart=treemap')],
  ['explorer-map', (visitor) => visitor.go('/explorer?drilldowns=country&cuts=ncm:17011400&measures=fob&chart=map')],
  ['account-sign-in', (visitor) => visitor.go('/account?next=/simulator')],
  [
    'account-sign-up-errors',
    async (visitor) => {
      await visitor.go('/account?mode=sign-up');
      await visitor.button('Criar conta').click();
      await visitor.see(visitor.page.getByRole('group', { name: /precisam de atenção/ }));
    },
  ],
  ['account-forgot', (visitor) => visitor.go('/account?mode=forgot')],
  ['account-reset', (visitor) => visitor.go('/account#reset=abc')],
  [
    'account-signed-in',
    async (visitor) => {
      await signedUp(visitor);
      await visitor.context.request.put('/v1/saved-products/17011400');
      await visitor.go('/account');
      await visitor.page.getByLabel('Nome da chave').fill('planilha de preços');
      await visitor.button('Criar chave').click();
      await visitor.see(visitor.page.getByLabel('Chave nova'));
    },
  ],
  ['account-upgrade', async (visitor) => (await signedUp(visitor), visitor.go('/account?mode=upgrade'))],
  ['pix-token', (visitor) => visitor.go('/pix-keys')],
  [
    'pix-keys',
    async (visitor) => {
      await withToken(visitor, OURS);
      await showKeys(visitor, '7770001');
      // Each width and theme adds one, up to the limit of the account.
      await visitor.page.getByLabel('Tipo de chave').selectOption('EVP');
      await fillOwner(visitor, '529.982.247-25', 'Ana Souza');
      await visitor.button('Registrar chave').click();
      await visitor.see(visitor.page.getByText(/de 5 chaves/));
    },
  ],
  [
    'pix-keys-remove',
    async (visitor) => {
      await withToken(visitor, OURS);
      await showKeys(visitor, '7770001');
      await visitor.button(/^Excluir/).first().click();
      await visitor.see(visitor.page.getByRole('dialog'));
    },
  ],
  [
    'pix-register-code',
    async (visitor) => {
      await withToken(visitor, OURS);
      await showKeys(visitor, '7770002');
      await visitor.page.getByLabel('Telefone').fill('(61) 98888-7777');
      await fillOwner(visitor, '529.982.247-25', 'Ana Souza');
      await visitor.button('Enviar código').click();
      await visitor.see(visitor.page.getByLabel('Código'));
    },
  ],
  ['pix-lookup', (visitor) => withToken(visitor, OURS, '/pix-keys?view=lookup')],
  ['pix-claims', (visitor) => withToken(visitor, OURS, '/pix-keys?view=claims')],
  ['not-found', (visitor) => visitor.go('/nowhere')],
];

// One picture for each state, width and theme: to be looked at, not compared.
test.for(STATES)('%s', async ([name, arrange], { another }) => {
  await mkdir(DIRECTORY, { recursive: true });
  for (const width of [1280, 360]) {
    const visitor = await another({ width });
    visitor.expectProblem(/status of [45]\d\d/);
    await arrange(visitor);
    await visitor.page.waitForLoadState('networkidle');
    for (const colorScheme of ['light', 'dark'] as const) {
      await visitor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visitor.page.screenshot({ path: `${DIRECTORY}${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
});
