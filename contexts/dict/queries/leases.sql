-- Who leads a job.

--! take_lease
-- A lease that ends later than any may was taken before the clock was set back, and does not count.
INSERT INTO dict.leases (name, holder, held_until) VALUES (:name, :holder, :held_until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE dict.leases.holder = excluded.holder OR dict.leases.held_until < :now OR dict.leases.held_until > :latest
RETURNING true AS taken;

--! give_up_lease
DELETE FROM dict.leases WHERE name = :name AND holder = :holder RETURNING true AS gone;
