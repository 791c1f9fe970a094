import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ACCOUNT_PATH, accountAddress } from '../app/accountAddress';
import { PageHeading } from '../components/PageHeading';
import { Notice } from '../components/Notice';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { addressOfView, modeOfSearch, nextOfSearch, type SignedOutView } from './address';
import { ForgotForm } from './PasswordReset';
import { SignInForm } from './SignIn';
import { SignUpForm } from './SignUp';

/** Back to this page, to ask for premium. */
const UPGRADE = accountAddress('upgrade', null);

/** Sign-in, sign-up and the forgotten password: one at a time, with the e-mail carried along. */
export function SignedOut({ passwordChanged }: { passwordChanged: boolean }) {
  const texts = useTexts(accountTexts);
  const search = useSearch();
  const [, navigate] = useLocation();
  const [email, setEmail] = useState('');
  const mode = modeOfSearch(search);
  const upgrade = mode === 'upgrade';
  // Who came for premium signs in first; the request opens afterwards.
  const view = upgrade ? 'sign-in' : mode;
  const next = nextOfSearch(search, window.location.origin);
  const way = upgrade ? UPGRADE : next;
  const show = (shown: SignedOutView) => navigate(addressOfView(shown, way));
  const done = () => navigate(way ?? ACCOUNT_PATH, { replace: true });
  const heading = { 'sign-in': texts.signInTitle, 'sign-up': texts.signUpTitle, forgot: texts.forgotTitle }[view];
  return (
    <div className="page account-entry">
      <div className="account-card">
        <PageHeading key={view}>{heading}</PageHeading>
        {view === 'sign-in' && passwordChanged && (
          <Notice tone="neutral" title={texts.passwordResetDone} role="status" />
        )}
        {view !== 'forgot' && way === UPGRADE && <p className="quiet">{texts.upgradeAfterwards}</p>}
        {view === 'sign-in' && way !== null && way !== UPGRADE && <p className="quiet">{texts.backAfterwards}</p>}
        {view === 'sign-in' && (
          <SignInForm email={email} onEmail={setEmail} onDone={done} onForgot={() => show('forgot')} />
        )}
        {view === 'sign-up' && (
          <SignUpForm email={email} onEmail={setEmail} onDone={done} onSignIn={() => show('sign-in')} />
        )}
        {view === 'forgot' && <ForgotForm email={email} onEmail={setEmail} onBack={() => show('sign-in')} />}
        {view !== 'forgot' && (
          <p className="account-switch">
            {view === 'sign-in' ? texts.noAccountYet : texts.haveAccount}{' '}
            <Link href={addressOfView(view === 'sign-in' ? 'sign-up' : 'sign-in', way)}>
              {view === 'sign-in' ? texts.toSignUp : texts.toSignIn}
            </Link>
          </p>
        )}
      </div>
      {view !== 'forgot' && (
        <section className="account-why" aria-labelledby="account-why">
          <h2 id="account-why">{texts.whyTitle}</h2>
          <ul>
            {texts.why.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
