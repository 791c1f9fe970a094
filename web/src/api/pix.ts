import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useLanguage } from '../i18n/language';
import { request, type Method } from './client';
import { ApiError, asApiError } from './errors';
import { currentPixToken, endPixToken, usePixToken } from './pixToken';
import type {
  NewPixClaim,
  PixAccountType,
  PixClaim,
  PixClaimCancellation,
  PixClaimPage,
  PixKey,
  PixKeyEntry,
  PixKeyLookup,
  PixKeyLookupQuestion,
  PixKeyPage,
  PixKeyRegistration,
  PixKeyRemoval,
  PossessionCode,
  PossessionProof,
} from './types';

/** Claims change without us: they are asked again this often while they are on the screen. */
const CLAIMS_REFRESH_MS = 60_000;
const PAGE_SIZE = 20;

/** An account of the token's institution. */
export interface AccountOf {
  branch: string;
  number: string;
  type: PixAccountType;
}

export type ClaimSide = 'incoming' | 'outgoing';

/** A refused token says nothing about the session of the page. */
const meta = { token: true } as const;

const pixKeys = {
  all: ['pix'] as const,
  keys: ['pix', 'keys'] as const,
  claims: ['pix', 'claims'] as const,
};

interface Sending {
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

/** Asks in the name of the token's institution. */
function useSend() {
  const { language } = useLanguage();
  return async <Answer>(method: Method, path: string, { body, idempotencyKey, signal }: Sending = {}): Promise<Answer> => {
    const token = currentPixToken();
    if (token === null) throw new ApiError('unauthenticated', 'No token');
    const headers: Record<string, string> = { authorization: `Bearer ${token.text}` };
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    try {
      return await request<Answer>(path, { method, headers, language, signal, ...(body === undefined ? {} : { body }) });
    } catch (error) {
      if (asApiError(error).code === 'unauthenticated') endPixToken(token);
      throw error;
    }
  };
}

/** One id for one wish: the same until something else is wished for, so that a repetition changes nothing twice. */
function useWishId() {
  const last = useRef<{ wish: string; id: string } | null>(null);
  return (wish: unknown): string => {
    const text = JSON.stringify(wish);
    if (last.current?.wish !== text) last.current = { wish: text, id: crypto.randomUUID() };
    return last.current.id;
  };
}

/** Forgets everything that was answered to the token. */
export function forgetPixAnswers(cache: QueryClient): void {
  cache.removeQueries({ queryKey: pixKeys.all });
}

/** Asks again for what is on the screen. */
export function refreshPixAnswers(cache: QueryClient): Promise<void> {
  return cache.invalidateQueries({ queryKey: pixKeys.all });
}

/** Keys of an account, oldest first; none are asked for while there is no account. */
export function useAccountKeys(account: AccountOf | null) {
  const send = useSend();
  const { token } = usePixToken();
  return useInfiniteQuery({
    queryKey: [...pixKeys.keys, token?.ispb, account],
    queryFn: ({ pageParam, signal }) =>
      send<PixKeyPage>('POST', '/v1/pix-keys/search', {
        signal,
        body: { account: accountBody(account), page_size: PAGE_SIZE, ...(pageParam === null ? {} : { page_token: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
    enabled: account !== null,
    staleTime: 0,
    meta,
  });
}

/** An account as a request has it: an empty branch is none. */
export function accountBody(account: AccountOf | null): { branch?: string; number: string; type: PixAccountType } | null {
  if (account === null) return null;
  const { branch, number, type } = account;
  return branch === '' ? { number, type } : { branch, number, type };
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: pixKeys.keys }),
      cache.invalidateQueries({ queryKey: pixKeys.claims }),
    ]);
}

export function useRegisterKey() {
  const send = useSend();
  const refresh = useRefresh();
  const idOf = useWishId();
  return useMutation({
    mutationFn: (body: PixKeyRegistration) => send<PixKeyEntry>('POST', '/v1/pix-keys', { body, idempotencyKey: idOf(body) }),
    onSuccess: refresh,
    meta,
  });
}

export function useRemoveKey() {
  const send = useSend();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: PixKeyRemoval) => send<PixKeyEntry>('POST', '/v1/pix-keys/delete', { body }),
    onSuccess: refresh,
    meta,
  });
}

export function useLookUp() {
  const send = useSend();
  return useMutation({
    mutationFn: (body: PixKeyLookupQuestion) => send<PixKeyLookup>('POST', '/v1/pix-keys/lookup', { body }),
    meta,
  });
}

export function useSendCode() {
  const send = useSend();
  return useMutation({
    mutationFn: (key: { type: PixKey['type']; value: string }) => send<PossessionCode>('POST', '/v1/pix-keys/possession-codes', { body: { key } }),
    meta,
  });
}

export function useConfirmCode() {
  const send = useSend();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: PossessionProof) => send<{ confirmed_at: string }>('POST', '/v1/pix-keys/possession-codes/confirm', { body }),
    onSuccess: (_answer, body) => (body.claim_id == null ? undefined : refresh()),
    meta,
  });
}

/** Claims of one side, least recently changed first. */
export function useClaims(side: ClaimSide, open: boolean) {
  const send = useSend();
  const { token, ended } = usePixToken();
  return useInfiniteQuery({
    queryKey: [...pixKeys.claims, token?.ispb, side, open],
    queryFn: ({ pageParam, signal }) => {
      const question = new URLSearchParams({ side, page_size: String(PAGE_SIZE) });
      if (open) question.set('status', 'OPEN,WAITING_RESOLUTION,CONFIRMED');
      if (pageParam !== null) question.set('page_token', pageParam);
      return send<PixClaimPage>('GET', `/v1/pix-claims?${question}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
    enabled: token !== null && !ended,
    refetchInterval: CLAIMS_REFRESH_MS,
    staleTime: 0,
    meta,
  });
}

export function useStartClaim() {
  const send = useSend();
  const refresh = useRefresh();
  const idOf = useWishId();
  return useMutation({
    mutationFn: (body: NewPixClaim) => send<PixClaim>('POST', '/v1/pix-claims', { body, idempotencyKey: idOf(body) }),
    onSuccess: refresh,
    meta,
  });
}

/** What can be asked about a claim, with what it takes. */
export type ClaimStep =
  | { step: 'accept' }
  | { step: 'reject'; possession_id: string }
  | { step: 'confirm' }
  | ({ step: 'cancel' } & PixClaimCancellation);

function stepRequest(wanted: ClaimStep): [path: string, body: unknown] {
  switch (wanted.step) {
    case 'accept':
      return ['respond', { answer: 'ACCEPT' }];
    case 'reject':
      return ['respond', { answer: 'REJECT', possession_id: wanted.possession_id }];
    case 'confirm':
      return ['confirm', {}];
    case 'cancel': {
      const { step: _step, ...body } = wanted;
      return ['cancel', body];
    }
  }
}

export function useClaimStep(claimId: string) {
  const send = useSend();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wanted: ClaimStep) => {
      const [path, body] = stepRequest(wanted);
      return send<PixClaim>('POST', `/v1/pix-claims/${encodeURIComponent(claimId)}/${path}`, { body });
    },
    onSuccess: refresh,
    meta,
  });
}
