import { ErrorNotice } from '../components/ErrorNotice';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';

interface MoreButtonProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => Promise<unknown>;
  };
}

/** The next page of a list, below it. */
export function MoreButton({ list }: MoreButtonProps) {
  const texts = useTexts(pixTexts);
  const more = () => {
    if (!list.isFetchingNextPage) void list.fetchNextPage();
  };
  if (!list.hasNextPage) return null;
  return (
    <>
      {list.isFetchNextPageError && <ErrorNotice error={list.error} onRetry={more} />}
      <div>
        <button type="button" className="button" aria-disabled={list.isFetchingNextPage} onClick={more}>
          {list.isFetchingNextPage ? texts.loadingMore : texts.more}
        </button>
      </div>
    </>
  );
}
