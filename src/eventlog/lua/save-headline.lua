-- Accepts one act on one headline: checks its version, then writes state, indexes, due set and audit in one step.
-- KEYS  1 definition  2 head  3 policy  4 states  5 versions  6 changes  7 due  8 once  9 frozen keys  10 pace of the key
--       11 headline with this text  12 headlines  13 story todo  14 audit  15 audit head
--       16 to 19 prefixes of the indexes by status, author, word and story  20 index of flagged headlines  21 duties
--       22 part of the edition
-- ARGV  1 request (JSON)  2 content (JSON; '' for none)  3 desk state (JSON, stored unchanged; '' keeps the old one)
--       4 act: actor and reason (JSON)  5 desk channel
-- Request  feed, id, action
--       fingerprint, rememberMs          hash of the request; how long to remember its outcome
--       expected                         version that the headline must have (0: it must not exist; 'any')
--       allowed                          statuses that allow the act; checked unless empty, and always for 'any'
--       policyVersion                    version of the policy that the decision used ('any')
--       status?, pinned?                 new values, which take effect at once
--       breakingMs?                      how long the headline is called breaking after its event; 0: no longer
--       due {kind, op?, dueAt?, waitMs?}  'add' an event, 'edit' or 'cancel' the waiting change, or 'none'; with waitMs it
--                                        is due at least so long after now
--       text?, expiresAt?, story?, words?, noted?   from the content: text is true when it becomes the current content,
--                                        noted when it has a note for readers
--       person, keyId?, perMinute?       keyId: the API key that acts; perMinute: its limit, when the act is a release
--       attentionIn?                     feeds in which the other headlines of the story and edition get attention; not empty;
--                                        without it all
--       edition?                         the edition that the headline is a part of
--       wholeEdition?                    the act is done in all parts of the edition, so they get no attention by it
--       duplicate? {hash, withinMs, force}  hash of the text; force: an equal text is allowed
--       newsSeen?                        accepted news with which the text was compared
--       attention?                       why the headline needs a person's attention after this act
-- Returns { outcome, id, version, status, due ms ('' when the act has no event), now ms, number and chain hash of the
-- audit entry ('' when nothing was accepted) }; outcome is
--   'saved'           accepted
--   'cancelled'       accepted; the waiting change is removed and never released
--   'repeated'        the same request was accepted before
--   'reused'          the idempotency key was used with another request
--   'stale'           the headline has another version
--   'illegal'         the headline's status or due set does not allow the act
--   'unknown'         there is no headline with this id
--   'no-feed'         there is no feed with this id
--   'policy-changed'  the policy has another version
--   'feed-frozen', 'key-frozen'   the feed or the API key is frozen, and the act does not only remove or write a draft
--   'news-accepted'   more news was accepted than the text was compared with
--   'duplicate'       the headline with the returned id has the same text
--   'part-exists'     the headline with the returned id is the edition's part in this feed
local definition_key, head_key, policy_key, states_key, versions_key, changes_key, due_key, once_key, frozen_keys_key,
  pace_key, text_key, headlines_key, story_todo_key, audit_key, audit_head_key,
  status_index, author_index, word_index, story_index, attention_key, duties_key, edition_key = unpack(KEYS)
local request_json, content, desk, act, desk_channel = unpack(ARGV)

local fault = wrong_type({
  [head_key] = 'hash', [states_key] = 'hash', [versions_key] = 'hash',
  [changes_key] = 'hash', [due_key] = 'zset', [once_key] = 'string', [frozen_keys_key] = 'hash', [pace_key] = 'string',
  [text_key] = 'string', [headlines_key] = 'zset', [story_todo_key] = 'hash', [audit_key] = 'stream', [audit_head_key] = 'hash',
  [attention_key] = 'zset', [duties_key] = 'hash', [edition_key] = 'string',
})
if fault then return fault end
if #KEYS ~= 22 or #ARGV ~= 5 then return redis.error_reply('CONTRACT save-headline takes 22 keys and 5 arguments') end
local request = cjson.decode(request_json)
local id, due = request.id, request.due
-- A damaged definition or policy prevents no act that was decided without them.
if request.policyVersion ~= 'any' then
  fault = wrong_type({ [definition_key] = 'string', [policy_key] = 'hash' })
  if fault then return fault end
end
if redis.call('EXISTS', definition_key) == 0 then return { 'no-feed' } end

local now = now_ms()

-- Acts that take something back: neither a frozen feed nor a frozen key blocks them.
local TAKES_BACK = { hold = true, withdraw = true, undo = true, discard = true }
-- Nor do they block the writing of a text that does not wait for its release, or a restore that makes a draft.
local restores_draft = request.action == 'restore' and request.status == 'draft'
local writes_draft = (request.action == 'save' or restores_draft) and due.kind == 'none'
local REMOVES = { hold = true, withdraw = true, expire = true }
local GOES_FIRST = { hold = true, withdraw = true }
local CLEARS = { correct = true, hold = true, withdraw = true }

-- The time in which a flag of another line reaches the open desks, and the person there reads it.
local UNSEEN_MS = 5000

