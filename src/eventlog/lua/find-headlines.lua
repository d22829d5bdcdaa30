-- Finds headlines by their indexes, newest first: those that are in one of the "any" indexes and in every "all" index.
-- One run does a bounded part of the work, so that Redis can serve other clients between two runs.
-- KEYS  the "any" indexes, then the "all" indexes: sorted sets of headline ids by creation time in ms; a headline is in
--       at most one of the "any" indexes
-- ARGV  1 number of "any" indexes (at least 1)
--       2 latest creation time in ms ('+inf' for any)  3 earliest ('-inf' for any)
--       4 id of the headline to continue after; it has the latest creation time ('' to begin with the newest)
--       5 maximum of headlines to find  6 maximum of headlines to check
-- Returns { 'end' | 'more', id of the last headline checked ('' for none), its ms, found id, its ms, found id, ... }
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
  return redis.error_reply('CONTRACT find-headlines takes 6 arguments and at least 1 key')
end

local function size(key)
  return redis.call('ZCOUNT', key, earliest, latest)
end

-- Reads the fewest headlines: either all "any" indexes together, or one "all" index.
local walked, fewest = any, 0
for _, key in ipairs(any) do fewest = fewest + size(key) end
for _, key in ipairs(all) do
  if size(key) < fewest then walked, fewest = { key }, size(key) end
end

local function is_passed(candidate)
  return after_id ~= '' and candidate.ms == tonumber(latest) and candidate.id >= after_id
end

-- The newest headlines are among the newest of each index. Headlines of the same ms as the cursor may be on an earlier
-- page, so they are read in addition.
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
-- The order of ZREVRANGEBYSCORE: headlines of the same ms by descending id.
if #walked > 1 then
  table.sort(candidates, function(a, b)
    if a.ms ~= b.ms then return a.ms > b.ms end
    return a.id > b.id
  end)
end

local function is_in(key, id)
  return key == walked[1] or redis.call('ZSCORE', key, id)
end

local function fits(id)
  local in_any = walked == any
  for _, key in ipairs(any) do in_any = in_any or is_in(key, id) end
  if not in_any then return false end
  for _, key in ipairs(all) do
    if not is_in(key, id) then return false end
  end
  return true
end

local found, checked = {}, 0
while checked < math.min(#candidates, budget) and #found < 2 * limit do
  checked = checked + 1
  local candidate = candidates[checked]
  if fits(candidate.id) then
    table.insert(found, candidate.id)
    table.insert(found, int(candidate.ms))
  end
end
local last = candidates[checked]
local outcome = (cut or checked < #candidates) and 'more' or 'end'
return { outcome, last and last.id or '', last and int(last.ms) or '', unpack(found) }
