import { Toast } from '@base-ui/react/toast';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createCache } from '../api/cache';
import { toastManager } from '../app/toasts';
import { LanguageProvider, type Language } from '../i18n/language';

/** Draws a part of the page inside what every part stands in. */
export function renderPart(part: ReactElement, options: { language?: Language; cache?: QueryClient } = {}) {
  const cache = options.cache ?? createCache();
  const view = render(
    <QueryClientProvider client={cache}>
      <LanguageProvider initial={options.language ?? 'pt-BR'}>
        <Toast.Provider toastManager={toastManager}>{part}</Toast.Provider>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return { cache, ...view };
}

/** Text with no-break spaces as plain ones: Intl writes U+00A0 and U+202F where a person reads a space. */
export function plainSpaces(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}
