import { UNDER_WAY_MS } from '../index.ts';

/**
 * The scripts of the store, in Redis' Lua. They mirror `state/memory-store.ts`, which explains what they do; the
 * same conformance suite runs against both.
 *
 * The keys of an account lie in one hash slot: `{name}:a` holds its slots and the mark of its memory, `{name}:h` what
 * is held, `{name}:u` until when. Time is Redis' own.
 */

/** KEYS: slots, held, until. ARGV: kind, limit, window or 0, slots, id, amount, leaseMs, memory, total, fresh, slot or '', starts… */
export const TAKE: string = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kind, limit, window, slots = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local id, amount, lease = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  if kind == 'under_way' then
    local held = redis.call('HGET', KEYS[2], gone)
    if held and held ~= 'over' then
      redis.call('HINCRBY', KEYS[1], '0', 0 - tonumber(string.match(held, '^[^:]+')))
    end
  end
  redis.call('HDEL', KEYS[2], gone)
  redis.call('ZREM', KEYS[3], gone)
end

local slot, oldest = 0, 0
local next_start = math.huge
if kind == 'rolling' then
  slot = math.floor(now / (window / slots))
  oldest = slot - slots
elseif kind == 'periods' then
  for index = 12, #ARGV do
    local start = tonumber(ARGV[index])
    if start <= now then slot = math.max(slot, start) else next_start = math.min(next_start, start) end
  end
  if next_start == math.huge then next_start = now + 3600000 end
  oldest = slot
end

local memory = redis.call('HGET', KEYS[1], 'memory')
if not memory then
  memory = ARGV[10]
  redis.call('HSET', KEYS[1], 'memory', memory)
end

local total, booked = 0, {}
local fields = redis.call('HGETALL', KEYS[1])
for index = 1, #fields, 2 do
  if fields[index] ~= 'memory' then
    local at, sum = tonumber(fields[index]), tonumber(fields[index + 1])
    if at < oldest then redis.call('HDEL', KEYS[1], fields[index])
    else
      total = total + sum
      booked[#booked + 1] = { at, sum }
    end
  end
end

-- The memory was lost since the caller last heard: begin from what it knows, as far as that is not over.
local known, at = tonumber(ARGV[9]), tonumber(ARGV[11]) or slot
local over = kind == 'under_way' or (kind == 'rolling' and at < oldest) or (kind == 'periods' and at ~= slot)
if ARGV[8] ~= '' and ARGV[8] ~= memory and known > total and not over then
  at = math.min(at, slot)
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', at), string.format('%.0f', known - total))
  booked[#booked + 1] = { at, known - total }
  total = known
end

local function expire()
  local life = lease
  if kind == 'rolling' then life = math.max(life, window + window / slots) end
  if kind == 'periods' then life = math.max(life, next_start - now) end
  local text = string.format('%.0f', math.ceil(life) + 1000)
  -- Others may hold something for longer.
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(text) then redis.call('PEXPIRE', key, text) end
  end
end

local function answer(granted, wait, sum)
  return { granted, wait, string.format('%.0f', sum), memory, string.format('%.0f', slot) }
end

if redis.call('HEXISTS', KEYS[2], id) == 1 then return answer(1, 0, total) end

if total + amount > limit then
  local excess, wait = total + amount - limit, ${UNDER_WAY_MS}
  if kind == 'periods' then wait = next_start - now end
  if kind == 'rolling' then
    wait = window
    table.sort(booked, function (one, other) return one[1] < other[1] end)
    for _, each in ipairs(booked) do
      excess = excess - each[2]
      if excess <= 0 then
        wait = (each[1] + slots + 1) * (window / slots) - now
        break
      end
    end
  end
  expire()
  return answer(0, math.max(1, math.ceil(wait)), total)
end

redis.call('HINCRBY', KEYS[1], string.format('%.0f', slot), string.format('%.0f', amount))
redis.call('HSET', KEYS[2], id, string.format('%.0f:%.0f', amount, slot))
redis.call('ZADD', KEYS[3], now + lease, id)
expire()
return answer(1, 0, total + amount)
`;

// Redis takes no `-0`, which is what Lua makes of the negative of nothing: hence `0 - x`.

/** KEYS: slots, held, until. ARGV: kind, id, amount, for how long the id is remembered. */
export const SETTLE = `
local held = redis.call('HGET', KEYS[2], ARGV[2])
if not held or held == 'over' then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], ARGV[2], 'over')
redis.call('ZADD', KEYS[3], 'LT', now + tonumber(ARGV[4]), ARGV[2])
local taken, slot = string.match(held, '^([^:]+):(.+)$')
local back = tonumber(taken)
if ARGV[1] ~= 'under_way' then back = back - tonumber(ARGV[3]) end
if redis.call('HEXISTS', KEYS[1], slot) == 1 then
  redis.call('HINCRBY', KEYS[1], slot, string.format('%.0f', 0 - back))
end
return 1
`;

/** KEYS: mark. ARGV: forMs. */
export const MARK = `
local left = redis.call('PTTL', KEYS[1])
local wanted = math.ceil(tonumber(ARGV[1]))
if wanted > left and wanted > 0 then
  redis.call('SET', KEYS[1], '1', 'PX', string.format('%.0f', wanted))
  return wanted
end
return math.max(0, left)
`;
