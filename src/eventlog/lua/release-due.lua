-- Releases everything that is due, in due and accept order: seq + 1, log, strip, PUBLISH. Run again, it finds
-- nothing to do. Given a witness of the log's newest entry, it starts a new epoch where the log has lost that entry.
-- KEYS  1 definition  2 head  3 log  4 states  5 versions  6 changes  7 due  8 strip  9 places
-- ARGV  1 live channel  2 changes to take at the most  3 events that the log keeps  4 new epoch, if one is needed
--       5 witness epoch  6 witness seq  7 witness chain ('' for none)
-- Returns { 'done' | 'more' | 'no-feed', released, epoch, seq, chain, 'intact' | 'forked' }
local definition_key, head_key, log_key, states_key, versions_key, changes_key, due_key, strip_key, places_key = unpack(KEYS)
local channel, limit, log_events, new_epoch, witness_epoch, witness_seq, witness_chain = unpack(ARGV)

local fault = wrong_type({
  [definition_key] = 'string', [head_key] = 'hash', [log_key] = 'stream', [states_key] = 'hash', [versions_key] = 'hash',
  [changes_key] = 'hash', [due_key] = 'zset', [strip_key] = 'hash', [places_key] = 'zset',
})
if fault then return fault end
if #ARGV ~= 7 or not tonumber(limit) or not tonumber(log_events) then
  return redis.error_reply('CONTRACT release-due takes 7 arguments')
end

local definition = redis.call('GET', definition_key)
if not definition then return { 'no-feed' } end
local strip_limit = cjson.decode(definition).stripLimit

local epoch, seq, chain = unpack(redis.call('HMGET', head_key, 'epoch', 'seq', 'chain'))
seq = tonumber(seq)
local now = now_ms()
local released = 0
local intact = 'intact'

local function lost_witness()
  if witness_epoch ~= epoch then return false end
  if tonumber(witness_seq) > seq then return true end
  local entry = redis.call('XRANGE', log_key, witness_seq .. '-0', witness_seq .. '-0')[1]
  return entry ~= nil and entry[2][2] ~= witness_chain
end

local function emit(op, id, version, headline, shows, place)
  local before = chain
  seq = seq + 1
  local position = epoch .. ':' .. int(seq)
  local event = '{"type":"event","position":"' .. position .. '","op":"' .. op .. '","at":"' .. iso(now) ..
    '","headline":' .. headline .. '}'
  chain = redis.sha1hex(before .. event)
  redis.call('XADD', log_key, int(seq) .. '-0', 'c', chain, 'e', event)
  redis.call('HSET', head_key, 'seq', int(seq), 'chain', chain)
  redis.call('HSET', versions_key, id .. ':' .. int(version) .. ':position', position)
  if shows then
    redis.call('HSET', strip_key, id, headline)
    redis.call('ZADD', places_key, int(place), id)
  else
    redis.call('HDEL', strip_key, id)
    redis.call('ZREM', places_key, id)
  end
  redis.call('PUBLISH', channel, int(seq) .. ' ' .. before .. ' ' .. chain .. ' ' .. event)
  released = released + 1
end

local function headline_json(id, version, state, content)
  local head = '{"id":"' .. id .. '","version":' .. int(version) .. ',"status":"' .. state.status ..
    '","place":' .. int(state.place) .. ',"publishedAt":"' .. iso(state.publishedAt) .. '","updatedAt":"' .. iso(now) .. '"'
  return content == '{}' and head .. '}' or head .. ',' .. string.sub(content, 2)
end

local function keep(id, state)
  redis.call('HSET', states_key, id, cjson.encode(state))
end

-- The service's own act, not an editor's: a line's time is over, or the strip is full.
local function expire_by_rule(id, state, why)
  state.version = state.version + 1
  state.status = 'expired'
  keep(id, state)
  redis.call('HSET', versions_key, id .. ':' .. int(state.version),
    '{"version":' .. int(state.version) .. ',"op":"expire","savedAt":"' .. iso(now) ..
    '","act":{"by":"flashline","reason":"' .. why .. '"},"content":{}}')
  emit('expire', id, state.version, headline_json(id, state.version, state, '{}'), false)
end

-- A line whose removal is accepted leaves by that, and counts as gone: its withdrawal must not become an expiry.
local function keep_within_strip_limit()
  local over = redis.call('ZCARD', places_key) - strip_limit
  if over <= 0 then return end
  for _, id in ipairs(redis.call('ZRANGE', places_key, 0, over - 1)) do
    local raw = redis.call('HGET', states_key, id)
    local state = raw and cjson.decode(raw) or {}
    if state.status == 'live' then expire_by_rule(id, state, 'strip-full') end
  end
end

local function plan_expiry(id, state, expires_at)
  state.expiresAt = expires_at
  if not expires_at then return end
  local member = string.format('%015d', redis.call('HINCRBY', head_key, 'accepted', 1)) .. ':' .. id
  redis.call('HSET', changes_key, member, cjson.encode({ op = 'time-over', id = id }))
  redis.call('ZADD', due_key, int(expires_at), member)
end

-- What a change does depends on where its headline stands now: one that was overtaken (a correction by a
-- withdrawal, an expiry by a later one) leaves no event.
local function release(change)
  local id = change.id
  local raw = redis.call('HGET', states_key, id)
  -- Somebody has removed the headline by hand: its change must not hold up the feed.
  if not raw then return end
  local state = cjson.decode(raw)
  local op = change.op
  if op == 'time-over' then
    if state.status == 'live' and state.expiresAt and state.expiresAt <= now then expire_by_rule(id, state, 'time-over') end
  elseif op == 'publish' then
    if state.status ~= 'due' then return end
    if change.expiresAt and change.expiresAt <= now then
      -- Its time was over before anybody could release it.
      state.status, state.pending = 'expired', nil
      return keep(id, state)
    end
    state.status, state.place, state.publishedAt, state.pending = 'live', seq + 1, now, nil
    plan_expiry(id, state, change.expiresAt)
    keep(id, state)
    emit(op, id, change.version, headline_json(id, change.version, state, change.content), true, state.place)
    keep_within_strip_limit()
  elseif op == 'correct' then
    if state.status ~= 'live' then return end
    if change.expiresAt ~= state.expiresAt then plan_expiry(id, state, change.expiresAt) end
    keep(id, state)
    emit(op, id, change.version, headline_json(id, change.version, state, change.content), true, state.place)
  elseif state.place and state.status == (op == 'withdraw' and 'withdrawn' or 'expired') then
    emit(op, id, change.version, headline_json(id, change.version, state, change.content), false)
  end
end

if witness_chain ~= '' and lost_witness() then
  intact = 'forked'
  epoch, chain = new_epoch, redis.sha1hex(new_epoch)
  redis.call('HSET', head_key, 'epoch', epoch, 'since', int(seq), 'chain', chain)
  redis.call('PUBLISH', channel, 'look')
end

local members = redis.call('ZRANGEBYSCORE', due_key, '-inf', int(now), 'LIMIT', 0, tonumber(limit))
for _, member in ipairs(members) do
  local change = redis.call('HGET', changes_key, member)
  if change then release(cjson.decode(change)) end
  redis.call('ZREM', due_key, member)
  redis.call('HDEL', changes_key, member)
end
if released > 0 then redis.call('XTRIM', log_key, 'MAXLEN', '~', log_events) end

return { #members == tonumber(limit) and 'more' or 'done', released, epoch, int(seq), chain, intact }
