import { useState } from 'react';
import { useSearch } from 'wouter';
import type { useSignOut } from '../api/account';
import type { User } from '../api/types';
import { toastManager } from '../app/toasts';
import { ErrorNotice } from '../components/ErrorNotice';
import { Modal } from '../components/Modal';
import { Notice } from '../components/Notice';
import { PageHeading } from '../components/PageHeading';
import { accountTexts } from '../i18n/account';
import { useFormats, useTexts } from '../i18n/language';
import { modeOfSearch } from './address';
import { ActivityList } from './ActivityList';
import { ApiKeys } from './ApiKeys';
import { ChangePassword } from './ChangePassword';
import { Plan } from './Plan';
import { SavedProducts } from './SavedProducts';
import { SignInForm } from './SignIn';

type SignOut = ReturnType<typeof useSignOut>;

function Profile({ user, signOut, onSignedOut }: { user: User; signOut: SignOut; onSignedOut: () => void }) {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  const leave = () => {
    if (signOut.isPending) return;
    signOut.mutate(undefined, {
      onSuccess: () => {
        toastManager.add({ title: texts.signedOut });
        onSignedOut();
      },
    });
  };
  return (
    <section className="account-section" aria-labelledby="account-profile">
      <h2 id="account-profile">{texts.profileTitle}</h2>
      <dl className="account-facts">
        <dt>{texts.name}</dt>
        <dd>{user.name}</dd>
        <dt>{texts.email}</dt>
        <dd>{user.email}</dd>
        {user.tenant.name !== user.name && (
          <>
            <dt>{texts.company}</dt>
            <dd>{user.tenant.name}</dd>
          </>
        )}
        <dt>{texts.since}</dt>
        <dd>{formats.date(user.created_at)}</dd>
      </dl>
      {signOut.isError && <ErrorNotice error={signOut.error} onRetry={leave} />}
      <div>
        <button type="button" className="button" aria-disabled={signOut.isPending} onClick={leave}>
          {texts.signOut}
        </button>
      </div>
    </section>
  );
}

/** Asks to sign in again over the page, which keeps everything that was typed. */
function SessionEnded({ email, onForgot }: { email: string; onForgot: () => void }) {
  const texts = useTexts(accountTexts);
  const [open, setOpen] = useState(true);
  return (
    <>
      <Notice tone="attention" title={texts.endedTitle} role="status">
        <div className="notice-actions">
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {texts.signInAgain}
          </button>
        </div>
      </Notice>
      <Modal open={open} onClose={() => setOpen(false)} title={texts.endedTitle} description={texts.endedText}>
        <SignInForm email={email} onDone={() => setOpen(false)} onForgot={onForgot} />
      </Modal>
    </>
  );
}

interface SignedInProps {
  user: User;
  /** The session is over, without the user having signed out. */
  ended: boolean;
  signOut: SignOut;
  onSignedOut: () => void;
  onForgot: () => void;
}

/** The account of the signed-in user. */
export function SignedIn({ user, ended, signOut, onSignedOut, onForgot }: SignedInProps) {
  const texts = useTexts(accountTexts);
  const mode = modeOfSearch(useSearch());
  return (
    <div className="page">
      <PageHeading documentTitle={texts.title}>{texts.hello(user.name)}</PageHeading>
      {ended && <SessionEnded email={user.email} onForgot={onForgot} />}
      <div className="account">
        <div className="account-aside">
          <Plan user={user} asked={mode === 'upgrade'} />
          <Profile user={user} signOut={signOut} onSignedOut={onSignedOut} />
        </div>
        <div className="account-main">
          <SavedProducts />
          <ApiKeys />
          <ChangePassword email={user.email} />
          <ActivityList />
        </div>
      </div>
    </div>
  );
}
