-- Token buckets of look-ups; the functions are in the migration, beside the table.

--! hold_tokens (known_since?)
SELECT granted, micro_tokens, free_micro_tokens
FROM dict.hold_tokens(
    :bucket, :capacity, :unit_us, :unit_micro_tokens, :asked_at, :known_since,
    :hold_id, :least_held, :most_held, :held_until
);

--! settle_tokens (known_since?, hold_id?)
SELECT micro_tokens, free_micro_tokens
FROM dict.settle_tokens(
    :bucket, :capacity, :unit_us, :unit_micro_tokens, :asked_at, :known_since, :hold_id, :cost
);

--! forget_buckets
-- Those that are full again: what is not there is full.
DELETE FROM dict.buckets WHERE bucket_hash IN (
    SELECT bucket_hash FROM dict.buckets WHERE refilled_at < :untouched_since LIMIT :most_rows
)
RETURNING true AS gone;
