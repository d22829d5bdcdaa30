-- Accepts one change of one headline: compare-and-set on its version, then into the due set.
-- KEYS  1 definition  2 head  3 states  4 versions  5 changes  6 due  7 once
-- ARGV  1 fingerprint of the request  2 ms to remember it  3 headline id  4 op (publish, correct, withdraw, expire)
--       5 version it must have ('0': must not exist; '*': any)  6 statuses that allow it, comma-separated
--       7 status it takes at once ('' keeps it)  8 content (JSON object)  9 act: who and why (JSON object)
--       10 due time in ms ('' for now)  11 expiry in ms ('' for none)
-- Returns { outcome, id, version, status, due ms, now ms }; outcome is
--   'saved'      accepted, waits in the due set
--   'cancelled'  accepted; the line had not been released and never will be
--   'repeated'   this very request was accepted before
--   'reused'     the idempotency key came with another request
--   'stale'      the headline has another version
--   'illegal'    its status does not allow the change
--   'unknown'    no such headline
--   'no-feed'
local definition_key, head_key, states_key, versions_key, changes_key, due_key, once_key = unpack(KEYS)
local fingerprint, remember_ms, id, op, expected, allowed, next_status, content, act, due_arg, expires_arg = unpack(ARGV)

local fault = wrong_type({
  [definition_key] = 'string', [head_key] = 'hash', [states_key] = 'hash', [versions_key] = 'hash',
  [changes_key] = 'hash', [due_key] = 'zset', [once_key] = 'string',
})
if fault then return fault end
if #ARGV ~= 11 or not tonumber(remember_ms) then return redis.error_reply('CONTRACT save-headline takes 11 arguments') end
if redis.call('EXISTS', definition_key) == 0 then return { 'no-feed' } end

local now = now_ms()
local told = redis.call('GET', once_key)
if told then
  local print, told_id, version, due = string.match(told, '^(%S+) (%S+) (%d+) (%d+)$')
  if print ~= fingerprint then return { 'reused' } end
  local raw = redis.call('HGET', states_key, told_id)
  return { 'repeated', told_id, version, raw and cjson.decode(raw).status or '', due, int(now) }
end

local raw = redis.call('HGET', states_key, id)
local state = raw and cjson.decode(raw) or nil
if op == 'publish' then
  if state then return { 'stale', id, int(state.version), state.status } end
  state = { version = 0, status = 'due' }
else
  if not state then return { 'unknown' } end
  if expected ~= '*' and tonumber(expected) ~= state.version then
    return { 'stale', id, int(state.version), state.status }
  end
  if not string.find(',' .. allowed .. ',', ',' .. state.status .. ',', 1, true) then
    return { 'illegal', id, int(state.version), state.status }
  end
end

local due = tonumber(due_arg) or now
local version = state.version + 1
local unreleased = state.pending
local outcome = 'saved'

state.version = version
if next_status ~= '' then state.status = next_status end

local function queue(member)
  redis.call('HSET', changes_key, member, cjson.encode({
    op = op, id = id, version = version, content = content, expiresAt = tonumber(expires_arg),
  }))
end

if unreleased and op == 'correct' then
  -- Edited before anybody has seen it: the waiting release takes the new text and keeps its time.
  local waiting = cjson.decode(redis.call('HGET', changes_key, unreleased))
  op = waiting.op
  due = tonumber(redis.call('ZSCORE', due_key, unreleased))
  queue(unreleased)
elseif unreleased then
  redis.call('ZREM', due_key, unreleased)
  redis.call('HDEL', changes_key, unreleased)
  state.pending = nil
  outcome = 'cancelled'
else
  -- Members of one ms are released in accept order.
  local member = string.format('%015d', redis.call('HINCRBY', head_key, 'accepted', 1)) .. ':' .. id
  queue(member)
  redis.call('ZADD', due_key, int(due), member)
  if op == 'publish' then state.pending = member end
end

redis.call('HSET', versions_key, id .. ':' .. int(version),
  '{"version":' .. int(version) .. ',"op":"' .. ARGV[4] .. '","savedAt":"' .. iso(now) .. '","act":' .. act .. ',"content":' .. content .. '}')
redis.call('HSET', states_key, id, cjson.encode(state))
redis.call('SET', once_key, fingerprint .. ' ' .. id .. ' ' .. int(version) .. ' ' .. int(due), 'PX', remember_ms)
return { outcome, id, int(version), state.status, int(due), int(now) }
