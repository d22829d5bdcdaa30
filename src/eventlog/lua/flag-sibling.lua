-- Flags a headline for the desk's attention, because another headline of its story or edition was corrected, held or
-- withdrawn, or because the storage has lost an act on it.
-- KEYS  1 states  2 audit  3 audit head  4 index of flagged headlines
-- ARGV  1 headline id  2 attention: feed, id, action and version of the other headline, and the act's time (JSON, at in
--         ms); with lost, of the same headline
--       3 feed of this headline  4 desk channel
-- Returns 'flagged' | 'known' (this flag or a newer one was set before) | 'elsewhere' (no reader sees or will see the
-- headline; a lost act flags it all the same)
local states_key, audit_key, audit_head_key, attention_key = unpack(KEYS)
local id, attention_json, feed, desk_channel = unpack(ARGV)

local fault = wrong_type({
  [states_key] = 'hash', [audit_key] = 'stream', [audit_head_key] = 'hash', [attention_key] = 'zset',
})
if fault then return fault end

local now = now_ms()
local FLAGGED_STATUSES = { live = true, held = true, due = true, ['needs-decision'] = true }
local state = read_state(states_key, id, now)
local attention = cjson.decode(attention_json)
if not state or not (FLAGGED_STATUSES[state.status] or attention.lost) then return 'elsewhere' end

local last = math.max(state.attendedAt or 0, state.attention and state.attention.at or 0)
if attention.at <= last then return 'known' end

state.attention = attention
local unchanged = version_and_status(state)
append_audit(audit_key, audit_head_key, desk_channel, now,
  '"feed":"' .. feed .. '","headline":"' .. id .. '","action":"needs-attention","before":' .. unchanged ..
  ',"after":' .. unchanged .. ',"act":' .. FLASHLINE .. ',"detail":' .. attention_json)
redis.call('ZADD', attention_key, int(state.createdAt), id)
redis.call('HSET', states_key, id, cjson.encode(state))
return 'flagged'
