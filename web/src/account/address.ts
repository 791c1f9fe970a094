import { ACCOUNT_PATH, accountAddress, type AccountMode } from '../app/accountAddress';

/** The views of the page for those who are not signed in. */
export type SignedOutView = Exclude<AccountMode, 'upgrade'>;

/**
 * Where to go after sign-in: a path of our own, from `?next=`. Anything that a browser could take for another site is
 * refused, and so is this page itself, save for its request for premium.
 */
export function nextOfSearch(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get('next');
  // `//host` and `/\host` are addresses of other hosts to a browser.
  if (next === null || !/^\/(?![/\\])/.test(next)) return null;
  try {
    const address = new URL(next, origin);
    if (address.origin !== origin || address.pathname.startsWith('//')) return null;
    const path = address.pathname + address.search + address.hash;
    return address.pathname === ACCOUNT_PATH && path !== accountAddress('upgrade', null) ? null : path;
  } catch {
    return null;
  }
}

/** What the address asks of this page. */
export function modeOfSearch(search: string): AccountMode {
  const mode = new URLSearchParams(search).get('mode');
  return mode === 'sign-up' || mode === 'forgot' || mode === 'upgrade' ? mode : 'sign-in';
}

/** The address of a view of this page, with the way back and a request for premium kept. */
export function addressOfView(view: SignedOutView, next: string | null): string {
  return accountAddress(view, next);
}

/** The token of the mailed link: in the fragment, which browsers send to no server. */
export function resetTokenOfHash(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('reset');
  return token === null || token === '' ? null : token;
}
