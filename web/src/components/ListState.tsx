import type { ReactNode } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { ErrorNotice } from './ErrorNotice';
import './rows.css';
import { Skeleton, useSlow } from './Skeleton';

interface ListStateProps<Item> {
  /** Of a query, or of the pages of one put together. */
  query: {
    data: Item[] | undefined;
    isPending: boolean;
    fetchStatus: 'fetching' | 'paused' | 'idle';
    isError: boolean;
    error: unknown;
    refetch: () => Promise<unknown>;
  };
  /** What an empty list teaches. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list in each of its states: on its way, failed, empty, there. */
export function ListState<Item>({ query, empty, children }: ListStateProps<Item>) {
  const texts = useTexts(commonTexts);
  const slow = useSlow(query.isPending && query.fetchStatus !== 'idle');
  if (query.data !== undefined) return query.data.length === 0 ? <div className="quiet">{empty}</div> : children(query.data);
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="list-pending" aria-busy="true">
      {slow && (
        <>
          <span className="visually-hidden">{texts.loading}</span>
          <Skeleton />
          <Skeleton />
          <Skeleton />
        </>
      )}
    </div>
  );
}
