-- Free uses of the simulator, each step a function of the schema (migration 0003).

--! address_secret
SELECT simulator.address_secret(:fresh, :now) AS secret;

--! reserve_use (request?)
SELECT outcome, used_today, local_day, resets_at
FROM simulator.reserve_use(:subject, :now, :per_day, :request);

--! refund_use (request?)
SELECT simulator.refund_use(:subject, :day, :request) AS refunded;

--! usage_of
SELECT used_today, resets_at FROM simulator.usage_of(:subject, :now);

--! forget_uses
SELECT simulator.forget_uses(:now) AS forgotten;

--! erase_subject
SELECT simulator.erase_subject(:subject) AS erased;
