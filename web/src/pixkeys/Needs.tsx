import type { ReactNode } from 'react';
import type { PixToken } from '../api/pixToken';
import { Notice } from '../components/Notice';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';

/** What is shown only to a token with a scope; without it, which one to ask for. */
export function Needs({ token, scope, children }: { token: PixToken; scope: string; children: ReactNode }) {
  const texts = useTexts(pixTexts);
  if (token.scopes.includes(scope)) return children;
  return (
    <Notice tone="attention" title={texts.missingScope}>
      <p>{texts.missingScopeText(scope)}</p>
    </Notice>
  );
}
