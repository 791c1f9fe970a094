import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { request } from '../api/client';
import type { Destination, Estimate, ExportsTable, Simulation, TariffEstimate } from '../api/types';
import { ChartFigure } from '../components/ChartFigure';
import { Icon } from '../components/Icon';
import { Skeleton } from '../components/Skeleton';
import type { Formats } from '../i18n/formats';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts, type SimulatorTexts } from '../i18n/simulator';
import { periodsOf, type MonthRow } from './history';
import { ScoreParts } from './ScoreParts';

const HistoryChart = lazy(() => import('./HistoryChart'));

/** Rows of the built-in table of estimates say this; an operator's own say where they come from. */
const DEFAULT_BASIS = 'faixa_padrao';

interface DestinationDetailsProps {
  destination: Destination;
  simulation: Simulation;
}

interface EstimateRow {
  name: string;
  estimate: Estimate | TariffEstimate;
  format: (value: number) => string;
  note?: string;
}

function estimateRows(estimates: NonNullable<Destination['estimates']>, texts: SimulatorTexts, formats: Formats): EstimateRow[] {
  const percent = (value: number) => formats.percent(value);
  const weight = formats.weight(estimates.logistics.volume_kg);
  return [
    { name: texts.margin, estimate: estimates.margin, format: percent },
    {
      name: texts.logistics,
      estimate: estimates.logistics,
      format: (value) => formats.usd(value),
      note: [
        texts.cargoClass[estimates.logistics.cargo_class],
        estimates.logistics.volume_assumed ? texts.volumeAssumed(weight) : texts.volumeGiven(weight),
        ...(estimates.logistics.payload_assumed ? [texts.payloadAssumed] : []),
      ].join(', '),
    },
    {
      name: texts.tariff,
      estimate: estimates.tariff,
      format: percent,
      // An unknown tariff says its reason where the figure would stand.
      ...(estimates.tariff.note !== null && estimates.tariff.value !== null && { note: estimates.tariff.note }),
    },
    { name: texts.leadTime, estimate: estimates.lead_time, format: (value) => texts.days(formats.number(value, 0)) },
  ];
}

function Estimates({ estimates }: { estimates: NonNullable<Destination['estimates']> }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  return (
    <div className="table-scroll">
      <table className="small-table">
        <caption className="visually-hidden">{texts.estimatesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.estimate}</th>
            <th scope="col" className="number">
              {texts.value}
            </th>
            <th scope="col" className="number">
              {texts.rangeColumn}
            </th>
          </tr>
        </thead>
        <tbody>
          {estimateRows(estimates, texts, formats).map(({ name, estimate, format, note }) => (
            <tr key={name}>
              <th scope="row">
                {name}
                <span className="basis">
                  {estimate.basis === DEFAULT_BASIS ? texts.basisDefault : estimate.basis}
                  {note !== undefined && `, ${note}`}
                </span>
              </th>
              {estimate.value === null || estimate.low === null || estimate.high === null ? (
                <td colSpan={2}>{texts.tariffUnknown('note' in estimate ? estimate.note : null)}</td>
              ) : (
                <>
                  <td className="number">{texts.approximately(format(estimate.value))}</td>
                  <td className="number">{texts.range(format(estimate.low), format(estimate.high))}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The value of the goods and the share that the freight takes, with its warning. */
function Lot({ destination }: { destination: Destination }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const { goods_value_usd: value, logistics_share_pct: share } = destination;
  return (
    <>
      <p>
        {texts.lotValue}:{' '}
        {value === null || share === null ? texts.noPrice : `${formats.usd(value)}; ${texts.freightShare(formats.percent(share))}`}
        {destination.goods_value_basis === 'preco_do_produto' && `, ${texts.productPrice}`}
      </p>
      {destination.freight_note !== null && (
        <p>
          <strong>{destination.freight_note}</strong>
        </p>
      )}
    </>
  );
}

function History({ destination, ncm }: { destination: Destination; ncm: string }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const first = destination.windows[0];
  const last = destination.windows.at(-1);
  const months = useQuery({
    queryKey: ['history', ncm, destination.country_code, first?.from, last?.through],
    queryFn: ({ signal }) => {
      const parameters = new URLSearchParams({
        drilldowns: 'month',
        cuts: `ncm:${ncm},country:${destination.country_code},month:${first?.from ?? ''}..${last?.through ?? ''}`,
        measures: 'fob,kg,price',
        limit: '120',
      });
      return request<ExportsTable<MonthRow>>(`/v1/exports?${parameters}`, { signal });
    },
    enabled: first !== undefined && last !== undefined,
    staleTime: Infinity,
  });
  const periods = periodsOf(destination.windows, months.data?.data ?? []);
  const rows = periods.map((period) => [
    formats.month(period.through),
    period.monthsCovered === 0 ? formats.usd(null) : formats.usd(period.fobUsd),
    formats.usdPerKg(period.priceUsdPerKg),
  ]);
  const partial = periods.filter((period) => !period.covered);
  return (
    <>
      <ChartFigure
        caption={texts.historyCaption(destination.country_name)}
        table={{
          caption: texts.historyTable(destination.country_name),
          columns: [texts.historyPeriod, texts.historyFob, texts.historyPrice],
          rows,
        }}
      >
        <div className="history-plot">
          <Suspense fallback={<Skeleton size="block" />}>
            <HistoryChart periods={periods} />
          </Suspense>
        </div>
      </ChartFigure>
      {partial.length > 0 && (
        <p className="quiet">
          {partial.map((period) => `${formats.month(period.through)}: ${texts.historyPartial(period.monthsCovered)}`).join('; ')}
        </p>
      )}
      {months.isError && <p className="quiet">{texts.historyPriceFailed}</p>}
    </>
  );
}

/** Everything behind a card: parts of the score, five years, estimates with their ranges, confidence, and the way to the Explorador. */
export function DestinationDetails({ destination, simulation }: DestinationDetailsProps) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const { data, ncm } = simulation;
  const explorer = `/explorer?drilldowns=year&cuts=ncm:${ncm},country:${destination.country_code}`;
  return (
    <div className="details">
      <section>
        <h4>{texts.scoreParts}</h4>
        <ScoreParts destination={destination} />
        <p className="quiet">{texts.confidence[destination.confidence]}</p>
      </section>
      <section>
        <h4>{texts.history}</h4>
        <History destination={destination} ncm={ncm} />
      </section>
      {destination.estimates !== null && (
        <section>
          <h4>{texts.estimatesTitle}</h4>
          <Estimates estimates={destination.estimates} />
          <Lot destination={destination} />
          <p className="quiet">{texts.estimatesWhy}</p>
        </section>
      )}
      <footer className="details-foot">
        <p className="quiet">
          {texts.sourceLine(data.sample ? texts.sampleSource : data.source, formats.month(data.through))} {texts.marketSizeNote}
        </p>
        <Link href={explorer} className="no-print explorer-link">
          {texts.explorerLink}
          <Icon name="arrow" />
        </Link>
      </footer>
    </div>
  );
}
