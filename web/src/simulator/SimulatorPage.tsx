import { useEffect, useRef, useState } from 'react';
import { asApiError } from '../api/errors';
import { PageHeading } from '../components/PageHeading';
import { useSlow } from '../components/Skeleton';
import { useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { Failure } from './Failure';
import { formatNcm } from './ncm';
import { MAX_RESULTS_DEFAULT, WEIGHTS_DEFAULT, type Question } from './question';
import { Results, ResultsSkeleton } from './Results';
import { SimulatorForm } from './SimulatorForm';
import { Start } from './Start';
import { UpgradeDialog, UsageBanner } from './UpgradeDialog';
import { useSimulation } from './useSimulation';
import './simulator.css';
import './results.css';
import './details.css';

/** The first field that is wrong, or else the product. */
function focusField(): void {
  const wrong = document.querySelector<HTMLElement>('.question [aria-invalid="true"]');
  (wrong ?? document.getElementById('ncm'))?.focus();
}

/** On a small screen the answer stands below the form: brings it into view once it is there. */
function showResults(): void {
  const heading = document.getElementById('results-title');
  if (heading !== null && heading.getBoundingClientRect().top > window.innerHeight * 0.8) heading.scrollIntoView();
}

/** The page Simulador: the question on the left, the answer where the eye already is. */
export default function SimulatorPage() {
  const texts = useTexts(simulatorTexts);
  const { question, askable, run, answer, ask } = useSimulation();
  const error = answer.isError ? asApiError(answer.error) : null;
  const limited = error?.code === 'rate_limit_exceeded';
  const [optionsAsked, setOptionsAsked] = useState(false);
  /** The run whose limit the user has seen and closed. */
  const [closedRun, setClosedRun] = useState<string | null>(null);
  const optionsOpen = optionsAsked || (limited && closedRun !== run);
  const submitted = useRef(false);

  const running = askable && (answer.isFetching || run === null);
  const slow = useSlow(running);
  // The last answer stays for a blink, so that a quick answer replaces it without a grey frame between.
  const current = answer.isPlaceholderData && (slow || question === null) ? undefined : answer.data;
  const simulation = askable ? current : undefined;

  const fresh = simulation !== undefined && !answer.isPlaceholderData;
  useEffect(() => {
    if (!fresh || !submitted.current) return;
    submitted.current = false;
    showResults();
  }, [fresh]);

  const submit = (next: Question) => {
    submitted.current = true;
    setOptionsAsked(false);
    ask(next);
  };
  const pick = (ncm: string) =>
    submit({ ncm, volumeKg: null, countries: [], maxResults: MAX_RESULTS_DEFAULT, weights: WEIGHTS_DEFAULT });
  const product = simulation === undefined ? null : `${simulation.ncm_description ?? ''} ${formatNcm(simulation.ncm)}`.trim();

  const outcome = () => {
    if (!askable || question === null) return <Start onPick={pick} />;
    if (error !== null && !running) {
      return (
        <Failure
          error={error}
          ncm={question.ncm}
          onRetry={() => void answer.refetch()}
          onFocusField={focusField}
          onOptions={() => setOptionsAsked(true)}
        />
      );
    }
    if (simulation !== undefined) {
      return (
        <Results
          simulation={simulation}
          filtered={question.countries.length > 0}
          onAllCountries={() => submit({ ...question, countries: [] })}
        />
      );
    }
    return slow ? <ResultsSkeleton count={question.maxResults} /> : null;
  };

  return (
    <div className="page simulator">
      <section className="question no-print">
        <PageHeading documentTitle={product === null ? texts.title : `${product} · ${texts.title}`}>{texts.title}</PageHeading>
        <SimulatorForm question={question} refusal={error} running={running} onAsk={submit} />
      </section>
      <section className="answer" aria-label={texts.resultsLabel} aria-busy={running}>
        <p className="visually-hidden" role="status">
          {slow
            ? texts.resultsUpdating
            : fresh && simulation !== undefined
              ? texts.resultsAnnounced(simulation.destinations.length, product ?? '')
              : ''}
        </p>
        {!limited && <UsageBanner onOptions={() => setOptionsAsked(true)} />}
        {outcome()}
      </section>
      <UpgradeDialog
        open={optionsOpen}
        onClose={() => {
          setOptionsAsked(false);
          setClosedRun(run);
        }}
      />
    </div>
  );
}
