/** The views of the page for those who are not signed in; the address holds them as `?view=`. */
export type SignedOutView = 'sign-in' | 'sign-up' | 'forgot';

const PAGE = '/account';

/**
 * Where to go after sign-in: a path of our own, from `?next=`. Anything that a browser could take for another site is
 * refused, and so is this page itself.
 */
export function nextOfSearch(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get('next');
  // `//host` and `/\host` are addresses of other hosts to a browser.
  if (next === null || !/^\/(?![/\\])/.test(next)) return null;
  try {
    const address = new URL(next, origin);
    if (address.origin !== origin || address.pathname.startsWith('//') || address.pathname === PAGE) return null;
    return address.pathname + address.search + address.hash;
  } catch {
    return null;
  }
}

export function viewOfSearch(search: string): SignedOutView {
  const view = new URLSearchParams(search).get('view');
  return view === 'sign-up' || view === 'forgot' ? view : 'sign-in';
}

/** The address of a view of this page, with the way back kept. */
export function addressOfView(view: SignedOutView, next: string | null): string {
  const parameters = new URLSearchParams();
  if (view !== 'sign-in') parameters.set('view', view);
  if (next !== null) parameters.set('next', next);
  const search = parameters.toString();
  return search === '' ? PAGE : `${PAGE}?${search}`;
}

/** The token of the mailed link: in the fragment, which browsers send to no server. */
export function resetTokenOfHash(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('reset');
  return token === null || token === '' ? null : token;
}
