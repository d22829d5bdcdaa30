-- Tells the desk that a line needs a look, because another line of its story was corrected or taken back.
-- KEYS  1 states  2 audit  3 audit head  4 lines that need a look
-- ARGV  1 headline id  2 attention: feed, id, action and version of the other line, and when (JSON, at in ms)
--       3 feed of this line  4 desk channel
-- Returns 'flagged' | 'known' (it was told, or it is a newer one that stands) | 'elsewhere' (it is not out and will not be)
local states_key, audit_key, audit_head_key, attention_key = unpack(KEYS)
local id, attention_json, feed, desk_channel = unpack(ARGV)

local fault = wrong_type({
  [states_key] = 'hash', [audit_key] = 'stream', [audit_head_key] = 'hash', [attention_key] = 'zset',
})
if fault then return fault end

local now = now_ms()
local NEEDS_IT = { live = true, held = true, due = true, ['needs-decision'] = true }
local state = read_state(states_key, id, now)
if not state or not NEEDS_IT[state.status] then return 'elsewhere' end

local attention = cjson.decode(attention_json)
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
