import type { Dictionary } from './language';

const pt = {
  title: 'Para onde exportar?',
};

const en: typeof pt = {
  title: 'Where to export?',
};

/** Texts of the page Simulador. */
export const simulatorTexts: Dictionary<typeof pt> = { pt, en };
