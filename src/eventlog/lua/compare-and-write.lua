-- Writes fields of hashes and one entry of the audit, if every field still holds what was seen.
-- KEYS  1 audit  2 audit head  3… the hash of each write
-- ARGV  1 audit entry (JSON)  2 channel of the audit  3 channel to ring ('' for none)
--       4… of each write: field, seen, value; these two '=<text>', or '-' for a field that is not there
-- Returns 'written' (also where exactly this was written before: the client may send it twice) | 'changed'
local audit_key, audit_head_key = KEYS[1], KEYS[2]
local entry, audit_channel, ring_channel = ARGV[1], ARGV[2], ARGV[3]

local types = { [audit_key] = 'stream', [audit_head_key] = 'hash' }
for i = 3, #KEYS do types[KEYS[i]] = 'hash' end
local fault = wrong_type(types)
if fault then return fault end

local writes = {}
local as_seen, as_written, changes = true, true, false
for i = 3, #KEYS do
  local at = 4 + (i - 3) * 3
  local write = { key = KEYS[i], field = ARGV[at], value = ARGV[at + 2] }
  local raw = redis.call('HGET', write.key, write.field)
  local stands = raw and '=' .. raw or '-'
  as_seen = as_seen and stands == ARGV[at + 1]
  as_written = as_written and stands == write.value
  changes = changes or ARGV[at + 1] ~= write.value
  writes[#writes + 1] = write
end
if not as_seen then return changes and as_written and 'written' or 'changed' end

for _, write in ipairs(writes) do
  if write.value == '-' then
    redis.call('HDEL', write.key, write.field)
  else
    redis.call('HSET', write.key, write.field, write.value:sub(2))
  end
end
append_audit(audit_key, audit_head_key, audit_channel, entry)
if ring_channel ~= '' then redis.call('PUBLISH', ring_channel, '') end
return 'written'
