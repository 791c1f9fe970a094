import type { Dictionary } from './language';

const pt = {
  optional: 'opcional',
  sending: 'Enviando…',
  summaryTitle: (count: number) => (count === 1 ? 'Um campo precisa de atenção' : `${count} campos precisam de atenção`),
  tryAgainIn: (clock: string) => `Tente de novo em ${clock}`,
  tryAgainNow: 'Você já pode tentar de novo.',
};

const en: typeof pt = {
  optional: 'optional',
  sending: 'Sending…',
  summaryTitle: (count) => (count === 1 ? 'One field needs attention' : `${count} fields need attention`),
  tryAgainIn: (clock) => `Try again in ${clock}`,
  tryAgainNow: 'You can try again now.',
};

/** Texts that every form shares. */
export const formTexts: Dictionary<typeof pt> = { pt, en };
