-- Leases webhooks that have something to do to one worker, so that no two workers deliver to the same webhook at once.
-- KEYS  the state of each webhook
-- ARGV  1 worker  2 ms of the lease; then for each webhook:
--       the stamp of the admins' acts  the head of its feed (epoch:seq)  seq of the feed's newest hold or withdrawal
-- Returns { now, then for each webhook { outcome, ms to wait, its state as fields and values } }
--         outcome: 'claimed' | 'held' (by another worker) | 'stopped' | 'idle' (nothing to deliver) | 'waits' (for a retry)
local types = {}
for _, key in ipairs(KEYS) do types[key] = 'hash' end
local fault = wrong_type(types)
if fault then return fault end
local worker, lease_ms = ARGV[1], tonumber(ARGV[2])
if not lease_ms or #ARGV ~= 2 + 3 * #KEYS then return redis.error_reply('CONTRACT claim-webhooks: three arguments for each key') end

local now = now_ms()
local answers = { now }
for at, key in ipairs(KEYS) do
  local stamp, head, removal = ARGV[3 * at], ARGV[3 * at + 1], tonumber(ARGV[3 * at + 2])
  local owner, leased, position, recalled, tried, status, retry, done =
    unpack(redis.call('HMGET', key, 'owner', 'leased', 'position', 'recalled', 'tried', 'status', 'next', 'done'))
  leased, recalled, tried, retry = tonumber(leased or 0), tonumber(recalled or 0), tonumber(tried or 0), tonumber(retry or 0)
  local outcome, wait = 'claimed', 0
  if owner and owner ~= worker and leased > now then
    outcome, wait = 'held', leased - now
  elseif done == stamp then
    if status ~= 'on' then
      outcome = 'stopped'
    elseif position == head and recalled >= removal then
      outcome = 'idle'
    -- A withdrawal that was not tried yet does not wait for the retry of another message.
    elseif retry > now and (removal <= tried or removal <= recalled) then
      outcome, wait = 'waits', retry - now
    end
  end
  if outcome == 'claimed' then redis.call('HSET', key, 'owner', worker, 'leased', int(now + lease_ms)) end
  table.insert(answers, { outcome, wait, redis.call('HGETALL', key) })
end
return answers
