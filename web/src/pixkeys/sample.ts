import type { PixClaim, PixKeyEntry } from '../api/types';

/** What a token with these claims looks like; nobody checks its signature here. */
export function tokenOf(claims: Record<string, unknown>): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmVk`;
}

export const SCOPES =
  'dict.key.read dict.key.write dict.claim.read dict.claim.write dict.lookup.display dict.possession';

/** A token of 99999008 that lasts for an hour. */
export function freshToken(scope = SCOPES): string {
  return tokenOf({ iss: 'bgc', sub: 'operador', ispb: '99999008', scope, exp: Math.floor(Date.now() / 1000) + 3600 });
}

export const ENTRY: PixKeyEntry = {
  key: { type: 'PHONE', value: '+5561988887777' },
  account: { participant: '99999008', branch: '0001', number: '1234567', type: 'CACC', opened_at: '2019-05-02T03:00:00Z' },
  owner: { type: 'NATURAL_PERSON', tax_id: '52998224725', name: 'Ana Souza', trade_name: null },
  status: 'ACTIVE',
  created_at: '2026-11-02T14:30:00Z',
  key_owned_since: '2024-02-10T09:00:00Z',
  open_claim_created_at: null,
  cid: null,
};

export const CLAIM: PixClaim = {
  id: '6f1c1d0e-8f0a-4c59-9b7e-0f8f6c2b1a11',
  type: 'OWNERSHIP',
  key: { type: 'PHONE', value: '+5561988887777' },
  status: 'WAITING_RESOLUTION',
  donor_participant: '99999008',
  claimer: { type: 'NATURAL_PERSON', tax_id: '11144477735', name: 'Bruno Lima', trade_name: null },
  claimer_account: { participant: '88888008', branch: '0002', number: '7654321', type: 'TRAN', opened_at: '2020-01-10T03:00:00Z' },
  opened_at: '2026-11-22T12:00:00Z',
  resolution_period_end: '2026-11-29T12:00:00Z',
  completion_period_end: '2026-12-06T12:00:00Z',
  last_modified: '2026-11-22T12:00:30Z',
  confirm_reason: null,
  cancel_reason: null,
  cancelled_by: null,
  roles: ['DONOR'],
};
