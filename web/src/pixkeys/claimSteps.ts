import type { PixClaim } from '../api/types';
import type { ClaimSide } from '../api/pix';

/** What an operator can ask of a claim. */
export type StepName = 'accept' | 'reject' | 'confirm' | 'cancel' | 'prove';

/** Days from the opening in which the claimer's user has to prove possession (Manual do DICT, section 5). */
const PROOF_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * What can be done about a claim now, most likely first. The server decides; this only leaves out what it would refuse.
 *
 * The side that holds the key answers once the server has acknowledged the claim (`WAITING_RESOLUTION`), and may refuse an
 * ownership claim until the key has moved. The side that asked may give up until then, and proves possession of a phone
 * once the key was given up.
 */
export function stepsOf(claim: PixClaim, side: ClaimSide, nowMs: number): StepName[] {
  const { type, status } = claim;
  if (status === 'CANCELLED' || status === 'COMPLETED') return [];
  if (side === 'incoming') {
    if (type === 'PORTABILITY') return status === 'WAITING_RESOLUTION' ? ['confirm', 'cancel'] : status === 'OPEN' ? ['cancel'] : [];
    if (status === 'WAITING_RESOLUTION' && !over(claim.resolution_period_end, nowMs)) return ['accept', 'reject'];
    return ['reject'];
  }
  if (type === 'OWNERSHIP' && status === 'CONFIRMED') return over(claim.completion_period_end, nowMs) ? ['prove', 'cancel'] : ['cancel'];
  return status === 'CONFIRMED' ? [] : ['cancel'];
}

function over(at: string | null, nowMs: number): boolean {
  return at !== null && Date.parse(at) <= nowMs;
}

/** Which date of a claim matters now. */
export type Deadline =
  | { kind: 'answerBy' | 'answerOver' | 'completionFrom' | 'proveBy' | 'endedOn'; at: string }
  | { kind: 'completionNow'; at: null };

/** The date that matters now; null where the claim has none. */
export function deadlineOf(claim: PixClaim, side: ClaimSide, nowMs: number): Deadline | null {
  switch (claim.status) {
    case 'OPEN':
    case 'WAITING_RESOLUTION': {
      const at = claim.resolution_period_end;
      return at === null ? null : { kind: over(at, nowMs) ? 'answerOver' : 'answerBy', at };
    }
    case 'CONFIRMED': {
      const from = claim.completion_period_end;
      if (from === null || claim.type === 'PORTABILITY') return { kind: 'completionNow', at: null };
      if (!over(from, nowMs)) return { kind: 'completionFrom', at: from };
      if (side === 'incoming' || claim.opened_at === null) return { kind: 'completionNow', at: null };
      return { kind: 'proveBy', at: new Date(Date.parse(claim.opened_at) + PROOF_DAYS * DAY_MS).toISOString() };
    }
    case 'CANCELLED':
    case 'COMPLETED':
      return claim.last_modified === null ? null : { kind: 'endedOn', at: claim.last_modified };
  }
}

/** Whether an institution that cancels a portability by its user's wish has to show that the user has the key. */
export function cancelNeedsProof(claim: PixClaim, side: ClaimSide): boolean {
  return side === 'incoming' && claim.type === 'PORTABILITY' && (claim.key.type === 'PHONE' || claim.key.type === 'EMAIL');
}
