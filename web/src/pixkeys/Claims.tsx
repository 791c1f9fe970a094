import { useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { useClaims, type ClaimSide } from '../api/pix';
import { usePixToken } from '../api/pixToken';
import type { PixClaim } from '../api/types';
import { toastManager } from '../app/toasts';
import { ErrorNotice } from '../components/ErrorNotice';
import { ListState } from '../components/ListState';
import { useFormats, useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { ClaimDialog, type WantedStep } from './ClaimDialog';
import { deadlineOf, stepsOf, type StepName } from './claimSteps';
import { shown, shownTaxId } from './keyText';
import { MoreButton } from './MoreButton';
import { listOf } from './pages';

const SIDES: readonly ClaimSide[] = ['incoming', 'outgoing'];

function DeadlineWords({ claim, side, nowMs }: { claim: PixClaim; side: ClaimSide; nowMs: number }) {
  const texts = useTexts(pixTexts);
  const formats = useFormats();
  const deadline = deadlineOf(claim, side, nowMs);
  if (deadline === null) return null;
  if (deadline.kind === 'completionNow') return texts.deadlines.completionNow;
  return (
    <time dateTime={deadline.at} title={formats.dateTime(deadline.at)}>
      {texts.deadlines[deadline.kind](formats.dayMonth(deadline.at))}
    </time>
  );
}

interface ClaimRowProps {
  claim: PixClaim;
  side: ClaimSide;
  nowMs: number;
  onStep: ((step: StepName) => void) | null;
}

function ClaimRow({ claim, side, nowMs, onStep }: ClaimRowProps) {
  const texts = useTexts(pixTexts);
  const name = shown(claim.key, '');
  const reason = claim.cancel_reason ?? claim.confirm_reason;
  const account = claim.claimer_account;
  const steps = onStep === null ? [] : stepsOf(claim, side, nowMs);
  return (
    <li className="pix-claim">
      <div className="row-words">
        <h3 className="row-title number">{name}</h3>
        <p className="number">
          {texts.claimTypes[claim.type]} · {texts.claimStatuses[claim.status]} <span aria-hidden="true">· </span>
          <strong>
            <DeadlineWords claim={claim} side={side} nowMs={nowMs} />
          </strong>
        </p>
        <dl className="pix-facts">
          <dt>{texts.claimer}</dt>
          <dd className="number">
            {claim.claimer.name}, {shownTaxId(claim.claimer.tax_id)}
          </dd>
          <dt>{texts.claimerAccount}</dt>
          <dd className="number">
            {account.participant} · {account.branch === null ? '' : `${account.branch} / `}
            {account.number}
          </dd>
          {side === 'outgoing' && (
            <>
              <dt>{texts.donor}</dt>
              <dd className="number">{claim.donor_participant}</dd>
            </>
          )}
          {reason !== null && (
            <>
              <dt>{texts.reason}</dt>
              <dd>
                {texts.reasons[reason]}
                {claim.cancelled_by !== null && `, ${texts.cancelledBy[claim.cancelled_by]}`}
              </dd>
            </>
          )}
        </dl>
        {side === 'incoming' && claim.status === 'OPEN' && <p className="quiet">{texts.waitAcknowledged}</p>}
      </div>
      {onStep !== null && steps.length > 0 && (
        <div className="pix-steps">
          {steps.map((step) => (
            <button
              key={step}
              type="button"
              className="button button-small"
              aria-label={texts.stepOf(texts.steps[step], name)}
              onClick={() => onStep(step)}
            >
              {texts.steps[step]}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

/** Claims and portabilities of the institution, by its side in them. */
export function Claims() {
  const texts = useTexts(pixTexts);
  const { token } = usePixToken();
  const side: ClaimSide = new URLSearchParams(useSearch()).get('side') === 'outgoing' ? 'outgoing' : 'incoming';
  const [onlyOpen, setOnlyOpen] = useState(true);
  const [wanted, setWanted] = useState<WantedStep | null>(null);
  const claims = useClaims(side, onlyOpen);
  const list = listOf(claims);
  const heading = useRef<HTMLHeadingElement>(null);
  const names = { incoming: texts.claimsIncoming, outgoing: texts.claimsOutgoing };
  const mayWrite = token?.scopes.includes('dict.claim.write') ?? false;
  // What can be done changes with the time; the list is asked again each minute.
  const nowMs = claims.dataUpdatedAt;
  return (
    <section className="pix-section" aria-labelledby="pix-claims">
      <div className="pix-section-head">
        <h2 id="pix-claims" ref={heading} tabIndex={-1}>
          {texts.viewClaims}
        </h2>
        <nav className="segments" aria-label={texts.claimsSides}>
          {SIDES.map((name) => (
            <Link key={name} href={`/pix-keys?view=claims&side=${name}`} className="segment" aria-current={side === name ? 'true' : undefined}>
              {names[name]}
            </Link>
          ))}
        </nav>
        <label className="pix-check">
          <input type="checkbox" checked={onlyOpen} onChange={(event) => setOnlyOpen(event.currentTarget.checked)} />
          {texts.onlyOpen}
        </label>
        <button
          type="button"
          className="button button-small"
          aria-disabled={claims.isFetching}
          onClick={() => !claims.isFetching && void claims.refetch()}
        >
          {texts.refresh}
        </button>
      </div>
      <p className="quiet">{side === 'incoming' ? texts.claimsIncomingText : texts.claimsOutgoingText}</p>
      {list.isError && claims.isRefetchError && <ErrorNotice error={claims.error} />}
      <ListState query={list} empty={texts.claimsEmpty[side]}>
        {(items) => (
          <ul className="rows">
            {items.map((claim) => (
              <ClaimRow
                key={claim.id}
                claim={claim}
                side={side}
                nowMs={nowMs}
                onStep={mayWrite ? (step) => setWanted({ claim, side, step }) : null}
              />
            ))}
          </ul>
        )}
      </ListState>
      <MoreButton list={claims} />
      <ClaimDialog
        wanted={wanted}
        onClose={() => setWanted(null)}
        onDone={(step) => {
          toastManager.add({ title: texts.stepDone[step] });
          setWanted(null);
          // The button that had the focus may be gone.
          heading.current?.focus();
        }}
      />
    </section>
  );
}
