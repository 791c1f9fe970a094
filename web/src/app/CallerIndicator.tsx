import { Link, useLocation, useSearch } from 'wouter';
import { useSession, useUsage } from '../api/session';
import { Icon } from '../components/Icon';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { ACCOUNT_PATH, accountAddress, hereOf } from './accountAddress';

/** Tier, uses of today, and the way to the account: the user's name, or the way in. */
export function CallerIndicator({ current }: { current: boolean }) {
  const texts = useTexts(commonTexts);
  const session = useSession();
  const usage = useUsage();
  const [path] = useLocation();
  const search = useSearch();
  const user = session.data?.user ?? null;
  const counted = usage.data ?? null;
  const premium = user?.tier === 'premium' || counted?.tier === 'premium';
  const used = counted?.used ?? null;
  const limit = counted?.limit ?? null;
  const href = user !== null || current ? ACCOUNT_PATH : accountAddress('sign-in', hereOf(path, search));
  return (
    <Link href={href} className="caller" aria-current={current ? 'page' : undefined} title={user?.name}>
      {!premium && used !== null && limit !== null && (
        <span className="caller-usage" title={texts.usageOpen(used, limit)}>
          {texts.usageShort(used, limit)}
          <span aria-hidden="true"> · </span>
        </span>
      )}
      <span className={premium ? 'tier tier-premium' : 'tier'}>{premium ? texts.premium : texts.free}</span>
      <span className="caller-name">
        <Icon name="person" />
        {user === null ? (
          <span>{texts.signIn}</span>
        ) : (
          <span className="caller-person">
            <span className="visually-hidden">{texts.account}: </span>
            {user.name.trim().split(/\s+/)[0]}
          </span>
        )}
      </span>
    </Link>
  );
}
