import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useLanguage } from '../i18n/language';
import { request, type Method } from './client';
import { ANONYMOUS, callerKeys, useSession } from './session';
import type { Activity, ApiKey, NewApiKey, SavedProduct, Session } from './types';

const ACTIVITY_MAX = 20;

const accountKeys = {
  apiKeys: [...callerKeys.caller, 'api-keys'] as const,
  activity: [...callerKeys.caller, 'activity'] as const,
};

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  name: string;
  /** Left out when empty. */
  company?: string;
}

/**
 * Puts a new caller in place of the one before: what belonged to that one is forgotten, and what is on the screen is
 * asked again. The count of simulations stays until the new one comes, so that the header does not jump.
 */
export function changeCaller(cache: QueryClient, session: Session): void {
  cache.setQueryData(callerKeys.session, session);
  const shared: string[] = [callerKeys.session[1], callerKeys.usage[1]];
  const owned = cache
    .getQueryCache()
    .findAll({ queryKey: callerKeys.caller, predicate: ({ queryKey }) => typeof queryKey[1] === 'string' && !shared.includes(queryKey[1]) });
  // Forgotten without asking again: after a sign-out each would only be refused.
  for (const query of owned) query.reset();
  if (session.user !== null) for (const query of owned) void cache.invalidateQueries({ queryKey: query.queryKey });
  void cache.invalidateQueries({ queryKey: callerKeys.usage });
}

function useSend() {
  const { language } = useLanguage();
  return <Answer>(method: Method, path: string, body?: unknown) =>
    request<Answer>(path, { method, language, ...(body === undefined ? {} : { body }) });
}

export function useSignIn() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (credentials: Credentials) => send<Session>('POST', '/v1/session', credentials),
    onSuccess: (session) => changeCaller(cache, session),
  });
}

export function useSignUp() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (account: NewAccount) => send<Session>('POST', '/v1/account', account),
    onSuccess: (session) => changeCaller(cache, session),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: async () => {
      // What is still on its way to this caller would only be refused once the session is over.
      await cache.cancelQueries({ queryKey: callerKeys.caller });
      return send<null>('DELETE', '/v1/session');
    },
    onSuccess: () => changeCaller(cache, ANONYMOUS),
    onError: () => cache.invalidateQueries({ queryKey: callerKeys.caller }),
  });
}

/** Asks for a mail with a link; the answer is the same whether the address is known or not. */
export function useRequestPasswordReset() {
  const send = useSend();
  return useMutation({ mutationFn: (email: string) => send<unknown>('POST', '/v1/password-reset', { email }) });
}

/** Sets a new password with the token of the mailed link; every session of the user ends. */
export function useConfirmPasswordReset() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (change: { token: string; new_password: string }) => send<null>('POST', '/v1/password-reset/confirm', change),
    onSuccess: () => changeCaller(cache, ANONYMOUS),
  });
}

export function useChangePassword() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (change: { current_password: string; new_password: string }) => send<null>('PUT', '/v1/account/password', change),
    onSuccess: () => cache.invalidateQueries({ queryKey: accountKeys.activity }),
  });
}

export function useRequestUpgrade() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (message: string) =>
      send<{ upgrade_requested_at: string }>('POST', '/v1/account/upgrade-request', message === '' ? {} : { message }),
    onSuccess: ({ upgrade_requested_at }) => {
      cache.setQueryData<Session>(callerKeys.session, (session) =>
        session?.user ? { ...session, user: { ...session.user, upgrade_requested_at } } : session,
      );
      return cache.invalidateQueries({ queryKey: accountKeys.activity });
    },
  });
}

/** Keys of the signed-in user. */
export function useApiKeys() {
  const session = useSession();
  return useQuery({
    queryKey: accountKeys.apiKeys,
    queryFn: async ({ signal }) => (await request<{ data: ApiKey[] }>('/v1/account/api-keys', { signal })).data,
    enabled: session.data?.user != null,
  });
}

function useRefreshKeys() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: accountKeys.apiKeys }),
      cache.invalidateQueries({ queryKey: accountKeys.activity }),
    ]);
}

export function useCreateApiKey() {
  const send = useSend();
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (key: { name: string; expires_in_days?: number }) => send<NewApiKey>('POST', '/v1/account/api-keys', key),
    onSuccess: refresh,
  });
}

export function useRevokeApiKey() {
  const send = useSend();
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (id: string) => send<null>('DELETE', `/v1/account/api-keys/${encodeURIComponent(id)}`),
    onSuccess: refresh,
  });
}

export function useRemoveSavedProduct() {
  const cache = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (ncm: string) => send<null>('DELETE', `/v1/saved-products/${encodeURIComponent(ncm)}`),
    onSuccess: (_answer, ncm) => {
      cache.setQueriesData<SavedProduct[]>({ queryKey: callerKeys.savedProducts }, (products) => products?.filter((product) => product.ncm !== ncm));
      return cache.invalidateQueries({ queryKey: callerKeys.savedProducts });
    },
  });
}

/** What was done lately in the name of the signed-in user, newest first. */
export function useActivity() {
  const session = useSession();
  return useQuery({
    queryKey: accountKeys.activity,
    queryFn: async ({ signal }) => (await request<{ data: Activity[] }>(`/v1/account/activity?limit=${ACTIVITY_MAX}`, { signal })).data,
    enabled: session.data?.user != null,
    staleTime: 0,
  });
}
