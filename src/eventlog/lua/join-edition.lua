-- Makes a headline the part of an edition in its feed.
-- KEYS  1 states  2 part of the edition  3 audit  4 audit head
-- ARGV  1 headline id  2 edition  3 feed  4 act: actor and reason (JSON)  5 desk channel
-- Returns { outcome, id }; outcome is
--   'joined' | 'known' (it is the part already)
--   'unknown'      there is no headline with this id in Redis
--   'elsewhere'    the headline is a part of the edition with the returned id
--   'part-exists'  the headline with the returned id is the edition's part in this feed
local states_key, edition_key, audit_key, audit_head_key = unpack(KEYS)
local id, edition, feed, act, desk_channel = unpack(ARGV)

local fault = wrong_type({
  [states_key] = 'hash', [edition_key] = 'string', [audit_key] = 'stream', [audit_head_key] = 'hash',
})
if fault then return fault end
if #KEYS ~= 4 or #ARGV ~= 5 then return redis.error_reply('CONTRACT join-edition takes 4 keys and 5 arguments') end

local now = now_ms()
local state = read_state(states_key, id, now)
if not state then return { 'unknown', '' } end
if state.edition and state.edition ~= edition then return { 'elsewhere', state.edition } end
local other = other_part(edition_key, states_key, id, now)
if other then return { 'part-exists', other } end
if state.edition and redis.call('GET', edition_key) == id then return { 'known', id } end

local unchanged = version_and_status(state)
append_audit(audit_key, audit_head_key, desk_channel, now,
  '"feed":"' .. feed .. '","headline":"' .. id .. '","action":"edition-joined","before":' .. unchanged ..
  ',"after":' .. unchanged .. ',"act":' .. act .. ',"detail":{"edition":"' .. edition .. '"}')
take_part(edition_key, id)
state.edition = edition
redis.call('HSET', states_key, id, cjson.encode(state))
return { 'joined', id }
