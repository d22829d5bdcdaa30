-- Finds headlines by their indexes, newest first, from a place on: those that stand in any of the first indexes and in
-- all of the others. Does a bounded part of the work, so that Redis answers others in between.
-- KEYS  1..n indexes: sorted sets of headline ids by creation time in ms; a headline is in one of the first at the most
-- ARGV  1 number of the first indexes (1 at the least)
--       2 latest creation time in ms ('+inf' for any)  3 earliest ('-inf' for any)
--       4 id after which to go on, among those of the latest time ('' from the first one on)
--       5 headlines to find at the most  6 headlines to look at, at the most
-- Returns { 'end' | 'more', last one looked at ('' for none), its ms, found id, its ms, found id, ... }
local any_count, latest, earliest, after_id, limit, budget = unpack(ARGV)
any_count, limit, budget = tonumber(any_count), tonumber(limit), tonumber(budget)

local any, all, types = {}, {}, {}
for index, key in ipairs(KEYS) do
  table.insert(index <= (any_count or 0) and any or all, key)
  types[key] = 'zset'
end
local fault = wrong_type(types)
if fault then return fault end
if #ARGV ~= 6 or #any == 0 or not limit or not budget then
  return redis.error_reply('CONTRACT find-headlines takes 6 arguments and 1 key at the least')
end

local function size(key)
  return redis.call('ZCOUNT', key, earliest, latest)
end

-- The shortest way: all of the first indexes together, or one of the others.
local walked, fewest = any, 0
for _, key in ipairs(any) do fewest = fewest + size(key) end
for _, key in ipairs(all) do
  if size(key) < fewest then walked, fewest = { key }, size(key) end
end

local function is_passed(candidate)
  return after_id ~= '' and candidate.ms == tonumber(latest) and candidate.id >= after_id
end

-- The newest of all are among the newest of each index. Those of the place's own ms may have been passed.
local candidates, cut = {}, false
for _, key in ipairs(walked) do
  local wanted = budget + (after_id == '' and 0 or redis.call('ZCOUNT', key, latest, latest))
  local read = redis.call('ZREVRANGEBYSCORE', key, latest, earliest, 'WITHSCORES', 'LIMIT', 0, wanted)
  cut = cut or #read == 2 * wanted
  for at = 1, #read, 2 do
    local candidate = { id = read[at], ms = tonumber(read[at + 1]) }
    if not is_passed(candidate) then table.insert(candidates, candidate) end
  end
end
-- As Redis has those of one index: the greatest id first among those of one ms.
if #walked > 1 then
  table.sort(candidates, function(a, b)
    if a.ms ~= b.ms then return a.ms > b.ms end
    return a.id > b.id
  end)
end

local function stands_in(key, id)
  return key == walked[1] or redis.call('ZSCORE', key, id)
end

local function fits(id)
  local in_any = walked == any
  for _, key in ipairs(any) do in_any = in_any or stands_in(key, id) end
  if not in_any then return false end
  for _, key in ipairs(all) do
    if not stands_in(key, id) then return false end
  end
  return true
end

local found, looked_at = {}, 0
while looked_at < math.min(#candidates, budget) and #found < 2 * limit do
  looked_at = looked_at + 1
  local candidate = candidates[looked_at]
  if fits(candidate.id) then
    table.insert(found, candidate.id)
    table.insert(found, int(candidate.ms))
  end
end
local last = candidates[looked_at]
local outcome = (cut or looked_at < #candidates) and 'more' or 'end'
return { outcome, last and last.id or '', last and int(last.ms) or '', unpack(found) }
