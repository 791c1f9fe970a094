-- The set of CIDs, and how it compares with the directory's.

--! vsync : (bits?)
-- PostgreSQL has XOR for bit strings and not for bytes. What is only reserved counts twice, which is not at all: all CIDs
-- are read from the index, and of those reserved there are few.
SELECT count(*) FILTER (WHERE NOT reserved) - count(*) FILTER (WHERE reserved) AS entries,
       bit_xor(('x' || encode(cid, 'hex'))::bit(256))::text AS bits
FROM (SELECT cid, false AS reserved FROM dict.entries WHERE participant = :participant AND key_type = :key_type
      UNION ALL
      SELECT e.cid, true FROM dict.requests r
      JOIN dict.entries e ON e.key_hash = r.key_hash AND e.request_id = r.request_id AND e.status = 'PENDING'
      WHERE r.status = 'PENDING' AND e.participant = :participant AND e.key_type = :key_type) AS cids;

--! cids_after
-- Of reserved keys too: whoever finds one of them missing looks at its row.
SELECT cid FROM dict.entries WHERE participant = :participant AND key_type = :key_type AND cid > :after
ORDER BY cid LIMIT :most;

--! keys_of_cids
SELECT cid, key_hash FROM dict.entries
WHERE participant = :participant AND key_type = :key_type AND cid = ANY(:cids) AND status <> 'PENDING';

--! cid_events
SELECT event_number, added, cid, occurred_at FROM dict.cid_events
WHERE participant = :participant AND key_type = :key_type
  AND (occurred_at, event_number) > (:after_occurred_at, :after_event_number)
ORDER BY occurred_at, event_number
LIMIT :most;

--! verification
SELECT at, ok FROM dict.cursors WHERE participant = :participant AND name = :name;

--! record_verification
INSERT INTO dict.cursors (participant, name, at, ok) VALUES (:participant, :name, :now, :ok)
ON CONFLICT (participant, name) DO UPDATE SET at = excluded.at, ok = excluded.ok
RETURNING true AS written;

--! verify_again
UPDATE dict.cursors SET at = :long_ago
WHERE participant = ANY(:participants) AND name LIKE 'vsync.%' AND at > :long_ago
RETURNING true AS forgotten;

--! entry_counts
SELECT key_type, count(*) AS entries FROM dict.entries WHERE status <> 'PENDING' GROUP BY key_type;
