import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { request } from '../api/client';
import { useCountries } from '../api/queries';
import type { Products } from '../api/types';
import { explorerTexts } from '../i18n/explorer';
import { useLanguage, useTexts } from '../i18n/language';
import type { Words } from './labels';
import type { Answer } from './period';
import { apiQuery, singleYear, timeOf, type Question } from './question';
import { productsOf } from './sentence';

/** How many descriptions of products are looked up for the sentence: beyond that it says how many there are. */
const DESCRIPTIONS_MAX = 1;

function exportsQuery(query: string, language: string) {
  return {
    queryKey: ['exports', language, query],
    queryFn: ({ signal }: { signal: AbortSignal }) => request<Answer>(`/v1/exports?${query}`, { signal, language }),
  };
}

/** An answer with the question it answers: a late one must never stand under another question. */
export interface Answered {
  question: Question;
  answer: Answer;
}

/** The answer to a question; the previous one stays until the next arrives. Null asks nothing. */
export function useAnswer(question: Question | null) {
  const { language } = useLanguage();
  const query = question === null ? '' : apiQuery(question);
  return useQuery({
    queryKey: ['answer', language, query],
    queryFn: async ({ signal }): Promise<Answered | null> =>
      question === null ? null : { question, answer: await request<Answer>(`/v1/exports?${query}`, { signal, language }) },
    enabled: question !== null,
    placeholderData: keepPreviousData,
  });
}

/** The question's totals: one row over everything it covers, also what the table's limit leaves out. */
export function useTotals(question: Question | null) {
  const { language } = useLanguage();
  // A single year has a change against the same months of the year before.
  const totals: Question | null =
    question === null
      ? null
      : singleYear(question.cuts) === null
        ? { rows: [], cuts: question.cuts, measures: ['fob', 'kg', 'price'], sort: null, limit: 1, chart: null }
        : { rows: ['year'], cuts: question.cuts, measures: ['fob', 'kg', 'price', 'growth'], sort: null, limit: 1, chart: null };
  return useQuery({
    ...exportsQuery(totals === null ? '' : apiQuery(totals), language),
    enabled: totals !== null,
    placeholderData: keepPreviousData,
  });
}

/** The months of the year before, for the line behind: the same question without its period, where it has one. */
export function useYearBefore(question: Question, active: boolean) {
  const { language } = useLanguage();
  const cuts = { ...question.cuts };
  const cut = cuts.year !== undefined || cuts.month !== undefined;
  delete cuts.year;
  delete cuts.month;
  const whole: Question = { ...question, cuts, measures: question.measures.slice(0, 1), sort: null };
  return useQuery({
    ...exportsQuery(apiQuery(whole), language),
    enabled: active && cut && timeOf(question) === 'month' && question.rows.length === 1,
  });
}

/** What all of the data cover, asked with the cheapest question there is. */
export function useCoverage() {
  const { language } = useLanguage();
  return useQuery(exportsQuery('measures=fob&limit=1', language));
}

/** Names for the codes of a question. */
export function useWords(cuts: Question['cuts']): Words {
  const texts = useTexts(explorerTexts);
  const { language, formats } = useLanguage();
  const countries = useCountries();
  const products = productsOf(cuts);
  const code = products !== null && products.codes.length <= DESCRIPTIONS_MAX ? (products.codes[0] ?? null) : null;
  const level = products?.level ?? 'ncm';
  const described = useQuery({
    queryKey: ['description', language, level, code],
    queryFn: async ({ signal }) => {
      if (level === 'ncm') {
        const found = await request<Products>(`/v1/ncm?q=${code}&limit=2&all=true`, { signal, language });
        return found.data.find((product) => product.ncm === code)?.description ?? null;
      }
      const query = `drilldowns=${level}&cuts=${level}:${code}&measures=fob&limit=1`;
      const answer = await request<Answer>(`/v1/exports?${query}`, { signal, language });
      const description = answer.data[0]?.[`${level}_description`];
      return typeof description === 'string' ? description : null;
    },
    enabled: code !== null && /^\d{2,8}$/.test(code),
    staleTime: Infinity,
    retry: false,
  });
  const description = described.data ?? null;
  return useMemo(
    () => ({
      texts,
      formats,
      language,
      countries: new Map((countries.data ?? []).flatMap((country) => [country.code, country.iso3, country.co_pais].flatMap((key) => (key === null ? [] : [[key, country] as const])))),
      products: new Map(code !== null && description !== null ? [[code, description]] : []),
    }),
    [texts, formats, language, countries.data, code, description],
  );
}
