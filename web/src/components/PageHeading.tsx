import { useEffect, useRef, type ReactNode } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

/** The first page that the browser loads leaves the focus where the browser put it. */
let firstPage = true;

/**
 * The `h1` of a page. On a change of page it takes the focus, so that a screen reader says where one is and the
 * keyboard goes on from the top; it also names the document.
 */
export function PageHeading({ children, documentTitle }: { children: ReactNode; documentTitle?: string }) {
  const texts = useTexts(commonTexts);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage) heading.current?.focus();
    // Only once the effects of this frame are over: strict mode runs this effect twice.
    const timer = setTimeout(() => {
      firstPage = false;
    }, 0);
    return () => clearTimeout(timer);
  }, []);
  const title = documentTitle ?? (typeof children === 'string' ? children : null);
  useEffect(() => {
    if (title !== null) document.title = `${title} · ${texts.productName}`;
  }, [title, texts.productName]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
