import { useCallback, useEffect, useState } from 'react';

/** What the visitor chose; `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark';

// firstTheme.js reads the same key before anything is drawn.
const STORAGE_KEY = 'bgc.theme';
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** The theme and how to go to the next one: system, light, dark. */
export function useTheme(): { theme: Theme; next: () => void } {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  useEffect(() => {
    apply(theme);
    try {
      if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, theme);
    } catch {
      // A browser that keeps nothing still changes its theme until it is closed.
    }
  }, [theme]);
  const next = useCallback(() => setTheme((current) => NEXT[current]), []);
  return { theme, next };
}
