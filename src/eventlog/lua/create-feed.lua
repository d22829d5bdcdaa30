-- Creates a feed unless a feed with this id exists.
-- KEYS  1 definition  2 head  3 policy  4 audit  5 audit head
-- ARGV  1 definition (JSON)  2 epoch of its log  3 policy with its version (JSON; '' for the default policy)
--       4 the audit entry's own members (JSON without braces; '' for none)  5 desk channel
--       6 secret of the marks of its positions
-- Returns 'created' | 'same' (the feed exists with an equal definition) | 'exists' (with another definition)
local definition_key, head_key, policy_key, audit_key, audit_head_key = unpack(KEYS)
local definition, epoch, policy, members, desk_channel, secret = unpack(ARGV)

local fault = wrong_type({
  [definition_key] = 'string', [head_key] = 'hash', [policy_key] = 'hash', [audit_key] = 'stream', [audit_head_key] = 'hash',
})
if fault then return fault end
if #KEYS ~= 5 or #ARGV ~= 6 then return redis.error_reply('CONTRACT create-feed takes 5 keys and 6 arguments') end

local existing = redis.call('GET', definition_key)
if existing == definition then return 'same' end
if existing then return 'exists' end

if members ~= '' then append_audit(audit_key, audit_head_key, desk_channel, now_ms(), members) end
-- No gateway of an earlier version has readers of a new feed, so its positions have marks from the beginning.
redis.call('HSET', head_key, 'epoch', epoch, 'since', '0', 'seq', '0', 'chain', redis.sha1hex(epoch), 'accepted', '0',
  'secret', secret, 'marked', '0')
if policy ~= '' then redis.call('HSET', policy_key, 'current', policy) end
redis.call('SET', definition_key, definition)
return 'created'
