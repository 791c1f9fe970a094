import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';

interface HintProps {
  /** What is explained; the visible, clickable words. */
  children: ReactNode;
  /** Name of the explanation for screen readers. */
  label: string;
  /** The explanation. */
  text: ReactNode;
  className?: string;
}

/** Words that explain themselves on hover, on focus and Enter, and on a tap: a tooltip alone would be out of reach of a finger. */
export function Hint({ children, label, text, className }: HintProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className={`hint ${className ?? ''}`} openOnHover delay={200} closeDelay={80}>
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={8} className="floating">
          <Popover.Popup className="hint-popup" aria-label={label} initialFocus={false}>
            <Popover.Description render={<div />}>{text}</Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
