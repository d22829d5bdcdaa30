-- Ends the wait of headlines that must not come out by themselves: each becomes `needs-decision` and gets attention.
-- KEYS  1 states  2 changes  3 due  4 index of flagged headlines  5 audit  6 audit head  7 prefix of the status indexes
-- ARGV  1 feed  2 headlines: [{id, version, desk}] (JSON): the version that was read, and the new desk state as JSON
--       3 detail of the audit entries (JSON); `why` goes into the attention, and a later duty of the same `cause` counts
--         only acts after this version
--       4 act: actor and reason (JSON)  5 desk channel
-- Returns an outcome for each headline: 'put' | 'changed' (it has another version) | 'elsewhere' (it does not wait)
local states_key, changes_key, due_key, attention_key, audit_key, audit_head_key, status_index = unpack(KEYS)
local feed, headlines_json, detail_json, act, desk_channel = unpack(ARGV)

local fault = wrong_type({
  [states_key] = 'hash', [changes_key] = 'hash', [due_key] = 'zset', [attention_key] = 'zset',
  [audit_key] = 'stream', [audit_head_key] = 'hash',
})
if fault then return fault end
if #KEYS ~= 7 or #ARGV ~= 5 then return redis.error_reply('CONTRACT put-to-decision takes 7 keys and 5 arguments') end
fault = wrong_type({ [status_index .. 'due'] = 'zset', [status_index .. 'needs-decision'] = 'zset' })
if fault then return fault end

local detail = cjson.decode(detail_json)
local now = now_ms()

local function put(id, version, desk)
  local state = read_state(states_key, id, now)
  if not state or state.status ~= 'due' or not state.pending then return 'elsewhere' end
  if state.version ~= version then return 'changed' end

  local before = version_and_status(state)
  redis.call('ZADD', attention_key, int(state.createdAt), id)
  redis.call('ZREM', due_key, state.pending)
  redis.call('HDEL', changes_key, state.pending)
  move_status(status_index, id, state, 'needs-decision')
  state.pending, state.desk = nil, desk
  state.attention = { feed = feed, id = id, action = 'needs-decision', version = version, at = now, why = detail.why }
  if detail.cause then
    state.stoppedFor = state.stoppedFor or {}
    state.stoppedFor[detail.cause] = version
  end
  append_audit(audit_key, audit_head_key, desk_channel, now,
    '"feed":"' .. feed .. '","headline":"' .. id .. '","action":"needs-decision","before":' .. before ..
    ',"after":' .. version_and_status(state) .. ',"act":' .. act .. ',"detail":' .. detail_json)
  redis.call('HSET', states_key, id, cjson.encode(state))
  return 'put'
end

local outcomes = {}
for at, headline in ipairs(cjson.decode(headlines_json)) do
  outcomes[at] = put(headline.id, headline.version, headline.desk)
end
return outcomes
