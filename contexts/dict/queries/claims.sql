-- Claims as this base knows them.

--: ClaimRow(completion_period_end?, confirm_reason?, cancel_reason?, cancelled_by?, completion_request_id?, possession_confirmed_at?, request_id?, key_owned_since?)

--! claim_of_participant : ClaimRow
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE claim_id = :claim_id AND (donor_participant = :participant OR claimer_participant = :participant);

--! lock_claim : ClaimRow
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE key_hash = :key_hash AND claim_id = :claim_id
FOR UPDATE;

--! open_claim_of_key : ClaimRow
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE key_hash = :key_hash AND status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');

--! claims_of_donor : ClaimRow
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE donor_participant = :participant AND (last_modified, claim_id) > (:after_at, :after_id)
  AND last_modified <= :modified_before AND status = ANY(:statuses) AND claim_type = ANY(:claim_types)
ORDER BY last_modified, claim_id
LIMIT :most;

--! claims_of_claimer : ClaimRow
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE claimer_participant = :participant AND (last_modified, claim_id) > (:after_at, :after_id)
  AND last_modified <= :modified_before AND status = ANY(:statuses) AND claim_type = ANY(:claim_types)
ORDER BY last_modified, claim_id
LIMIT :most;

--! due_claims : ClaimRow
-- Where a side of ours may have something to do now; the domain says what. What can wait is left out here, because there
-- may be a hundred thousand open claims.
SELECT key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, data_key_id,
       sealed, opened_at, resolution_period_end, completion_period_end, last_modified, confirm_reason, cancel_reason,
       cancelled_by, completion_request_id, possession_confirmed_at, request_id, key_owned_since
FROM dict.claims
WHERE (status = 'OPEN' AND donor_participant = ANY(:participants)
    OR status IN ('OPEN', 'WAITING_RESOLUTION') AND resolution_period_end <= :now
       AND (donor_participant = ANY(:participants)
         OR claimer_participant = ANY(:participants) AND claim_type = 'OWNERSHIP' AND opened_at <= :opened_before)
    OR status = 'CONFIRMED' AND claimer_participant = ANY(:participants)
       AND (claim_type = 'PORTABILITY'
         OR completion_period_end <= :now AND possession_confirmed_at IS NOT NULL
         OR opened_at <= :opened_before))
  AND (retry_at IS NULL OR retry_at <= :now)
  AND (resolution_period_end, claim_id) > (:after_at, :after_id)
ORDER BY resolution_period_end, claim_id
LIMIT :most;

--! known_claims
-- Which of these were heard of as they are now.
SELECT claim_id, status, last_modified FROM dict.claims WHERE claim_id = ANY(:claim_ids);

--! count_open_claims
SELECT count(*) AS open FROM dict.claims WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');

--! insert_claim (completion_period_end?, confirm_reason?, cancel_reason?, cancelled_by?, request_id?)
INSERT INTO dict.claims (key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant,
                         data_key_id, sealed, opened_at, resolution_period_end, completion_period_end, last_modified,
                         confirm_reason, cancel_reason, cancelled_by, request_id)
VALUES (:key_hash, :claim_id, :claim_type, :key_type, :status, :donor_participant, :claimer_participant, :data_key_id,
        :sealed, :opened_at, :resolution_period_end, :completion_period_end, :last_modified, :confirm_reason,
        :cancel_reason, :cancelled_by, :request_id)
ON CONFLICT (key_hash, claim_id) DO NOTHING
RETURNING true AS written;

--! update_claim (completion_period_end?, confirm_reason?, cancel_reason?, cancelled_by?, key_owned_since?)
UPDATE dict.claims
SET status = :status, resolution_period_end = :resolution_period_end, completion_period_end = :completion_period_end,
    last_modified = :last_modified, confirm_reason = :confirm_reason, cancel_reason = :cancel_reason,
    cancelled_by = :cancelled_by, key_owned_since = coalesce(:key_owned_since, key_owned_since), retry_at = NULL
WHERE key_hash = :key_hash AND claim_id = :claim_id
RETURNING true AS written;

--! link_claim_request
-- The first request that opened a claim is its request.
UPDATE dict.claims SET request_id = :request_id
WHERE key_hash = :key_hash AND claim_id = :claim_id AND (request_id IS NULL OR request_id = :request_id)
RETURNING true AS linked;

--! fix_completion_request
-- The same for every try, so that completion is done once.
UPDATE dict.claims SET completion_request_id = coalesce(completion_request_id, :request_id)
WHERE key_hash = :key_hash AND claim_id = :claim_id
RETURNING completion_request_id;

--! postpone_claim
UPDATE dict.claims SET retry_at = :retry_at WHERE key_hash = :key_hash AND claim_id = :claim_id
RETURNING true AS postponed;

--! settle_claim_possession
-- Whether it was settled by this: once is enough.
WITH before AS (
    SELECT key_hash, claim_id, possession_confirmed_at AS settled_at FROM dict.claims
    WHERE key_hash = :key_hash AND claim_id = :claim_id AND claimer_participant = :participant
      AND status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')
    FOR UPDATE
)
UPDATE dict.claims AS c SET possession_confirmed_at = coalesce(before.settled_at, :now), retry_at = NULL
FROM before
WHERE c.key_hash = before.key_hash AND c.claim_id = before.claim_id
RETURNING before.settled_at IS NULL AS newly;

--! claim_request
SELECT method, fingerprint, status, data_key_id, sealed, created_at FROM dict.requests
WHERE request_id = :request_id AND participant = :participant;

--! reserve_claim_request
INSERT INTO dict.requests (participant, request_id, method, fingerprint, status, key_hash, data_key_id, sealed,
                           created_at, updated_at)
VALUES (:participant, :request_id, 'START_CLAIM', :fingerprint, 'PENDING', :key_hash, :data_key_id, :sealed, :now, :now)
ON CONFLICT (request_id, participant) DO NOTHING
RETURNING true AS reserved;

--! finish_claim_request
-- It may have been given back by another call for the same request that was refused.
INSERT INTO dict.requests (participant, request_id, method, fingerprint, status, key_hash, data_key_id, sealed,
                           created_at, updated_at)
VALUES (:participant, :request_id, 'START_CLAIM', :fingerprint, 'DONE', :key_hash, :data_key_id, :sealed, :now, :now)
ON CONFLICT (request_id, participant) DO UPDATE
SET status = excluded.status, data_key_id = excluded.data_key_id, sealed = excluded.sealed,
    updated_at = excluded.updated_at
WHERE dict.requests.method = excluded.method AND dict.requests.fingerprint = excluded.fingerprint
  AND dict.requests.status = 'PENDING'
RETURNING true AS finished;

--! release_claim_request
DELETE FROM dict.requests
WHERE request_id = :request_id AND participant = :participant AND method = 'START_CLAIM' AND status = 'PENDING'
RETURNING true AS released;

--! cursor
SELECT at FROM dict.cursors WHERE participant = :participant AND name = :name;

--! put_cursor
INSERT INTO dict.cursors (participant, name, at) VALUES (:participant, :name, :at)
ON CONFLICT (participant, name) DO UPDATE SET at = excluded.at, ok = true
RETURNING true AS put;

--! insert_claim_event
INSERT INTO dict.outbox (key_hash, topic, payload, created_at)
VALUES (:key_hash, :topic, CAST(:payload::text AS jsonb), :now)
RETURNING true AS written;
