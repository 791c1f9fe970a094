import { useQuery } from '@tanstack/react-query';
import { request } from './client';
import { ApiError } from './errors';
import type { Session, Usage } from './types';

/** Keys of what is known of the caller; sign-in and sign-out invalidate `caller`. */
export const callerKeys = {
  caller: ['caller'] as const,
  session: ['caller', 'session'] as const,
  usage: ['caller', 'usage'] as const,
  savedProducts: ['caller', 'saved-products'] as const,
};

/** Nobody is signed in. */
export const ANONYMOUS: Session = { user: null, expires_at: null };

/** A server without this route knows no callers: everyone is anonymous and nothing is counted. */
async function orWhenMissing<Answer>(answer: Promise<Answer>, missing: Answer): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return missing;
    throw error;
  }
}

/** Who is signed in. `data` is undefined until the first answer. */
export function useSession() {
  return useQuery({
    queryKey: callerKeys.session,
    queryFn: ({ signal }) => orWhenMissing(request<Session>('/v1/session', { signal }), ANONYMOUS),
    staleTime: 5 * 60_000,
  });
}

/** Free simulations used today; null when the server does not count them. Kept current by the headers of every answer. */
export function useUsage() {
  return useQuery({
    queryKey: callerKeys.usage,
    queryFn: ({ signal }) => orWhenMissing(request<Usage | null>('/v1/simulator/usage', { signal }), null),
    staleTime: 60_000,
  });
}
