-- Finds the acts that the audit does not have: its history went back, or another one has taken its place.
-- An entry that was moved to the archive is not lost.
-- KEYS  1 audit  2 audit head
-- ARGV  number and chain hash of the entry of each act
-- Returns the places in the arguments of the lost acts, from 1
local audit_key, audit_head_key = unpack(KEYS)
local fault = wrong_type({ [audit_key] = 'stream', [audit_head_key] = 'hash' })
if fault then return fault end
if #KEYS ~= 2 or #ARGV % 2 ~= 0 then
  return redis.error_reply('CONTRACT find-lost-acts takes 2 keys and 2 arguments for each act')
end

local base = tonumber(redis.call('HGET', audit_head_key, 'base') or 0)
local lost = {}
for at = 1, #ARGV, 2 do
  local entry = redis.call('XRANGE', audit_key, ARGV[at] .. '-0', ARGV[at] .. '-0')[1]
  local is_moved = tonumber(ARGV[at]) <= base
  if not is_moved and (not entry or entry[2][2] ~= ARGV[at + 1]) then table.insert(lost, (at + 1) / 2) end
end
return lost
