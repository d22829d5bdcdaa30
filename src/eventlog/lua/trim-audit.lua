-- Removes the entries of an audit up to one that the archive holds. The head remembers the border.
-- KEYS  1 audit  2 audit head
-- ARGV  1 number and 2 chain hash of the newest entry to remove
-- Returns the number of removed entries; 0 where the audit has another entry at this place
local audit_key, audit_head_key = unpack(KEYS)
local n, chain = unpack(ARGV)
local fault = wrong_type({ [audit_key] = 'stream', [audit_head_key] = 'hash' })
if fault then return fault end
if #KEYS ~= 2 or #ARGV ~= 2 or not tonumber(n) then
  return redis.error_reply('CONTRACT trim-audit takes 2 keys and 2 arguments')
end
local entry = redis.call('XRANGE', audit_key, n .. '-0', n .. '-0')[1]
if not entry or entry[2][2] ~= chain then return 0 end
-- The border first: with it the entries that are still there do no harm.
redis.call('HSET', audit_head_key, 'base', n, 'baseChain', chain)
return redis.call('XTRIM', audit_key, 'MINID', int(tonumber(n) + 1) .. '-0')
