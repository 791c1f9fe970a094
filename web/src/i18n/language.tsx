import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { formatsOf, type Formats } from './formats';

/** Languages of the page; the values are what `lang` and `Accept-Language` carry. */
export type Language = 'pt-BR' | 'en';

/** The same texts in both languages; the compiler sees to it that neither lacks one. */
export interface Dictionary<Texts> {
  pt: Texts;
  en: Texts;
}

interface LanguageContextValue {
  language: Language;
  setLanguage: (language: Language) => void;
  formats: Formats;
}

const STORAGE_KEY = 'bgc.language';

const LanguageContext = createContext<LanguageContextValue | null>(null);

/** Portuguese unless the visitor chose otherwise: the product speaks to Brazilian exporters. */
function storedLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'pt-BR';
  } catch {
    return 'pt-BR';
  }
}

export function LanguageProvider({ children, initial }: { children: ReactNode; initial?: Language }) {
  const [language, setLanguage] = useState<Language>(() => initial ?? storedLanguage());
  useEffect(() => {
    document.documentElement.lang = language;
    try {
      localStorage.setItem(STORAGE_KEY, language);
    } catch {
      // A browser that keeps nothing still shows the page; the choice lasts until it is closed.
    }
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage, formats: formatsOf(language) }), [language]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** The language of the page and how to change it. */
export function useLanguage(): LanguageContextValue {
  const value = useContext(LanguageContext);
  if (value === null) throw new Error('useLanguage needs a LanguageProvider above it');
  return value;
}

/** Texts of a dictionary in the page's language. */
export function useTexts<Texts>(dictionary: Dictionary<Texts>): Texts {
  return useLanguage().language === 'en' ? dictionary.en : dictionary.pt;
}

/** Numbers and dates in the page's language. */
export function useFormats(): Formats {
  return useLanguage().formats;
}
