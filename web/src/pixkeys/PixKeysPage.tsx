import { useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from 'wouter';
import { forgetPixAnswers } from '../api/pix';
import { forgetPixToken, usePixToken, type PixToken } from '../api/pixToken';
import { toastManager } from '../app/toasts';
import { Notice } from '../components/Notice';
import { PageHeading } from '../components/PageHeading';
import { useFormats, useTexts } from '../i18n/language';
import { pixTexts, type PixTexts } from '../i18n/pixkeys';
import { AccountKeys } from './AccountKeys';
import { Claims } from './Claims';
import { LookUp } from './LookUp';
import './pixkeys.css';
import { Needs } from './Needs';
import { TokenForm, TokenGate } from './TokenForm';

type ViewName = 'keys' | 'lookup' | 'claims';

const VIEWS: readonly [ViewName, keyof PixTexts & ('viewKeys' | 'viewLookup' | 'viewClaims')][] = [
  ['keys', 'viewKeys'],
  ['lookup', 'viewLookup'],
  ['claims', 'viewClaims'],
];

/** The view that the address names; no account, key or person ever stands there. */
function viewOf(search: string): ViewName {
  const view = new URLSearchParams(search).get('view');
  return view === 'lookup' || view === 'claims' ? view : 'keys';
}

/** Whose token it is, how long it holds, and the way to be rid of it. */
function TokenBar({ token, ended }: { token: PixToken; ended: boolean }) {
  const texts = useTexts(pixTexts);
  const formats = useFormats();
  const cache = useQueryClient();
  const forget = () => {
    forgetPixToken();
    forgetPixAnswers(cache);
    toastManager.add({ title: texts.forgotten });
  };
  return (
    <>
      <div className="pix-token">
        <dl className="pix-token-facts">
          <div>
            <dt>{texts.institution}</dt>
            <dd className="number">{token.ispb}</dd>
          </div>
          <div>
            <dt>{texts.validUntil}</dt>
            <dd className="number">{formats.dateTime(new Date(token.endMs).toISOString())}</dd>
          </div>
        </dl>
        <button type="button" className="button button-small" onClick={forget}>
          {texts.forget}
        </button>
      </div>
      {ended && (
        <Notice tone="attention" title={texts.endedTitle} role="alert">
          <p>{texts.endedText}</p>
          <TokenForm />
        </Notice>
      )}
    </>
  );
}

function Views({ token }: { token: PixToken }) {
  const texts = useTexts(pixTexts);
  const view = viewOf(useSearch());
  return (
    <>
      <nav className="pix-views" aria-label={texts.views}>
        {VIEWS.map(([name, text]) => (
          <Link key={name} href={name === 'keys' ? '/pix-keys' : `/pix-keys?view=${name}`} aria-current={view === name ? 'true' : undefined}>
            {texts[text]}
          </Link>
        ))}
      </nav>
      {view === 'keys' && (
        <Needs token={token} scope="dict.key.read">
          <AccountKeys />
        </Needs>
      )}
      {view === 'lookup' && (
        <Needs token={token} scope="dict.lookup.display">
          <LookUp />
        </Needs>
      )}
      {view === 'claims' && (
        <Needs token={token} scope="dict.claim.read">
          <Claims />
        </Needs>
      )}
    </>
  );
}

/** The page Chaves PIX, for operators of a payment institution. */
export default function PixKeysPage() {
  const texts = useTexts(pixTexts);
  const { token, ended } = usePixToken();
  return (
    <div className="page">
      <div className="pix-head">
        <PageHeading>{texts.title}</PageHeading>
        <p>{texts.lead}</p>
      </div>
      {token === null ? (
        <TokenGate />
      ) : (
        <>
          <TokenBar token={token} ended={ended} />
          {/* Nothing of one institution may be left on the screen of another. */}
          <Views key={token.ispb} token={token} />
        </>
      )}
    </div>
  );
}
