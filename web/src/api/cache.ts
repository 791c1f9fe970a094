import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { asApiError } from './errors';
import { onAnswer } from './reports';
import { ANONYMOUS, callerKeys } from './session';

/** Silent retries of a reading request; a simulation is never repeated without the user. */
const RETRIES_MAX = 1;

/** The page's cache of answers, with what every answer's headers say kept current in it. */
export function createCache(): QueryClient {
  // A session that ended in between shows in the whole page at once, not only where it was noticed.
  // A token of a page's own that is refused says nothing about the session.
  const onError = (error: unknown, meta: Record<string, unknown> | undefined) => {
    if (asApiError(error).code === 'unauthenticated' && meta?.['token'] !== true) cache.setQueryData(callerKeys.session, ANONYMOUS);
  };
  const cache = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => onError(error, query.meta) }),
    mutationCache: new MutationCache({ onError: (error, _values, _result, mutation) => onError(error, mutation.meta) }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES_MAX && asApiError(error).worthRetrying,
        retryDelay: 400,
        refetchOnWindowFocus: false,
        staleTime: 60_000,
      },
      // A change is sent at once, and fails with words, rather than waiting unseen for the network.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  onAnswer((report) => {
    const { usage } = report;
    if (usage !== null) {
      // A question about the usage that is still on its way may answer with the count of before.
      void cache
        .cancelQueries({ queryKey: callerKeys.usage }, { revert: false, silent: true })
        .then(() => cache.setQueryData(callerKeys.usage, usage));
    }
    if (report.sample !== null) cache.setQueryData(sampleKey, report.sample);
  });
  return cache;
}

/** Whether the data behind the last answer are the sample. */
export const sampleKey = ['data', 'sample'] as const;
