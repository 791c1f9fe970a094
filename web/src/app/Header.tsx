import { Link } from 'wouter';
import { Icon, type IconName } from '../components/Icon';
import { commonTexts } from '../i18n/common';
import { useLanguage, useTexts, type Language } from '../i18n/language';
import { CallerIndicator } from './CallerIndicator';
import type { PageName } from './routes';
import { useTheme, type Theme } from './theme';

const NAVIGATION: { page: PageName; href: string; text: 'simulator' | 'explorer' | 'pixKeys' }[] = [
  { page: 'simulator', href: '/simulator', text: 'simulator' },
  { page: 'explorer', href: '/explorer', text: 'explorer' },
  { page: 'pix-keys', href: '/pix-keys', text: 'pixKeys' },
];

const THEME_ICON: Record<Theme, IconName> = { system: 'theme-system', light: 'theme-light', dark: 'theme-dark' };

function LanguageSwitch() {
  const texts = useTexts(commonTexts);
  const { language, setLanguage } = useLanguage();
  const choice = (value: Language, short: string, name: string) => (
    <button
      type="button"
      className="segment"
      lang={value}
      aria-pressed={language === value}
      aria-label={`${short} – ${name}`}
      onClick={() => setLanguage(value)}
    >
      {short}
    </button>
  );
  return (
    <div className="segments" role="group" aria-label={texts.language}>
      {choice('pt-BR', 'PT', texts.portuguese)}
      {choice('en', 'EN', texts.english)}
    </div>
  );
}

function ThemeSwitch() {
  const texts = useTexts(commonTexts);
  const { theme, next } = useTheme();
  const label = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark }[theme];
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={next}>
      <Icon name={THEME_ICON[theme]} />
    </button>
  );
}

/** Brand, pages, the caller, language and theme. */
export function Header({ page }: { page: PageName | null }) {
  const texts = useTexts(commonTexts);
  return (
    <header className="header">
      <div className="header-inner">
        <Link href="/" className="brand" aria-label={`bgc – ${texts.productName}`}>
          <Icon name="brand" />
          <span>bgc</span>
        </Link>
        <nav className="navigation" aria-label={texts.mainNavigation}>
          {NAVIGATION.map((entry) => (
            <Link key={entry.page} href={entry.href} aria-current={page === entry.page ? 'page' : undefined}>
              {texts[entry.text]}
            </Link>
          ))}
        </nav>
        <div className="header-end">
          <CallerIndicator current={page === 'account'} />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}