local earlier = redis.call('GET', once_key)
if earlier then
  local fingerprint, earlier_id, version, due_ms = string.match(earlier, '^(%S+) (%S+) (%d+) (%S+)$')
  if fingerprint ~= request.fingerprint then return { 'reused' } end
  local raw = redis.call('HGET', states_key, earlier_id)
  return { 'repeated', earlier_id, version, raw and cjson.decode(raw).status or '', due_ms == '-' and '' or due_ms, int(now) }
end

local state = read_state(states_key, id, now)
local before = version_and_status(state)

local audited, audited_chain = '', ''

local function answer(outcome, due_ms)
  return { outcome, id, int(state.version), state.status, due_ms and int(due_ms) or '', int(now), audited, audited_chain }
end

local function allows(status)
  if #request.allowed == 0 and request.expected ~= 'any' then return true end
  for _, allowed in ipairs(request.allowed) do
    if allowed == status then return true end
  end
  return false
end

-- A release changes a headline's status without a new version, so a change that waited when the editor acted may be
-- released by now.
local function fits_due_set()
  if due.kind == 'edit' or due.kind == 'cancel' then return state.pending ~= nil end
  return due.op ~= 'publish' or state.pending == nil
end

local function policy_version()
  local stored = redis.call('HGET', policy_key, 'current')
  return stored and cjson.decode(stored).version or 0
end

local function same_text()
  if not request.duplicate or request.duplicate.force then return nil end
  local other = redis.call('GET', text_key)
  local other_state = other and other ~= id and read_state(states_key, other, now)
  if not other_state or other_state.textHash ~= request.duplicate.hash then return nil end
  return (other_state.status == 'live' or other_state.status == 'due') and other or nil
end

local function too_fast()
  return request.perMinute and tonumber(redis.call('GET', pace_key) or 0) >= request.perMinute
end

-- Notes that the key's headlines which wait must be stopped, and resets the key's count, so that releases before the
-- freezing do not freeze a thawed key again.
local function freeze_key()
  local detail = '{"keyId":"' .. request.keyId .. '","perMinute":' .. int(request.perMinute) .. '}'
  append_audit(audit_key, audit_head_key, desk_channel, now,
    '"feed":"' .. request.feed .. '","action":"key-frozen","act":' .. FLASHLINE .. ',"detail":' .. detail)
  redis.call('HSET', frozen_keys_key, request.keyId, '{"since":"' .. iso(now) .. '","perMinute":' .. int(request.perMinute) .. '}')
  redis.call('HSET', duties_key, 'key:' .. request.keyId .. ':' .. int(now),
    '{"why":"key-frozen","since":' .. int(now) .. ',"by":"key:' .. request.keyId .. '","act":' .. FLASHLINE .. '}')
  redis.call('DEL', pace_key)
end

if request.expected == 0 then
  if state then return answer('stale') end
  local part = request.edition and other_part(edition_key, states_key, id, now)
  if part then return { 'part-exists', part } end
else
  if not state then return { 'unknown' } end
  if request.expected ~= 'any' and request.expected ~= state.version then return answer('stale') end
  if not allows(state.status) or not fits_due_set() then return answer('illegal') end
end
if request.policyVersion ~= 'any' and request.policyVersion ~= policy_version() then return { 'policy-changed' } end
if not (TAKES_BACK[request.action] or writes_draft) then
  if redis.call('HEXISTS', head_key, 'frozen') == 1 then return { 'feed-frozen' } end
  if request.keyId and redis.call('HEXISTS', frozen_keys_key, request.keyId) == 1 then return { 'key-frozen' } end
end
local other = same_text()
if other then return { 'duplicate', other } end
if request.newsSeen and request.newsSeen ~= tonumber(redis.call('HGET', head_key, 'news') or 0) then return { 'news-accepted' } end
if too_fast() then
  freeze_key()
  return { 'key-frozen' }
end

state = state or { version = 0, createdAt = now, edition = request.edition }
local version = state.version + 1
state.version = version

local function audit()
  audited, audited_chain = append_audit(audit_key, audit_head_key, desk_channel, now,
    '"feed":"' .. request.feed .. '","headline":"' .. id .. '","action":"' .. request.action .. '","before":' .. before ..
    ',"after":' .. version_and_status(state) .. (content == '' and '' or ',"content":"' .. redis.sha1hex(content) .. '"') .. ',"act":' .. act)
end

local function index_story()
  if state.story == request.story then return end
  if state.story then redis.call('ZREM', story_index .. state.story, id) end
  if request.story then redis.call('ZADD', story_index .. request.story, int(state.createdAt), id) end
  state.story = request.story
end

local function index_words(words)
  local kept = {}
  for _, word in ipairs(words) do
    kept[word] = true
    redis.call('ZADD', word_index .. word, int(state.createdAt), id)
  end
  for word in string.gmatch(redis.call('HGET', versions_key, id .. ':words') or '', '%S+') do
    if not kept[word] then redis.call('ZREM', word_index .. word, id) end
  end
end

local function index()
  if before == 'null' then redis.call('ZADD', headlines_key, int(state.createdAt), id) end
  move_status(status_index, id, state, request.status or state.status)
  if not request.text then return end
  redis.call('ZADD', author_index .. request.person, int(state.createdAt), id)
  index_story()
  index_words(request.words or {})
