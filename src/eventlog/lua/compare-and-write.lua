-- Writes fields of hashes and one audit entry if all fields still have the values that the caller expects.
-- KEYS  1 audit  2 audit head  3 to n the hash of each write; a hash may be named several times
-- ARGV  1 writes, in the order of their keys: [{field, expected, value}] (JSON; expected null: the field does not exist;
--         value null: delete the field)
--       2 the audit entry's own members (JSON without braces)  3 desk channel
--       4 channel of a message after the write ('' for none)  5 the message
-- Returns 'written' | 'changed' (a field has another value; nothing is written)
local audit_key, audit_head_key = KEYS[1], KEYS[2]
local writes_json, members, desk_channel, doorbell_channel, doorbell_payload = unpack(ARGV)

local types = { [audit_key] = 'stream', [audit_head_key] = 'hash' }
for at = 3, #KEYS do types[KEYS[at]] = 'hash' end
local fault = wrong_type(types)
if fault then return fault end
local writes = cjson.decode(writes_json)
if #ARGV ~= 5 or #writes ~= #KEYS - 2 then return redis.error_reply('CONTRACT compare-and-write: one key per write') end

for at, write in ipairs(writes) do
  local stored = redis.call('HGET', KEYS[at + 2], write.field) or cjson.null
  if stored ~= write.expected then return 'changed' end
end

append_audit(audit_key, audit_head_key, desk_channel, now_ms(), members)
for at, write in ipairs(writes) do
  if write.value == cjson.null then
    redis.call('HDEL', KEYS[at + 2], write.field)
  else
    redis.call('HSET', KEYS[at + 2], write.field, write.value)
  end
end
if doorbell_channel ~= '' then ring(doorbell_channel, doorbell_payload) end
return 'written'
