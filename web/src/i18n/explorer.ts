import type { Dictionary } from './language';

const pt = {
  title: 'Explorador',
};

const en: typeof pt = {
  title: 'Explorer',
};

/** Texts of the page Explorer. */
export const explorerTexts: Dictionary<typeof pt> = { pt, en };
