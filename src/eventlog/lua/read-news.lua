-- Reads the texts with which a new text is compared, and the count that tells whether more was accepted since.
-- Writes nothing.
-- KEYS  1 head  2 strip  3 states  4 versions  5 and more: status indexes of the headlines that do not show yet
-- ARGV  1 maximum of headlines to read from each index, the newest first
-- Returns { accepted news, { headline as readers see it (JSON), ... }, { id, status, content (JSON), id, ... } }
local head_key, strip_key, states_key, versions_key = unpack(KEYS)
local limit = tonumber(ARGV[1])

local types = { [head_key] = 'hash', [strip_key] = 'hash', [states_key] = 'hash', [versions_key] = 'hash' }
for index = 5, #KEYS do types[KEYS[index]] = 'zset' end
local fault = wrong_type(types)
if fault then return fault end
if #KEYS < 5 or #ARGV ~= 1 or not limit then
  return redis.error_reply('CONTRACT read-news takes at least 5 keys and 1 argument')
end

local waiting = {}
for index = 5, #KEYS do
  for _, id in ipairs(redis.call('ZREVRANGE', KEYS[index], 0, limit - 1)) do
    local state = read_state(states_key, id, 0)
    local version = state and state.contentVersion
    local content = version and redis.call('HGET', versions_key, id .. ':' .. int(version) .. ':content')
    if content then
      table.insert(waiting, id)
      table.insert(waiting, state.status)
      table.insert(waiting, content)
    end
  end
end
return { tonumber(redis.call('HGET', head_key, 'news') or 0), redis.call('HVALS', strip_key), waiting }
