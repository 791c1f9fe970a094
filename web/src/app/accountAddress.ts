/** What a link to the account can ask for; the address holds it as `?mode=`. */
export type AccountMode = 'sign-in' | 'sign-up' | 'forgot' | 'upgrade';

export const ACCOUNT_PATH = '/account';

/** The address of the account page that leads back to `next`, a path of ours with its search, afterwards. */
export function accountAddress(mode: AccountMode, next: string | null): string {
  const parameters = new URLSearchParams();
  if (mode !== 'sign-in') parameters.set('mode', mode);
  if (next !== null && next !== '/') parameters.set('next', next);
  const search = parameters.toString();
  return search === '' ? ACCOUNT_PATH : `${ACCOUNT_PATH}?${search}`;
}

/** Where the visitor is, as `next` wants it. */
export function hereOf(path: string, search: string): string {
  return search === '' ? path : `${path}?${search.replace(/^\?/, '')}`;
}
