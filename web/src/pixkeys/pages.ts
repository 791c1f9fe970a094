import { asApiError } from '../api/errors';

interface Pages<Item> {
  data: { pages: { data: Item[] }[] } | undefined;
  isPending: boolean;
  fetchStatus: 'fetching' | 'paused' | 'idle';
  isError: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
}

/** The pages of a list put together, as `ListState` shows them. A token that is over is told above, not in each list. */
export function listOf<Item>(query: Pages<Item>) {
  const { isPending, fetchStatus, error, refetch } = query;
  const isError = query.isError && asApiError(error).code !== 'unauthenticated';
  return { data: query.data?.pages.flatMap((page) => page.data), isPending, fetchStatus, isError, error, refetch };
}
