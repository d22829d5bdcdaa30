-- Keeps what a gateway reports of events: to how many of its readers each was written. Reports hold sums, so the
-- greatest is the newest; one that comes again or late changes nothing.
-- KEYS  receipts, one for each event
-- ARGV  1 gateway  2 ms to keep them  then for each event: times written, report (JSON)
-- Returns 'kept'
local gateway, keep_ms = ARGV[1], ARGV[2]

local hashes = {}
for _, key in ipairs(KEYS) do hashes[key] = 'hash' end
local fault = wrong_type(hashes)
if fault then return fault end
if #ARGV ~= 2 + 2 * #KEYS then return redis.error_reply('CONTRACT keep-receipt takes 2 arguments and 2 for each key') end

for index, key in ipairs(KEYS) do
  local written, report = tonumber(ARGV[1 + 2 * index]), ARGV[2 + 2 * index]
  local held = redis.call('HGET', key, gateway)
  if not held or cjson.decode(held).written <= written then redis.call('HSET', key, gateway, report) end
  redis.call('PEXPIRE', key, keep_ms)
end
return 'kept'
