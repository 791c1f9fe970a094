import { useEffect, useState } from 'react';
import { formTexts } from '../i18n/forms';
import { useTexts } from '../i18n/language';

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long to wait, counted down; read out only when the wait is over, since each second would be noise. */
export function Countdown({ seconds, onOver }: { seconds: number; onOver?: () => void }) {
  const texts = useTexts(formTexts);
  const [endMs] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => {
      const next = Math.max(0, Math.ceil((endMs - Date.now()) / 1000));
      setLeft(next);
      if (next > 0) return;
      clearInterval(timer);
      onOver?.();
    }, 250);
    return () => clearInterval(timer);
  }, [endMs, onOver]);
  return (
    <>
      {left > 0 && (
        <p role="timer" className="number">
          {texts.tryAgainIn(clock(left))}
        </p>
      )}
      <p role="status">{left === 0 ? texts.tryAgainNow : ''}</p>
    </>
  );
}
