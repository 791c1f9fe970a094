import { Link, useLocation, useSearch } from 'wouter';
import { useSession, useUsage } from '../api/session';
import { accountAddress, hereOf } from '../app/accountAddress';
import { Modal } from '../components/Modal';
import { Notice } from '../components/Notice';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';

/** From this many uses on, a banner says how many are left. */
const BANNER_FROM_USES = 3;

/** Says how many free simulations are left, from the third use on. */
export function UsageBanner({ onOptions }: { onOptions: () => void }) {
  const texts = useTexts(simulatorTexts);
  const usage = useUsage().data ?? null;
  if (usage === null || usage.tier === 'premium' || usage.used === null || usage.limit === null) return null;
  if (usage.used < Math.min(BANNER_FROM_USES, usage.limit)) return null;
  const left = Math.max(0, usage.limit - usage.used);
  return (
    <div className="no-print">
      <Notice tone="attention" title={left === 0 ? texts.bannerNone : texts.bannerLeft(left)}>
        <p>
          {texts.bannerText}{' '}
          <button type="button" className="button-plain" onClick={onOptions}>
            {texts.bannerAction}
          </button>
        </p>
      </Notice>
    </div>
  );
}

/** What can be done about the limit, and when it begins again. */
export function UpgradeDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const [path] = useLocation();
  const here = hereOf(path, useSearch());
  const usage = useUsage().data ?? null;
  const user = useSession().data?.user ?? null;
  const reached = usage !== null && usage.limit !== null && (usage.remaining ?? 0) === 0;
  const resetsAt = usage?.resets_at ?? null;
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={reached ? texts.upgradeTitleReached(usage.limit ?? 0) : texts.upgradeTitle}
      description={resetsAt === null ? texts.upgradeWait : texts.upgradeResets(formats.dateTime(resetsAt))}
    >
      <ul className="plain-list">
        {texts.upgradeReasons.slice(0, user === null ? undefined : 1).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <div className="modal-actions">
        {user === null ? (
          <>
            <Link href={accountAddress('sign-up', here)} className="button button-primary">
              {texts.upgradeSignUp}
            </Link>
            <Link href={accountAddress('sign-in', here)} className="button">
              {texts.upgradeSignIn}
            </Link>
          </>
        ) : (
          <Link href={accountAddress('upgrade', null)} className="button button-primary">
            {texts.upgradeAsk}
          </Link>
        )}
        <button type="button" className="button" onClick={onClose}>
          {texts.upgradeLater}
        </button>
      </div>
      {user === null && (
        <p>
          <Link href={accountAddress('upgrade', null)}>{texts.upgradeAsk}</Link>
        </p>
      )}
    </Modal>
  );
}
