/**
 * The scripts of the store, in Redis' Lua. They mirror `state/memory-store.ts`, which explains what they do; the
 * same conformance suite runs against both.
 *
 * The keys of an account lie in one hash slot: `{name}:a` holds its slots and the mark of its memory, `{name}:h` what
 * is held, `{name}:u` until when. Time is Redis' own.
 */

/** KEYS: slots, held, until. ARGV: kind, limit, window or 0, slots, id, amount, leaseMs, memory, total, fresh, starts… */
export const TAKE = `
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
  for index = 11, #ARGV do
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

-- The memory was lost since the caller last heard: begin from what it knows.
local known = tonumber(ARGV[9])
if ARGV[8] ~= '' and ARGV[8] ~= memory and known > total then
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', slot), string.format('%.0f', known - total))
  booked[#booked + 1] = { slot, known - total }
  total = known
end

local function expire()
  local life = lease
  if kind == 'rolling' then life = math.max(life, window + window / slots) end
  if kind == 'periods' then life = math.max(life, next_start - now) end
  local text = string.format('%.0f', math.ceil(life) + 1000)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, text) end
end

if redis.call('HEXISTS', KEYS[2], id) == 1 then return { 1, 0, string.format('%.0f', total), memory } end

if total + amount > limit then
  local over, due = total + amount - limit, {}
  local wait = 0
  if kind == 'periods' then wait = next_start - now
  else
    if kind == 'rolling' then
      for _, each in ipairs(booked) do due[#due + 1] = { (each[1] + slots + 1) * (window / slots), each[2] } end
      wait = window
    else
      local pairs_of = redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES')
      for index = 1, #pairs_of, 2 do
        local held = redis.call('HGET', KEYS[2], pairs_of[index])
        due[#due + 1] = { tonumber(pairs_of[index + 1]), tonumber(string.match(held or '0', '^[^:]+')) or 0 }
      end
      wait = 1000
    end
    table.sort(due, function (one, other) return one[1] < other[1] end)
    for _, each in ipairs(due) do
      over = over - each[2]
      if over <= 0 then
        wait = each[1] - now
        break
      end
    end
  end
  expire()
  return { 0, math.max(1, math.ceil(wait)), string.format('%.0f', total), memory }
end

redis.call('HINCRBY', KEYS[1], string.format('%.0f', slot), string.format('%.0f', amount))
redis.call('HSET', KEYS[2], id, string.format('%.0f:%.0f', amount, slot))
redis.call('ZADD', KEYS[3], now + lease, id)
expire()
return { 1, 0, string.format('%.0f', total + amount), memory }
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
