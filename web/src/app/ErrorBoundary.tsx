import { Component, type ReactNode } from 'react';
import { Notice } from '../components/Notice';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

function Broken() {
  const texts = useTexts(commonTexts);
  return (
    <div className="page">
      <Notice tone="danger" title={texts.pageBroke} role="alert">
        <p>{texts.pageBrokeText}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {texts.reload}
        </button>
      </Notice>
    </div>
  );
}

/** Keeps the shell standing when a page breaks, or when one of its files cannot be loaded. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
