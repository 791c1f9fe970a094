import { useMemo, useState } from 'react';
import { useCountries, useProductSearch } from '../../api/queries';
import { withCut, withProducts } from '../change';
import { codeText, type Words } from '../labels';
import type { Question } from '../question';
import { PRODUCT_LEVELS, type ProductLevel } from '../question';
import { countryWord, productsOf, productWord, SECTORS, sectorWord, ufWord } from '../sentence';
import { Picker, type Choice } from './Picker';
import { useDelayed } from './useDelayed';

interface WordProps {
  question: Question;
  words: Words;
  onChange: (question: Question) => void;
}

const SEARCH_DELAY_MS = 160;

/** The groups of products that a few digits stand for: `1201` is a heading, `12` a chapter. */
export function groupsOf(text: string, words: Words): Choice[] {
  const digits = text.replaceAll(/[.\s]/g, '');
  if (!/^\d{2,6}$/.test(digits)) return [];
  const level = ({ 2: 'sh2', 4: 'sh4', 6: 'sh6' } as const)[digits.length];
  if (level === undefined) return [];
  const { search } = words.texts;
  return [{ key: `${level}:${digits}`, name: search.wholeGroup(search.levels[level], codeText(digits)), code: codeText(digits) }];
}

function levelAndCode(key: string): { level: ProductLevel; code: string } | null {
  const [name, code] = key.split(':');
  const level = PRODUCT_LEVELS.find((known) => known === name);
  return level === undefined || code === undefined ? null : { level, code };
}

/** The product of the question: found by words, by code, or as a group by its first digits. */
export function ProductWord({ question, words, onChange }: WordProps) {
  const { texts, formats } = words;
  const [text, setText] = useState('');
  const query = useDelayed(text, SEARCH_DELAY_MS);
  const search = useProductSearch(query);
  const long = text.trim().length >= 2;
  const found = long ? (search.data?.data ?? []) : [];
  const choices: Choice[] = [
    ...groupsOf(text, words),
    ...found.map((product) => ({
      key: `ncm:${product.ncm}`,
      name: product.description ?? texts.noDescription,
      code: codeText(product.ncm),
      ...(product.exports_usd_12m === null ? {} : { aside: formats.usdCompact(product.exports_usd_12m) }),
    })),
  ];
  const chosen = productsOf(question.cuts);
  const waiting = search.isFetching || query !== text;
  const note = !long
    ? texts.search.typeMore
    : search.isError
      ? texts.search.failed
      : choices.length > 0
        ? texts.search.found(choices.length)
        : waiting
          ? texts.search.loading
          : texts.search.nothing;
  const word = productWord(question.cuts, words);
  return (
    <Picker
      word={word}
      label={texts.labels.product(word)}
      look="word"
      choices={choices}
      chosen={chosen === null ? [] : chosen.codes.map((code) => `${chosen.level}:${code}`)}
      onChoose={(keys) => {
        const read = keys[0] === undefined ? null : levelAndCode(keys[0]);
        onChange(read === null ? withProducts(question, 'ncm', []) : withProducts(question, read.level, [read.code]));
        setText('');
      }}
      many={false}
      search={texts.search.product}
      placeholder={texts.search.productPlaceholder}
      note={note}
      clear={texts.search.clear.product}
      done={texts.search.done}
      query={{ text, onChange: setText }}
    />
  );
}

/** Destinations that count. */
export function CountryWord({ question, words, onChange }: WordProps) {
  const { texts, formats, language } = words;
  const countries = useCountries();
  const choices = useMemo(
    () =>
      (countries.data ?? [])
        .map((country) => ({
          key: country.code,
          name: language === 'en' ? country.name_en : country.name_pt,
          flag: country.flag_emoji,
        }))
        .toSorted((left, right) => formats.compareNames(left.name, right.name)),
    [countries.data, language, formats],
  );
  const word = countryWord(question.cuts, words);
  const chosen = (question.cuts.country ?? []).map((code) => words.countries.get(code.toUpperCase())?.code ?? code);
  return (
    <Picker
      word={word ?? texts.addCountry}
      label={word === null ? texts.addFilter(texts.addCountry) : texts.labels.country(word)}
      look={word === null ? 'add' : 'word'}
      choices={choices}
      chosen={chosen}
      onChoose={(codes) => onChange(withCut(question, 'country', codes))}
      many
      search={texts.search.country}
      note={countries.isError ? texts.search.failed : ''}
      clear={texts.search.clear.country}
      done={texts.search.done}
    />
  );
}

/** The 27 states and the codes that are not states, by the letters that the ministry uses. */
const STATES: readonly (readonly [string, string])[] = [
  ['AC', 'Acre'], ['AL', 'Alagoas'], ['AP', 'Amapá'], ['AM', 'Amazonas'], ['BA', 'Bahia'], ['CE', 'Ceará'],
  ['DF', 'Distrito Federal'], ['ES', 'Espírito Santo'], ['GO', 'Goiás'], ['MA', 'Maranhão'], ['MT', 'Mato Grosso'],
  ['MS', 'Mato Grosso do Sul'], ['MG', 'Minas Gerais'], ['PA', 'Pará'], ['PB', 'Paraíba'], ['PR', 'Paraná'],
  ['PE', 'Pernambuco'], ['PI', 'Piauí'], ['RJ', 'Rio de Janeiro'], ['RN', 'Rio Grande do Norte'],
  ['RS', 'Rio Grande do Sul'], ['RO', 'Rondônia'], ['RR', 'Roraima'], ['SC', 'Santa Catarina'], ['SP', 'São Paulo'],
  ['SE', 'Sergipe'], ['TO', 'Tocantins'],
];

/** States of origin that count. */
export function UfWord({ question, words, onChange }: WordProps) {
  const { texts } = words;
  const word = ufWord(question.cuts, words);
  return (
    <Picker
      word={word ?? texts.addUf}
      label={word === null ? texts.addFilter(texts.addUf) : texts.labels.uf(word)}
      look={word === null ? 'add' : 'word'}
      choices={STATES.map(([key, name]) => ({ key, name, code: key }))}
      chosen={(question.cuts.uf ?? []).map((code) => code.toUpperCase())}
      onChoose={(codes) => onChange(withCut(question, 'uf', codes))}
      many
      search={texts.search.uf}
      note=""
      clear={texts.search.clear.uf}
      done={texts.search.done}
    />
  );
}

/** Sectors that count. */
export function SectorWord({ question, words, onChange }: WordProps) {
  const { texts, language } = words;
  const word = sectorWord(question.cuts, words);
  return (
    <Picker
      word={word ?? texts.addSector}
      label={word === null ? texts.addFilter(texts.addSector) : texts.labels.sector(word)}
      look={word === null ? 'add' : 'word'}
      choices={SECTORS.map((sector) => ({ key: sector.slug, name: language === 'en' ? sector.en : sector.pt }))}
      chosen={question.cuts.sector ?? []}
      onChoose={(slugs) => onChange(withCut(question, 'sector', slugs))}
      many
      search={texts.search.sector}
      note=""
      clear={texts.search.clear.sector}
      done={texts.search.done}
    />
  );
}
