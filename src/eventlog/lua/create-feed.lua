-- Creates a feed, or says that it exists.
-- KEYS  1 definition  2 head  3 policy
-- ARGV  1 definition (JSON)  2 epoch of its log  3 policy with its version (JSON; '' for the usual one)
-- Returns 'created' | 'same' (an equal definition stands) | 'exists' (another one stands)
local definition_key, head_key, policy_key = KEYS[1], KEYS[2], KEYS[3]
local definition, epoch, policy = ARGV[1], ARGV[2], ARGV[3]

local fault = wrong_type({ [definition_key] = 'string', [head_key] = 'hash', [policy_key] = 'hash' })
if fault then return fault end

local standing = redis.call('GET', definition_key)
if standing == definition then return 'same' end
if standing then return 'exists' end

redis.call('HSET', head_key, 'epoch', epoch, 'since', '0', 'seq', '0', 'chain', redis.sha1hex(epoch), 'accepted', '0')
if policy ~= '' then redis.call('HSET', policy_key, 'current', policy) end
redis.call('SET', definition_key, definition)
return 'created'
