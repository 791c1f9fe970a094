import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useSignOut } from '../api/account';
import { useSession } from '../api/session';
import type { User } from '../api/types';
import { ErrorNotice } from '../components/ErrorNotice';
import { PageHeading } from '../components/PageHeading';
import { PageSkeleton } from '../components/Skeleton';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import './account.css';
import { addressOfView, resetTokenOfHash } from './address';
import { ResetForm } from './PasswordReset';
import { SignedIn } from './SignedIn';
import { SignedOut } from './SignedOut';

/** The token of a mailed link, taken out of the address at once: it must not stay in the history or on a shared screen. */
function useResetToken(): [string | null, (token: string | null) => void] {
  const [token, setToken] = useState(() => resetTokenOfHash(window.location.hash));
  useEffect(() => {
    const take = () => {
      const found = resetTokenOfHash(window.location.hash);
      if (found === null) return;
      setToken(found);
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return [token, setToken];
}

/** The user to show: the one of the session, and after its end still the same until somebody signs out or in. */
function useKeptUser(current: User | null | undefined): [User | null, () => void] {
  const [kept, setKept] = useState<User | null>(current ?? null);
  if (current != null && current !== kept) setKept(current);
  return [current ?? kept, () => setKept(null)];
}

/** The page Conta. */
export default function AccountPage() {
  const texts = useTexts(accountTexts);
  const session = useSession();
  const [, navigate] = useLocation();
  const [token, setToken] = useResetToken();
  const [passwordChanged, setPasswordChanged] = useState(false);
  // Here and not deeper: while a sign-out is under way the missing session is no surprise.
  const signOut = useSignOut();
  const current = session.data?.user;
  const [user, forget] = useKeptUser(current);
  const toForgot = () => {
    forget();
    setToken(null);
    navigate(addressOfView('forgot', null));
  };

  if (token !== null) {
    return (
      <div className="page account-entry">
        <div className="account-card">
          <PageHeading>{texts.resetTitle}</PageHeading>
          <ResetForm
            token={token}
            onNewLink={toForgot}
            onDone={() => {
              forget();
              setPasswordChanged(true);
              setToken(null);
              navigate(addressOfView('sign-in', null), { replace: true });
            }}
          />
        </div>
      </div>
    );
  }
  if (session.data === undefined) {
    if (!session.isError) return <PageSkeleton />;
    return (
      <div className="page page-narrow">
        <PageHeading>{texts.title}</PageHeading>
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  if (user === null) return <SignedOut passwordChanged={passwordChanged} />;
  return (
    <SignedIn
      key={user.id}
      user={user}
      ended={current == null && !signOut.isPending && !signOut.isSuccess}
      signOut={signOut}
      onForgot={toForgot}
      onSignedOut={() => {
        forget();
        signOut.reset();
        setPasswordChanged(false);
        navigate(addressOfView('sign-in', null), { replace: true });
      }}
    />
  );
}
