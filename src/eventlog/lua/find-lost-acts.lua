-- Finds the acts that the audit does not have: its history went back, or another one has taken its place.
-- KEYS  1 audit
-- ARGV  number and chain hash of the entry of each act
-- Returns the places in the arguments of the lost acts, from 1
local audit_key = KEYS[1]
local fault = wrong_type({ [audit_key] = 'stream' })
if fault then return fault end
if #KEYS ~= 1 or #ARGV % 2 ~= 0 then
  return redis.error_reply('CONTRACT find-lost-acts takes 1 key and 2 arguments for each act')
end

local lost = {}
for at = 1, #ARGV, 2 do
  local entry = redis.call('XRANGE', audit_key, ARGV[at] .. '-0', ARGV[at] .. '-0')[1]
  if not entry or entry[2][2] ~= ARGV[at + 1] then table.insert(lost, (at + 1) / 2) end
end
return lost
