import type { ReactNode } from 'react';
import { Icon } from './Icon';

interface NoticeProps {
  /** `danger` for failures, `attention` for what should be known, `neutral` for the rest. */
  tone: 'neutral' | 'attention' | 'danger';
  title: string;
  /** `alert` interrupts a screen reader: only for the answer to what the user just did. */
  role?: 'alert' | 'status';
  children?: ReactNode;
}

/** A boxed message: what happened, and below it what to do. */
export function Notice({ tone, title, role, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon name={tone === 'neutral' ? 'info' : 'warning'} />
      <div className="notice-words">
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
