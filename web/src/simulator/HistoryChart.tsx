import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import type { Period } from './history';

interface HistoryChartProps {
  periods: Period[];
}

/** Bars of value and a line of price over the five years. Loaded only when details open. */
export default function HistoryChart({ periods }: HistoryChartProps) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const rows = periods.map((period) => ({
    label: formats.month(period.through),
    fob: period.covered || period.fobUsd > 0 ? period.fobUsd : null,
    price: period.priceUsdPerKg,
  }));
  return (
    <ResponsiveContainer width="100%" height={220}>
      <ComposedChart data={rows} margin={{ top: 8, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="label" tickLine={false} axisLine={{ stroke: 'var(--line-control)' }} tick={{ fill: 'var(--text-quiet)' }} />
        <YAxis
          yAxisId="fob"
          width="auto"
          tickLine={false}
          axisLine={false}
          tick={{ fill: 'var(--text-quiet)' }}
          tickFormatter={(value: number) => formats.compact(value)}
        />
        <YAxis
          yAxisId="price"
          orientation="right"
          width="auto"
          domain={[0, 'auto']}
          tickLine={false}
          axisLine={false}
          tick={{ fill: 'var(--warm)' }}
          tickFormatter={(value: number) => formats.fixed(value, 2)}
        />
        <Tooltip
          cursor={{ fill: 'var(--surface-pressed)', opacity: 0.5 }}
          content={({ active, payload, label }) => {
            const row = payload?.[0]?.payload as (typeof rows)[number] | undefined;
            if (!active || row === undefined) return null;
            return (
              <div className="hint-popup chart-tooltip">
                <p>
                  {texts.historyPeriod} {String(label)}
                </p>
                <p>
                  <strong>{formats.usd(row.fob)}</strong>
                </p>
                <p>{formats.usdPerKg(row.price)}</p>
              </div>
            );
          }}
        />
        <Bar yAxisId="fob" dataKey="fob" fill="var(--series-2)" radius={[3, 3, 0, 0]} maxBarSize={44} isAnimationActive={false} />
        <Line
          yAxisId="price"
          dataKey="price"
          stroke="var(--series-warm)"
          strokeWidth={2}
          dot={{ r: 3, fill: 'var(--series-warm)', strokeWidth: 0 }}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
