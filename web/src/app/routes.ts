/** Pages that the address can name. Later pages join here and in the navigation. */
export type PageName = 'simulator' | 'explorer' | 'account' | 'pix-keys';

const PAGES: Record<string, PageName> = {
  '/': 'simulator',
  '/simulator': 'simulator',
  '/explorer': 'explorer',
  '/account': 'account',
  '/pix-keys': 'pix-keys',
};

/** The page at a path, with or without a slash at its end; null when there is none. */
export function pageOf(path: string): PageName | null {
  return PAGES[path.length > 1 ? path.replace(/\/+$/, '') : path] ?? null;
}