end

local function write_version()
  local field = id .. ':' .. int(version)
  local saved = { field, '{"version":' .. int(version) .. ',"action":"' .. request.action .. '","savedAt":"' .. iso(now) ..
    '","act":' .. act .. '}' }
  if content ~= '' then
    table.insert(saved, field .. ':content')
    table.insert(saved, content)
  end
  if request.text then
    table.insert(saved, id .. ':words')
    table.insert(saved, table.concat(request.words or {}, ' '))
  end
  redis.call('HSET', versions_key, unpack(saved))
end

local function take_content()
  if not request.text then return end
  state.contentVersion = version
  state.contentExpiresAt = request.expiresAt
  state.textHash = request.duplicate and request.duplicate.hash
end

-- The change names the content that its event will show, so that an earlier act cannot release a later content.
local function write_change(member, op)
  local note_version = content ~= '' and version or nil
  redis.call('HSET', changes_key, member, cjson.encode({
    op = op, id = id, version = version, expiresAt = state.contentExpiresAt, breakingMs = request.breakingMs,
    content = REMOVES[op] and note_version or state.contentVersion,
  }))
end

local function stop_waiting()
  if not state.pending then return end
  redis.call('ZREM', due_key, state.pending)
  redis.call('HDEL', changes_key, state.pending)
  state.pending = nil
end

-- The undo window begins with the save, however long ago the act was decided.
local function after_window(due_ms)
  return due.waitMs and math.max(due_ms, now + due.waitMs) or due_ms
end

local function add_event()
  if REMOVES[due.op] then
    stop_waiting()
    -- The headline was never released, so there is nothing to remove for readers.
    if not state.place then return 'cancelled' end
  end
  local member = next_member(head_key, id)
  local due_ms = after_window(due.dueAt or now)
  write_change(member, due.op)
  redis.call('ZADD', due_key, GOES_FIRST[due.op] and '0' or int(due_ms), member)
  if due.op == 'publish' then
    state.pending = member
    redis.call('HINCRBY', head_key, 'news', 1)
  end
  return 'saved', due_ms
end

local function edit_waiting()
  write_change(state.pending, 'publish')
  local due_ms = after_window(due.dueAt or tonumber(redis.call('ZSCORE', due_key, state.pending)))
  redis.call('ZADD', due_key, int(due_ms), state.pending)
  return 'saved', due_ms
end

local function change_due_set()
  if due.kind == 'add' then return add_event() end
  if due.kind == 'edit' then return edit_waiting() end
  if due.kind == 'none' then return 'saved' end
  stop_waiting()
  return 'cancelled'
end

-- Notes that the headlines of the story and edition in other feeds may need the same act.
local function note_siblings()
  local shown_to_readers = CLEARS[due.op] and (due.op ~= 'correct' or request.noted)
  local has_siblings = state.story or state.edition and not request.wholeEdition
  if not (has_siblings and state.place and shown_to_readers) then return end
  redis.call('HSET', story_todo_key, id .. ':' .. int(version), cjson.encode({
    story = state.story, id = id, action = request.action, version = version, at = now, feeds = request.attentionIn,
    edition = state.edition, wholeEdition = request.wholeEdition,
  }))
end

-- A part that has ended, and whose place another headline has taken, does not take it back.
local function keep_part()
  if not (request.edition and request.edition == state.edition) then return end
  if version == 1 or (redis.call('GET', edition_key) or id) == id then take_part(edition_key, id) end
end

local function count_for_guards()
  if request.duplicate then redis.call('SET', text_key, id, 'PX', int(request.duplicate.withinMs)) end
  if request.perMinute and redis.call('INCR', pace_key) == 1 then redis.call('PEXPIRE', pace_key, 60000) end
end

-- New words that were written before the flag could show leave it: two desks change two lines of one story at once.
local function is_unseen(attention)
  local writes = request.action == 'correct' or request.action == 'save'
  return writes and attention.id ~= id and now - attention.at < UNSEEN_MS
end

-- The indexes are written first: an index key of a wrong type then ends the script before any other write.
index()
audit()
if request.pinned ~= nil then state.pinned = request.pinned or nil end
if desk ~= '' then state.desk = desk end
-- attendedAt remembers the handled flag, so that a worker that repeats an interrupted run does not set it again.
if state.attention and not is_unseen(state.attention) then
  state.attention, state.attendedAt = nil, state.attention.at
  redis.call('ZREM', attention_key, id)
end
if request.attention then
  state.attention = request.attention
  redis.call('ZADD', attention_key, int(state.createdAt), id)
end
take_content()
write_version()
local outcome, due_ms = change_due_set()
note_siblings()
keep_part()
count_for_guards()
redis.call('HSET', states_key, id, cjson.encode(state))
redis.call('SET', once_key, request.fingerprint .. ' ' .. id .. ' ' .. int(version) .. ' ' .. (due_ms and int(due_ms) or '-'),
  'PX', int(request.rememberMs))
return answer(outcome, due_ms)
