-- Stores a gateway's report about events: the number of readers that each event was written to, and the screens that
-- have cleared. Reports hold sums and are numbered: a report that is repeated or older than the stored one changes nothing.
-- KEYS  receipts, one for each event
-- ARGV  1 gateway  2 ms to keep the receipts  3 number of the report  then for each event: its sums (JSON object, not empty)
-- Returns 'kept'
local gateway, keep_ms, number = ARGV[1], ARGV[2], tonumber(ARGV[3])

local hashes = {}
for _, key in ipairs(KEYS) do hashes[key] = 'hash' end
local fault = wrong_type(hashes)
if fault then return fault end
if not number or #ARGV ~= 3 + #KEYS then
  return redis.error_reply('CONTRACT keep-receipt takes 3 arguments and one for each key')
end

local now = now_ms()
for index, key in ipairs(KEYS) do
  local sums = ARGV[3 + index]
  local stored = redis.call('HGET', key, gateway)
  if not stored or cjson.decode(stored).number < number then
    local header = '{"number":' .. int(number) .. ',"at":' .. int(now) .. ','
    redis.call('HSET', key, gateway, header .. string.sub(sums, 2))
  end
  redis.call('PEXPIRE', key, keep_ms)
end
return 'kept'
