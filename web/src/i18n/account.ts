import type { Dictionary } from './language';

const pt = {
  title: 'Conta',
};

const en: typeof pt = {
  title: 'Account',
};

/** Texts of the page Account. */
export const accountTexts: Dictionary<typeof pt> = { pt, en };
