import { memo, useId, useState, type ReactNode } from 'react';
import type { DemandLevel, Destination, Estimate, Simulation, TariffEstimate } from '../api/types';
import { Hint } from '../components/Hint';
import { Icon } from '../components/Icon';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { DestinationDetails } from './DestinationDetails';

const SCORE_MAX = 10;
const DEMAND_BARS: Record<DemandLevel, number> = { alto: 3, medio: 2, baixo: 1 };

/** Demand by a word and by how many of three bars are full. */
function DemandBadge({ level }: { level: DemandLevel }) {
  const texts = useTexts(simulatorTexts);
  return (
    <span className={`badge demand-${level}`}>
      <svg className="demand-shape" viewBox="0 0 14 12" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={bar * 5 + 0.5}
            y={8 - bar * 3.5 + 0.5}
            width="3"
            height={3 + bar * 3.5}
            rx="0.5"
            className={bar < DEMAND_BARS[level] ? 'demand-full' : 'demand-empty'}
          />
        ))}
      </svg>
      {texts.demand[level]}
    </span>
  );
}

function Fact({ name, value, unit = '' }: { name: string; value: string; unit?: string }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className="number">
        {value}
        {unit !== '' && <span className="fact-unit">{unit}</span>}
      </dd>
    </div>
  );
}

function EstimateFacts({ destination }: { destination: Destination }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const { estimates } = destination;
  if (estimates === null) return null;
  const weight = formats.weight(estimates.logistics.volume_kg);
  const rows: [string, (value: number) => string, Estimate | TariffEstimate][] = [
    [texts.margin, (value) => formats.percent(value), estimates.margin],
    [texts.logisticsFor(weight), (value) => formats.usd(value), estimates.logistics],
    [texts.tariff, (value) => formats.percent(value), estimates.tariff],
    [texts.leadTime, (value) => texts.days(formats.number(value, 0)), estimates.lead_time],
  ];
  const explanation: ReactNode = (
    <>
      <p>{texts.estimatesWhy}</p>
      <ul className="hint-list">
        {rows.map(([name, format, estimate]) => (
          <li key={name}>
            {name}:{' '}
            {estimate.low === null || estimate.high === null
              ? texts.tariffUnknown('note' in estimate ? estimate.note : null)
              : texts.range(format(estimate.low), format(estimate.high))}
          </li>
        ))}
      </ul>
    </>
  );
  return (
    <div className="estimates">
      <Hint label={texts.estimates} text={explanation} className="estimates-label">
        {texts.estimates}
        <Icon name="info" />
      </Hint>
      <dl className="estimate-facts">
        {rows.map(([name, format, estimate]) => (
          <div key={name} className="estimate-fact">
            <dt>{name}</dt>
            <dd className="number">{estimate.value === null ? texts.tariffUnknown(null) : texts.approximately(format(estimate.value))}</dd>
          </div>
        ))}
      </dl>
      {destination.freight_note !== null && <p className="freight-note">{destination.freight_note}</p>}
    </div>
  );
}

interface DestinationCardProps {
  destination: Destination;
  simulation: Simulation;
}

/** One destination: place, score, what is known, what is estimated, and why. */
export const DestinationCard = memo(function DestinationCard({ destination, simulation }: DestinationCardProps) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const id = useId();
  const growth = destination.growth_rate_pct;
  return (
    <article className="card" aria-labelledby={`${id}-title`}>
      <header className="card-head">
        <h3 id={`${id}-title`} className="card-title">
          <span className="card-rank number">#{destination.rank}</span>{' '}
          {destination.flag_emoji !== '' && (
            <span className="flag" aria-hidden="true">
              {destination.flag_emoji}
            </span>
          )}{' '}
          {destination.country_name}
        </h3>
        <DemandBadge level={destination.demand_level} />
        <p className="card-score">
          <span className="visually-hidden">{texts.scoreOf(formats.fixed(destination.score, 1))}</span>
          <span aria-hidden="true">
            <span className="card-score-word">{texts.score} </span>
            <strong className="number">{formats.fixed(destination.score, 1)}</strong>
          </span>
          <span className="score-bar" aria-hidden="true">
            <span className="score-fill" style={{ width: `${(100 * destination.score) / SCORE_MAX}%` }} />
          </span>
        </p>
      </header>
      <dl className="facts">
        <Fact
          name={texts.marketSize}
          value={formats.usdCompact(destination.market_size_usd)}
          unit={texts.inMonths(simulation.data.months_covered)}
        />
        <Fact name={texts.averagePrice} value={formats.usdPerKg(destination.avg_price_usd_per_kg)} />
        <Fact name={texts.growth} value={formats.signedPercent(growth)} unit={growth === null ? '' : ` ${texts.perYear}`} />
        <Fact name={texts.distance} value={formats.km(destination.distance_km)} />
      </dl>
      <EstimateFacts destination={destination} />
      <div className="card-foot">
        <p className="reason">
          <strong>{texts.why}</strong> {destination.recommendation_reason}
        </p>
        <button
          type="button"
          className="button button-small no-print"
          aria-expanded={open}
          aria-controls={`${id}-details`}
          onClick={() => setOpen(!open)}
        >
          {open ? texts.hideDetails : texts.showDetails}
          <span className="visually-hidden"> {texts.detailsOf(destination.country_name)}</span>
          <span className={open ? 'turned' : undefined} aria-hidden="true">
            <Icon name="chevron" />
          </span>
        </button>
      </div>
      <div id={`${id}-details`} hidden={!open}>
        {open && <DestinationDetails destination={destination} simulation={simulation} />}
      </div>
    </article>
  );
});
