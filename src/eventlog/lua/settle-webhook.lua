-- Writes what became of one try at a webhook: its state, an entry of the delivery log, and an acknowledged recall. A
-- worker whose lease has gone to another one writes the acknowledgement only, which is true all the same.
-- KEYS  1 state  2 delivery log  3 acknowledgements of the recall
-- ARGV  1 worker  2 ms of the next lease (0: it is free)  3 ms until the next try ('' to leave it)
--       4 entry of the delivery log ('' for none)  5 entries that the log keeps
--       6 partner that has acknowledged ('' for none)  7 its acknowledgement (JSON)  8 ms for which it is kept
--       9 to n fields and values of the state
-- Returns 'kept' | 'lost' (another worker has the webhook, or it was deleted)
local state_key, log_key, acks_key = unpack(KEYS)
local worker, lease_ms, next_ms, entry, most, partner, ack, ack_ms = unpack(ARGV)
local fault = wrong_type({ [state_key] = 'hash', [log_key] = 'stream', [acks_key] = 'hash' })
if fault then return fault end
if #KEYS ~= 3 or #ARGV < 8 or #ARGV % 2 ~= 0 or not tonumber(lease_ms) then
  return redis.error_reply('CONTRACT settle-webhook takes 3 keys, and fields with values')
end

if partner ~= '' and redis.call('HSETNX', acks_key, partner, ack) == 1 then redis.call('PEXPIRE', acks_key, ack_ms) end
if redis.call('HGET', state_key, 'owner') ~= worker then return 'lost' end
local now = now_ms()
if entry ~= '' then redis.call('XADD', log_key, 'MAXLEN', '~', most, '*', 'd', entry) end
for at = 9, #ARGV, 2 do redis.call('HSET', state_key, ARGV[at], ARGV[at + 1]) end
if next_ms ~= '' then redis.call('HSET', state_key, 'next', int(now + tonumber(next_ms))) end
if lease_ms == '0' then
  redis.call('HDEL', state_key, 'owner', 'leased')
else
  redis.call('HSET', state_key, 'leased', int(now + tonumber(lease_ms)))
end
return 'kept'
