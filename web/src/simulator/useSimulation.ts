import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { request } from '../api/client';
import type { Simulation } from '../api/types';
import { useLanguage } from '../i18n/language';
import { readNcm } from './ncm';
import { questionOfSearch, requestOfQuestion, searchOfQuestion, type Question } from './question';

/**
 * What an entry of the browser's history keeps beside its address: the key of one submit. A reload, the back button and
 * a retry send the same key again, so that one submit is counted once however often its answer is fetched.
 */
interface RunState {
  run: string;
}

function runOf(state: unknown): string | null {
  if (typeof state !== 'object' || state === null || !('run' in state)) return null;
  return typeof state.run === 'string' ? state.run : null;
}

/** Not randomUUID, which browsers give to pages over https and of this machine only. */
function newRun(): RunState {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { run: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

const KEPT_MS = 30 * 60_000;

/** The question in the address, its answer, and how to ask another. */
export function useSimulation() {
  const { language } = useLanguage();
  const search = useSearch();
  const [path, navigate] = useLocation();
  const run = runOf(useHistoryState<unknown>());
  const question = useMemo(() => questionOfSearch(search), [search]);
  const askable = question !== null && readNcm(question.ncm).kind === 'code';

  // An address that was typed or shared has no key yet; it gets one before it is asked.
  useEffect(() => {
    if (askable && run === null) navigate(`${path}?${search}`, { replace: true, state: newRun() });
  }, [askable, run, path, search, navigate]);

  const answer = useQuery({
    queryKey: ['simulation', run, language, question],
    queryFn: ({ signal }) =>
      request<Simulation>('/v1/simulator/destinations', {
        method: 'POST',
        body: question === null ? undefined : requestOfQuestion(question),
        headers: { 'idempotency-key': run ?? '' },
        language,
        signal,
      }),
    enabled: askable && run !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    // A simulation may cost one of the free ones: it is repeated when the user asks, and fails at once without a network.
    retry: false,
    refetchOnReconnect: false,
    networkMode: 'always',
  });

  const ask = useCallback(
    (next: Question) => navigate(`/simulator?${searchOfQuestion(next)}`, { state: newRun() }),
    [navigate],
  );
  return { question, askable, run, answer, ask };
}
