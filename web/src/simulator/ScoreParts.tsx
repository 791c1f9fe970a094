import type { Destination, PartName, ScorePart } from '../api/types';
import type { Formats } from '../i18n/formats';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts, type SimulatorTexts } from '../i18n/simulator';
import { PART_NAMES } from './question';

const SCORE_MAX = 10;

/** What was measured for a part, in its unit. */
function measured(name: PartName, part: ScorePart, destination: Destination, formats: Formats, texts: SimulatorTexts): string {
  switch (name) {
    case 'market_size':
      return formats.usdCompact(part.value);
    case 'growth':
      if (destination.growth_rate_pct !== null) return texts.trend(formats.signedPercent(destination.growth_rate_pct));
      return part.value === null ? formats.number(null) : texts.trendMissing;
    case 'price':
      return formats.usdPerKg(part.value);
    case 'distance':
      return formats.km(part.value);
  }
}

/** The four parts of a score as one stacked bar, and their numbers as a table. */
export function ScoreParts({ destination }: { destination: Destination }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  return (
    <div className="score-parts">
      <div className="stacked-bar" aria-hidden="true">
        {PART_NAMES.map((name) => (
          <span
            key={name}
            className={`stacked-part part-${name}`}
            style={{ width: `${(100 * destination.score_breakdown[name].contribution) / SCORE_MAX}%` }}
          />
        ))}
      </div>
      <div className="table-scroll">
        <table className="small-table">
          <caption className="visually-hidden">{texts.scoreParts}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.part}</th>
              <th scope="col" className="number">
                {texts.measured}
              </th>
              <th scope="col" className="number">
                {texts.grade}
              </th>
              <th scope="col" className="number">
                {texts.weight}
              </th>
              <th scope="col" className="number">
                {texts.points}
              </th>
            </tr>
          </thead>
          <tbody>
            {PART_NAMES.map((name) => {
              const part = destination.score_breakdown[name];
              return (
                <tr key={name}>
                  <th scope="row">
                    <span className={`part-swatch part-${name}`} aria-hidden="true" />
                    {texts.parts[name]}
                    {part.insufficient_data && <span className="insufficient">{texts.insufficient}</span>}
                  </th>
                  <td className="number">{measured(name, part, destination, formats, texts)}</td>
                  <td className="number">{formats.fixed(part.normalized, 2)}</td>
                  <td className="number">{formats.percent(100 * part.weight, 1)}</td>
                  <td className="number">{formats.fixed(part.contribution, 2)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={4}>
                {texts.total}
              </th>
              <td className="number">{formats.fixed(destination.score, 2)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}
