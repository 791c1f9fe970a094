import { Link } from 'wouter';
import type { Simulation } from '../api/types';
import { toastManager } from '../app/toasts';
import { dialectOf, downloadCsv } from '../components/csv';
import { Icon } from '../components/Icon';
import { Notice } from '../components/Notice';
import { Skeleton } from '../components/Skeleton';
import { useFormats, useLanguage, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { csvOfDestinations } from './csvTable';
import { DestinationCard } from './DestinationCard';
import { formatNcm } from './ncm';
import { SaveStar } from './SaveStar';

function Actions({ simulation }: { simulation: Simulation }) {
  const texts = useTexts(simulatorTexts);
  const { language } = useLanguage();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toastManager.add({ title: texts.linkCopied });
    } catch {
      // Browsers refuse outside secure addresses; the user can still take it from the address bar.
      toastManager.add({ title: texts.linkNotCopied });
    }
  };
  const download = () => downloadCsv(`destinos-${simulation.ncm}.csv`, csvOfDestinations(simulation.destinations, dialectOf(language)));
  return (
    <div className="result-actions no-print">
      {simulation.destinations.length > 0 && (
        <button type="button" className="button button-small" onClick={download}>
          <Icon name="download" />
          {texts.csv}
        </button>
      )}
      <button type="button" className="button button-small" onClick={() => void copy()}>
        <Icon name="link" />
        {texts.copyLink}
      </button>
      <button type="button" className="button button-small" onClick={() => window.print()}>
        <Icon name="print" />
        {texts.print}
      </button>
    </div>
  );
}

interface ResultsProps {
  simulation: Simulation;
  /** Whether the question named countries. */
  filtered: boolean;
  onAllCountries: () => void;
}

/** The answer: the product, what the data are, and a card for each destination. */
export function Results({ simulation, filtered, onAllCountries }: ResultsProps) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const { data, destinations, ncm } = simulation;
  const source = data.sample ? texts.sampleSource : data.source === 'comexstat' ? 'ComexStat' : data.source;
  return (
    <>
      <header className="result-head">
        <div className="result-title">
          <h2 id="results-title" tabIndex={-1}>
            {simulation.ncm_description ?? texts.noDescription}
            <span aria-hidden="true"> · </span>
            <span className="result-ncm number">{formatNcm(ncm)}</span>
          </h2>
          <SaveStar ncm={ncm} description={simulation.ncm_description} />
        </div>
        <p className="result-data number">
          {texts.destinations(formats.number(destinations.length), formats.number(simulation.total_destinations))}
          <span aria-hidden="true"> · </span>
          <span className="visually-hidden">, </span>
          {texts.dataThrough(formats.month(data.through))}
          <span aria-hidden="true"> · </span>
          <span className="visually-hidden">, </span>
          {source}
          {data.months_covered < 12 && ` · ${texts.monthsCovered(data.months_covered)}`}
        </p>
        <Actions simulation={simulation} />
        <p className="print-only">{texts.printedFrom(window.location.href, formats.dateTime(simulation.calculated_at))}</p>
      </header>
      {simulation.notices?.map((notice) => (
        <Notice key={notice.code} tone="attention" title={notice.text}>
          <div className="notice-actions no-print">
            {notice.codes.map((other) => (
              <Link key={other.ncm} href={`/simulator?ncm=${other.ncm}`} className="button button-small">
                {formatNcm(other.ncm)}
                {other.description !== null && ` · ${other.description.slice(0, 60)}`}
              </Link>
            ))}
          </div>
        </Notice>
      ))}
      {destinations.length === 0 ? (
        <Notice tone="neutral" title={texts.emptyTitle}>
          <p>{filtered ? texts.emptyFilteredText : texts.emptyText}</p>
          {filtered && (
            <div className="notice-actions">
              <button type="button" className="button" onClick={onAllCountries}>
                {texts.emptyAllCountries}
              </button>
            </div>
          )}
        </Notice>
      ) : (
        <ol className="cards" aria-label={texts.resultsLabel}>
          {destinations.map((destination) => (
            <li key={destination.country_code} className="card-place">
              <DestinationCard destination={destination} simulation={simulation} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** The shape of an answer that is on its way. */
export function ResultsSkeleton({ count }: { count: number }) {
  return (
    <div className="results-skeleton">
      <Skeleton size="title" />
      <Skeleton />
      {Array.from({ length: Math.min(count, 6) }, (_, at) => (
        <Skeleton key={at} size="card" />
      ))}
    </div>
  );
}
