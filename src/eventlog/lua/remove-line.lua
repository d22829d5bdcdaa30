-- Removes an ended headline from Redis: the archive has confirmed that it holds it. It stays where it has changed since
-- it was read, and where readers still see it or its removal waits.
-- KEYS  1 states  2 versions  3 strip  4 headlines  5 released  6 attention
--       7 to 11 prefixes of the indexes by status, author, word and story, and of the receipts
-- ARGV  1 id  2 state as it was read (JSON)  3 persons in the author index (JSON list)  4 positions with receipts (JSON list)
-- Returns 'removed' | 'changed'
local states_key, versions_key, strip_key, headlines_key, released_key, attention_key,
  status_index, author_index, word_index, story_index, receipt_prefix = unpack(KEYS)
local id, seen, authors_json, positions_json = unpack(ARGV)

local fault = wrong_type({
  [states_key] = 'hash', [versions_key] = 'hash', [strip_key] = 'hash', [headlines_key] = 'zset',
  [released_key] = 'zset', [attention_key] = 'zset',
})
if fault then return fault end
if #KEYS ~= 11 or #ARGV ~= 4 then return redis.error_reply('CONTRACT remove-line takes 11 keys and 4 arguments') end

if redis.call('HGET', states_key, id) ~= seen then return 'changed' end
local state = cjson.decode(seen)
if state.pending or state.attention or redis.call('HEXISTS', strip_key, id) == 1 then return 'changed' end

-- The state goes last: a run that ends early leaves a headline that the next run removes.
for _, person in ipairs(cjson.decode(authors_json)) do redis.call('ZREM', author_index .. person, id) end
for word in string.gmatch(redis.call('HGET', versions_key, id .. ':words') or '', '%S+') do
  redis.call('ZREM', word_index .. word, id)
end
if state.story then redis.call('ZREM', story_index .. state.story, id) end
redis.call('ZREM', status_index .. state.status, id)
redis.call('ZREM', headlines_key, id)
redis.call('ZREM', released_key, id)
for _, position in ipairs(cjson.decode(positions_json)) do redis.call('DEL', receipt_prefix .. position) end
redis.call('HDEL', versions_key, id .. ':words')
for version = 1, state.version do
  local field = id .. ':' .. int(version)
  redis.call('HDEL', versions_key, field, field .. ':content', field .. ':position', field .. ':due')
end
redis.call('HDEL', states_key, id)
return 'removed'
