-- Removes ended headlines from Redis: the archive has confirmed that it holds them. A headline stays where it has changed
-- since it was read, and where readers still see it or its removal waits. Commands that can take the members of several
-- headlines do: each call costs Redis more than each member.
-- KEYS  1 states  2 versions  3 strip  4 headlines  5 released  6 attention
--       7 to 11 prefixes of the indexes by status, author, word and story, and of the receipts
-- ARGV  for each headline: its id, its state as it was read (JSON), the persons in the author index (JSON list), the
--       positions with receipts (JSON list)
-- Returns the ids of the headlines that were removed
local states_key, versions_key, strip_key, headlines_key, released_key, attention_key,
  status_index, author_index, word_index, story_index, receipt_prefix = unpack(KEYS)

local fault = wrong_type({
  [states_key] = 'hash', [versions_key] = 'hash', [strip_key] = 'hash', [headlines_key] = 'zset',
  [released_key] = 'zset', [attention_key] = 'zset',
})
if fault then return fault end
if #KEYS ~= 11 or #ARGV == 0 or #ARGV % 4 ~= 0 then
  return redis.error_reply('CONTRACT remove-lines takes 11 keys and 4 arguments for each headline')
end

local ids, word_fields = {}, {}
for at = 1, #ARGV, 4 do
  table.insert(ids, ARGV[at])
  table.insert(word_fields, ARGV[at] .. ':words')
end
local states = redis.call('HMGET', states_key, unpack(ids))
local shown = redis.call('HMGET', strip_key, unpack(ids))
local words = redis.call('HMGET', versions_key, unpack(word_fields))

local removed, fields, receipts, indexes = {}, {}, {}, {}
local function leaves(index, id)
  if indexes[index] then table.insert(indexes[index], id) else indexes[index] = { id } end
end
for n, id in ipairs(ids) do
  local seen, authors_json, positions_json = unpack(ARGV, n * 4 - 2, n * 4)
  local state = states[n] == seen and not shown[n] and cjson.decode(seen)
  if state and not state.pending and not state.attention then
    table.insert(removed, id)
    for _, person in ipairs(cjson.decode(authors_json)) do leaves(author_index .. person, id) end
    for word in string.gmatch(words[n] or '', '%S+') do leaves(word_index .. word, id) end
    if state.story then leaves(story_index .. state.story, id) end
    leaves(status_index .. state.status, id)
    for _, position in ipairs(cjson.decode(positions_json)) do table.insert(receipts, receipt_prefix .. position) end
    table.insert(fields, word_fields[n])
    for version = 1, state.version do
      local field = id .. ':' .. int(version)
      for _, part in ipairs({ '', ':content', ':position', ':due' }) do table.insert(fields, field .. part) end
    end
  end
end
if #removed == 0 then return removed end

-- The state goes last: a run that ends early leaves headlines that the next run removes.
for index, members in pairs(indexes) do redis.call('ZREM', index, unpack(members)) end
redis.call('ZREM', headlines_key, unpack(removed))
redis.call('ZREM', released_key, unpack(removed))
-- In parts, because Lua's stack takes 8000 values.
for first = 1, #receipts, 1000 do
  redis.call('DEL', unpack(receipts, first, math.min(first + 999, #receipts)))
end
for first = 1, #fields, 1000 do
  redis.call('HDEL', versions_key, unpack(fields, first, math.min(first + 999, #fields)))
end
redis.call('HDEL', states_key, unpack(removed))
return removed
