-- Puts an archived headline back, for an act on it. The state notes the time, so that the headline is not moved away again
-- before the act.
-- KEYS  1 states  2 versions  3 headlines  4 released  5 to 8 prefixes of the indexes by status, author, word and story
-- ARGV  1 id  2 state (JSON)  3 creation in ms  4 time of the last publish event in ms ('' for none)
--       5 persons in the author index (JSON list)  then its fields of the versions: name without the id, value, ...
-- Returns 'returned', or 'present' where the headline is in Redis
local states_key, versions_key, headlines_key, released_key, status_index, author_index, word_index, story_index = unpack(KEYS)
-- Not by unpack(ARGV): Lua's stack takes 8000 values, and a headline with 1000 versions has more.
local id, state_json, created, released, authors_json = unpack(ARGV, 1, 5)

local fault = wrong_type({
  [states_key] = 'hash', [versions_key] = 'hash', [headlines_key] = 'zset', [released_key] = 'zset',
})
if fault then return fault end
if #KEYS ~= 8 or #ARGV < 5 or #ARGV % 2 == 0 or not tonumber(created) then
  return redis.error_reply('CONTRACT return-line takes 8 keys and 5 arguments, and two for each field')
end
if redis.call('HEXISTS', states_key, id) == 1 then return 'present' end

local state = cjson.decode(state_json)
state.returned = now_ms()
-- The indexes are written first: an index key of a wrong type then ends the script before any other write.
redis.call('ZADD', status_index .. state.status, created, id)
for _, person in ipairs(cjson.decode(authors_json)) do redis.call('ZADD', author_index .. person, created, id) end
if state.story then redis.call('ZADD', story_index .. state.story, created, id) end
for at = 6, #ARGV, 2 do
  if ARGV[at] == 'words' then
    for word in string.gmatch(ARGV[at + 1], '%S+') do redis.call('ZADD', word_index .. word, created, id) end
  end
end
redis.call('ZADD', headlines_key, created, id)
if released ~= '' then redis.call('ZADD', released_key, released, id) end
for at = 6, #ARGV, 2 do redis.call('HSET', versions_key, id .. ':' .. ARGV[at], ARGV[at + 1]) end
redis.call('HSET', states_key, id, cjson.encode(state))
return 'returned'
