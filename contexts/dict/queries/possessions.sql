-- Proof that somebody has a phone or a mailbox.

--! insert_possession
-- At most :most codes in a window for one key: nobody is flooded with them, and guessing does not get cheaper. Two at the
-- same moment may both see room for one, which the window's size bears.
INSERT INTO dict.possessions (key_hash, possession_id, participant, code_hash, created_at, expires_at)
SELECT :key_hash, :possession_id, :participant, :code_hash, :now, :expires_at
WHERE (SELECT count(*) FROM dict.possessions
       WHERE key_hash = :key_hash AND participant = :participant AND created_at > :window_start) < :most
RETURNING true AS written;

--! delete_possession
DELETE FROM dict.possessions WHERE key_hash = :key_hash AND possession_id = :possession_id RETURNING true AS gone;

--! try_possession
-- The try is counted before the code is looked at, so that tries at the same moment are all counted.
UPDATE dict.possessions SET tries = tries + 1
WHERE key_hash = :key_hash AND possession_id = :possession_id AND participant = :participant
  AND expires_at > :now AND tries < :most
RETURNING code_hash;

--! confirm_possession
-- Confirming again says when it was confirmed first.
UPDATE dict.possessions SET confirmed_at = coalesce(confirmed_at, :now)
WHERE key_hash = :key_hash AND possession_id = :possession_id AND participant = :participant
RETURNING confirmed_at;

--! use_possession
-- Once, and while the proof is fresh.
UPDATE dict.possessions SET used_at = :now
WHERE key_hash = :key_hash AND possession_id = :possession_id AND participant = :participant
  AND confirmed_at > :confirmed_after AND used_at IS NULL
RETURNING true AS used;

--! give_back_possession
-- What it was used for did not happen.
UPDATE dict.possessions SET used_at = NULL
WHERE key_hash = :key_hash AND possession_id = :possession_id AND participant = :participant
RETURNING true AS given_back;
