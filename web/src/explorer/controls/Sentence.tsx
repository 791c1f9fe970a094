import { withCut } from '../change';
import type { Words } from '../labels';
import type { Span } from '../period';
import type { Question } from '../question';
import { MeasureWord } from './MeasureWord';
import { PeriodWord } from './PeriodWord';
import { CountryWord, ProductWord, SectorWord, UfWord } from './pickers';
import { RowsWord } from './RowsWord';

interface SentenceProps {
  question: Question;
  words: Words;
  covered: readonly Span[];
  through: string | null;
  onChange: (question: Question) => void;
}

/** The question in words; each underlined word changes it. Filters that are not set wait below the sentence. */
export function Sentence({ question, words, covered, through, onChange }: SentenceProps) {
  const { texts } = words;
  const word = { question, words, onChange };
  const { cuts } = question;
  const unset = cuts.country === undefined || cuts.uf === undefined || cuts.sector === undefined;
  return (
    <section className="question" aria-label={texts.question}>
      <p className="sentence">
        {texts.exportsOf} <ProductWord {...word} />
        {cuts.country !== undefined && (
          <>
            {' '}
            {texts.to} <CountryWord {...word} />
          </>
        )}
        {cuts.uf !== undefined && (
          <>
            {' '}
            {texts.from} <UfWord {...word} />
          </>
        )}
        {cuts.sector !== undefined && (
          <>
            {' '}
            {texts.ofSector} <SectorWord {...word} />
          </>
        )}
        {cuts.via !== undefined && (
          <>
            {' '}
            {texts.byWay}{' '}
            <button
              type="button"
              className="word"
              aria-label={texts.clearFilter(`${texts.dimensions.via} ${cuts.via.join(', ')}`)}
              onClick={() => onChange(withCut(question, 'via', []))}
            >
              {cuts.via.join(', ')} ×
            </button>
          </>
        )}{' '}
        {texts.by}{' '}
        <span className="word-comma">
          <RowsWord {...word} />,
        </span>{' '}
        <span className="word-comma">
          <PeriodWord {...word} covered={covered} through={through} />,
        </span>{' '}
        <MeasureWord {...word} />
      </p>
      {unset && (
        <p className="add-filters no-print">
          {cuts.country === undefined && <CountryWord {...word} />}
          {cuts.uf === undefined && <UfWord {...word} />}
          {cuts.sector === undefined && <SectorWord {...word} />}
        </p>
      )}
    </section>
  );
}
