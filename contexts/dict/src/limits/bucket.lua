-- One bucket of look-ups: refilled, held from, charged, paid back, in one step.
--
-- A hash: `t` micro-tokens (without what is held), `r` the moment up to which it was refilled, and for each hold, under its
-- id, its micro-tokens and its end. Moments are microseconds since 1970, which a number of Lua holds exactly until 2255;
-- they come from the caller, never from this server.
--
-- KEYS: the bucket; since when all that was counted is still here.
-- ARGV: 1 now, 2 capacity, 3 and 4 how it fills (microseconds, micro-tokens), 5 since when the caller knows that this store
-- counted everything (0: ever since), 6 whether the caller saw this store before (1, 0), 7 id of the hold or nothing,
-- 8 `hold`: 9 least, 10 most, 11 its end; or `settle`: 9 cost.
local now, capacity, unit, micro = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local id, whole = ARGV[7], function(number) return string.format('%.0f', number) end

-- A store that somebody knows and that has no such moment lost what it held.
local since = tonumber(redis.call('GET', KEYS[2]) or '')
local known = math.max(tonumber(ARGV[5]), since or (ARGV[6] == '1' and now or 0))
if known ~= since then
  redis.call('SET', KEYS[2], whole(known))
end

local tokens, at, held, lapsed, mine = nil, nil, 0, 0, nil
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local field, value = flat[i], flat[i + 1]
  if field == 't' then
    tokens = tonumber(value)
  elseif field == 'r' then
    at = tonumber(value)
  else
    local amount, ends = string.match(value, '^(%d+) (%d+)$')
    if tonumber(ends) <= now then
      -- Nobody settled it in time: what it was held for may have come to the worst.
      lapsed = lapsed + tonumber(amount)
      redis.call('HDEL', KEYS[1], field)
    else
      held = held + tonumber(amount)
      if field == id then
        mine = tonumber(amount)
      end
    end
  end
end

if tokens == nil or at == nil then
  tokens, at = known > 0 and 0 or capacity, known > 0 and known or now
elseif at < known then
  tokens, at = math.min(tokens, 0), known
end
local elapsed = math.max(now - at, 0)
local units = (elapsed - elapsed % unit) / unit
at = at + units * unit
tokens = math.min(capacity, tokens + units * micro) - lapsed

local granted, free = 0, tokens - held
if ARGV[8] == 'hold' then
  if free >= 1000000 then
    granted = math.max(tonumber(ARGV[9]), math.min(tonumber(ARGV[10]), math.floor(free / 8)))
    redis.call('HSET', KEYS[1], id, whole(granted) .. ' ' .. ARGV[11])
  end
elseif id == '' or mine then
  tokens = math.min(capacity, tokens - tonumber(ARGV[9]))
  free = tokens - held + (mine or 0)
  if mine then
    redis.call('HDEL', KEYS[1], id)
  end
end
redis.call('HSET', KEYS[1], 't', whole(tokens), 'r', whole(at))
-- What is not here is full: it may go once it would be, and two hours for clocks that differ.
redis.call('PEXPIRE', KEYS[1], whole(7200000 + math.ceil((capacity - tokens) / micro) * unit / 1000))
return {granted, tokens, free}
