import { useEffect, useState } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

/** A grey line or block where something will stand. `size` is a class of the stylesheet: `line`, `title`, `block`. */
export function Skeleton({ size = 'line' }: { size?: 'line' | 'title' | 'block' | 'card' }) {
  return <span className={`skeleton skeleton-${size}`} aria-hidden="true" />;
}

/** The place of a page whose files are on their way. */
export function PageSkeleton() {
  const texts = useTexts(commonTexts);
  return (
    <div className="page" aria-busy="true">
      <span className="visually-hidden">{texts.loading}</span>
      <Skeleton size="title" />
      <Skeleton size="block" />
    </div>
  );
}

/** True once `active` has lasted `delayMs`: what is faster than the eye shows no skeleton. */
export function useSlow(active: boolean, delayMs = 150): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setSlow(true), delayMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [active, delayMs]);
  return active && slow;
}
