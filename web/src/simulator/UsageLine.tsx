import { useUsage } from '../api/session';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';

/** How many of the free simulations of today are used; always there for free callers. */
export function UsageLine() {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const usage = useUsage().data ?? null;
  if (usage === null) return null;
  if (usage.tier === 'premium') return <p className="usage-line">{texts.premiumLine}</p>;
  const { used, limit } = usage;
  if (used === null || limit === null) return null;
  return (
    <div className="usage-line">
      <span className="usage-marks" aria-hidden="true">
        {Array.from({ length: Math.min(limit, 20) }, (_, at) => (
          <span key={at} className={at < used ? 'usage-mark usage-mark-used' : 'usage-mark'} />
        ))}
      </span>
      <p>{texts.usageLine(used, limit)}</p>
      {used >= limit && usage.resets_at !== null && <p className="quiet">{texts.usageResets(formats.time(usage.resets_at))}</p>}
    </div>
  );
}
