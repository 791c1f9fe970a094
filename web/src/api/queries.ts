import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Language, useLanguage } from '../i18n/language';
import { request } from './client';
import { callerKeys, useSession } from './session';
import type { Country, Products, SavedProduct } from './types';

const DAY_MS = 24 * 60 * 60_000;
const SUGGESTIONS_MAX = 12;

/** Every country, in the order of the server. */
export function useCountries() {
  return useQuery({
    queryKey: ['countries'],
    queryFn: async ({ signal }) => (await request<{ data: Country[] }>('/v1/countries', { signal })).data,
    staleTime: DAY_MS,
  });
}

/** Products whose code or description fits `text`; nothing is asked for texts shorter than two characters. */
export function useProductSearch(text: string) {
  const { language } = useLanguage();
  const query = text.trim();
  return useQuery({
    queryKey: ['products', language, query],
    queryFn: ({ signal }) =>
      request<Products>(`/v1/ncm?${new URLSearchParams({ q: query, limit: String(SUGGESTIONS_MAX) })}`, { signal, language }),
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10 * 60_000,
  });
}

/** Their descriptions are in the language of the page. */
export function savedProductsKey(language: Language) {
  return [...callerKeys.savedProducts, language] as const;
}

/** Products that the signed-in user saved; asked only when someone is signed in. */
export function useSavedProducts() {
  const session = useSession();
  const { language } = useLanguage();
  return useQuery({
    queryKey: savedProductsKey(language),
    queryFn: async ({ signal }) => (await request<{ data: SavedProduct[] }>('/v1/saved-products', { signal, language })).data,
    enabled: session.data?.user != null,
  });
}
