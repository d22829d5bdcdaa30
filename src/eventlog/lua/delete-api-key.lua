-- Revokes an API key, unless no admin key would be left.
-- KEYS  1 API keys
-- ARGV  1 key id
-- Returns 'deleted' | 'unknown' | 'last-admin'
local api_keys_key = KEYS[1]
local id = ARGV[1]

local fault = wrong_type({ [api_keys_key] = 'hash' })
if fault then return fault end

local raw = redis.call('HGET', api_keys_key, id)
if not raw then return 'unknown' end

if cjson.decode(raw).role == 'admin' then
  local admins = 0
  for _, record in ipairs(redis.call('HVALS', api_keys_key)) do
    if cjson.decode(record).role == 'admin' then admins = admins + 1 end
  end
  if admins == 1 then return 'last-admin' end
end

redis.call('HDEL', api_keys_key, id)
return 'deleted'
