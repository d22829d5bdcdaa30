-- Releases all changes that are due, in due and accept order: seq + 1, log, strip, audit, PUBLISH. A repeated run finds
-- nothing due. When the log has lost the entry that a witness names, the script begins a new epoch.
-- A feed that an earlier version of the service has made gets the secret of its marks.
-- A first release that a noted duty may concern waits until the api has carried the duty out.
-- In a frozen feed only holds and withdrawals are released; a first release that is due becomes `needs-decision`.
-- KEYS  1 definition  2 head  3 policy  4 log  5 states  6 versions  7 changes  8 due  9 strip  10 places  11 released
--       12 story todo  13 audit  14 audit head  15 prefix of the status indexes  16 duties  17 taken back
-- ARGV  1 live channel  2 desk channel  3 maximum of changes to release  4 events that the log keeps
--       5 ms that a headline may be late when the feed has no policy  6 name of the next epoch, in case one begins
--       7 witness epoch  8 witness seq  9 witness chain, or its beginning ('' for none)
--       10 secret of the marks, in case the feed has none  11 ms from then on until gateways send marks  12 feed
--       13 by urgency, ms that a headline is called breaking when the policy does not say (JSON)
-- Returns { 'done' | 'more' | 'no-feed', released, epoch, seq, chain, 'intact' | 'forked' (a new epoch began),
--           acts whose story siblings are not flagged yet, channel that the user may not publish on ('' for none),
--           member of the due set whose change or headline is damaged ('' for none): it stays due, and the others go out,
--           'intact' | 'damaged' (the definition cannot be read: only changes that take a headline away are released) }
local definition_key, head_key, policy_key, log_key, states_key, versions_key, changes_key, due_key, strip_key, places_key,
  released_key, story_todo_key, audit_key, audit_head_key, status_index, duties_key, taken_back_key = unpack(KEYS)
local channel, desk_channel, limit, log_events, default_drift, new_epoch, witness_epoch, witness_seq, witness_chain,
  new_secret, unmarked_ms, feed_id, default_breaking = unpack(ARGV)

local fault = wrong_type({
  [head_key] = 'hash', [log_key] = 'stream', [states_key] = 'hash',
  [versions_key] = 'hash', [changes_key] = 'hash', [due_key] = 'zset', [strip_key] = 'hash', [places_key] = 'zset',
  [released_key] = 'zset', [story_todo_key] = 'hash', [audit_key] = 'stream', [audit_head_key] = 'hash',
  [status_index .. 'due'] = 'zset', [status_index .. 'live'] = 'zset', [status_index .. 'held'] = 'zset',
  [status_index .. 'expired'] = 'zset', [status_index .. 'needs-decision'] = 'zset',
  [duties_key] = 'hash', [taken_back_key] = 'hash',
})
if fault then return fault end
if #KEYS ~= 17 or #ARGV ~= 13 or not tonumber(limit) or not tonumber(log_events) then
  return redis.error_reply('CONTRACT release-due takes 17 keys and 13 arguments')
end

local definition = redis.pcall('GET', definition_key)
if not definition then return { 'no-feed' } end
local readable, feed = pcall(cjson.decode, definition)
local is_damaged = not readable or type(feed) ~= 'table' or type(feed.stripLimit) ~= 'number'

local epoch, seq, chain, frozen, thawed, since, secret, copied =
  unpack(redis.call('HMGET', head_key, 'epoch', 'seq', 'chain', 'frozen', 'thawed', 'since', 'secret', 'copied'))
seq, thawed = tonumber(seq), tonumber(thawed or 0)
if not epoch or not seq or not chain then return redis.error_reply('CONTRACT ' .. head_key .. ' is damaged') end
local now = now_ms()
local released = 0
-- Due time of the change that is being released.
local due_at = now
local history = 'intact'

local function lost_witness()
  if witness_epoch ~= epoch then return false end
  if tonumber(witness_seq) > seq then return true end
  local kept
  if witness_seq == since then
    -- The chain of the epoch begins here; the entry belongs to the epoch before.
    kept = redis.sha1hex(epoch)
  else
    local entry = redis.call('XRANGE', log_key, witness_seq .. '-0', witness_seq .. '-0')[1]
    kept = entry and entry[2][2]
  end
  return kept and string.sub(kept, 1, #witness_chain) ~= witness_chain
end

-- Nothing for a feed without a policy, or with one that cannot be read.
local function policy_member(name)
  local stored = redis.pcall('HGET', policy_key, 'current')
  local intact, member = pcall(function() return cjson.decode(stored).policy[name] end)
  return intact and member or nil
end

local function drift_limit()
  return tonumber(policy_member('maxDriftMs')) or tonumber(default_drift)
end

-- Nothing for an urgency under which no headline is called breaking.
local function breaking_ms(urgency)
  local own = policy_member('breakingMs')
  return type(own) == 'table' and tonumber(own[urgency]) or cjson.decode(default_breaking)[urgency]
end

local function keep(id, state)
  redis.call('HSET', states_key, id, cjson.encode(state))
end

local function audit(action, id, before, state, detail)
  append_audit(audit_key, audit_head_key, desk_channel, now,
    '"feed":"' .. feed_id .. '","headline":"' .. id .. '","action":"' .. action .. '","before":' .. before ..
    ',"after":' .. version_and_status(state) .. ',"act":' .. FLASHLINE .. ',"detail":' .. detail)
end

local function headline_json(id, version, state, content, breaking_until)
  local head = '{"id":"' .. id .. '","version":' .. int(version) .. ',"status":"' .. state.status ..
    '","place":' .. int(state.place) .. (state.status == 'live' and state.pinned and ',"pinned":true' or '') ..
    ',"publishedAt":"' .. iso(state.publishedAt) .. '","updatedAt":"' .. iso(now) .. '"' ..
    (state.status == 'live' and state.corrected and ',"corrected":"' .. iso(state.corrected) .. '"' or '') ..
    (state.status == 'live' and state.refiled and ',"refiled":"' .. iso(state.refiled) .. '"' or '') ..
    (state.status == 'live' and breaking_until and ',"breakingUntil":"' .. iso(breaking_until) .. '"' or '')
  return content == '{}' and head .. '}' or head .. ',' .. string.sub(content, 2)
end

local function add_to_log(op, version, headline, id)
  seq = seq + 1
  local position = epoch .. ':' .. int(seq)
  local event = '{"type":"event","position":"' .. position .. '","op":"' .. op .. '","at":"' .. iso(now) ..
    '","headline":' .. headline .. '}'
  chain = redis.sha1hex(chain .. event)
  redis.call('XADD', log_key, int(seq) .. '-0', 'c', chain, 'e', event)
  redis.call('HSET', head_key, 'seq', int(seq), 'chain', chain)
  redis.call('HSET', versions_key, id .. ':' .. int(version) .. ':position', position,
    id .. ':' .. int(version) .. ':due', int(due_at))
  ring(channel, int(seq) .. ' ' .. chain .. ' ' .. event)
  released = released + 1
  return position
end

-- Documents tell readers of other formats for this long that a headline was withdrawn.
local WITHDRAWN_KEPT_MS = 30 * 86400000
-- Bounds the hash, and the search in it.
local MOST_TAKEN_BACK = 1000
local has_withdrawn = false

-- A headline that is held, was held or is withdrawn, without its words. It is out of the hash when it has expired.
local function note_taken_back(op, id, version, state)
  if op == 'hold' or op == 'withdraw' or op == 'resume' then
    redis.call('HSET', taken_back_key, id, headline_json(id, version, { status = state.status, place = state.place,
      publishedAt = state.publishedAt }, '{}'))
    has_withdrawn = has_withdrawn or op == 'withdraw'
  elseif state.status ~= 'live' then
    redis.call('HDEL', taken_back_key, id)
  end
end

local function forget_old_withdrawals()
  local oldest, withdrawn = iso(now - WITHDRAWN_KEPT_MS), {}
  for _, raw in ipairs(redis.call('HVALS', taken_back_key)) do
    -- A damaged record must not end the script after its first write.
    local readable, line = pcall(cjson.decode, raw)
    local is_line = readable and type(line) == 'table' and type(line.id) == 'string' and type(line.updatedAt) == 'string'
    if is_line and line.status == 'withdrawn' then table.insert(withdrawn, line) end
  end
  table.sort(withdrawn, function(a, b) return a.updatedAt < b.updatedAt end)
  for nth, line in ipairs(withdrawn) do
    if line.updatedAt < oldest or nth <= #withdrawn - MOST_TAKEN_BACK then redis.call('HDEL', taken_back_key, line.id) end
  end
end

local function emit(op, id, version, state, content, breaking_until)
  local headline = headline_json(id, version, state, content, breaking_until)
  if state.status == 'live' then
    redis.call('HSET', strip_key, id, headline)
    redis.call('ZADD', places_key, int(state.place), id)
  else
    redis.call('HDEL', strip_key, id)
    redis.call('ZREM', places_key, id)
  end
  note_taken_back(op, id, version, state)
  state.shown = version
  keep(id, state)
  return add_to_log(op, version, headline, id)
end

-- A correction is other content than readers have, with a note for them; a refile is the same without a note. The op
-- may be another one than `correct`: a resume releases the correction of a held headline, and a pin may overtake a
-- correction that waits. Without `contentShown` (a headline of an earlier version of the service) only the op tells.
local function mark_correction(change, state, content)
  -- An act on the label alone is released as a correction and changes no word.
  local is_other = change.op == 'correct' and not change.breakingMs or (state.contentShown and state.contentShown ~= change.content)
  if is_other and cjson.decode(content).note then
    state.corrected, state.refiled = now, nil
  elseif is_other then
    state.refiled = now
  end
  state.contentShown = change.content
end

-- The end of the label is fixed when the headline is first called breaking; only an act on the label moves it.
local function settle_label(change, state, content)
  local ms = breaking_ms(cjson.decode(content).urgency)
  if not ms then return nil end
  local planned = state.breakingUntil
  if not change.breakingMs then
    state.breakingUntil = planned or now + ms
  elseif change.breakingMs == 0 then
    state.breakingUntil = math.min(planned or now, now)
  else
    state.breakingUntil = math.max(planned or now, now + change.breakingMs)
  end
  return state.breakingUntil
end

local function emit_accepted(change, state, before, content)
  local breaking_until
  if state.status == 'live' then
    mark_correction(change, state, content)
    breaking_until = settle_label(change, state, content)
  end
  local position = emit(change.op, change.id, change.version, state, content, breaking_until)
  audit('released', change.id, before, state,
    '{"position":"' .. position .. '","op":"' .. change.op .. '","version":' .. int(change.version) .. '}')
end

-- An act of the service, not of an editor: the headline's time is over, or the strip is full.
local function expire_by_rule(id, state, reason)
  local before = version_and_status(state)
  state.version = state.version + 1
  move_status(status_index, id, state, 'expired')
  redis.call('HSET', versions_key, id .. ':' .. int(state.version),
    '{"version":' .. int(state.version) .. ',"action":"expire","savedAt":"' .. iso(now) ..
    '","act":{"by":"flashline","reason":"' .. reason .. '"}}')
  local position = emit('expire', id, state.version, state, '{}')
  audit('expired', id, before, state, '{"position":"' .. position .. '","why":"' .. reason .. '"}')
end

-- A headline whose removal is accepted counts as removed already: its withdrawal must not become an expiry.
local function keep_within_strip_limit()
  local over = redis.call('ZCARD', places_key) - feed.stripLimit
  if over <= 0 then return end
  for _, id in ipairs(redis.call('ZRANGE', places_key, 0, over - 1)) do
    -- A damaged headline must not end the script after its first write.
    local readable, state = pcall(read_state, states_key, id, now)
    if readable and state and state.status == 'live' then expire_by_rule(id, state, 'strip-full') end
  end
end

local function plan_expiry(id, state, expires_at)
  state.expiresAt = expires_at
  if not expires_at then return end
  local member = next_member(head_key, id)
  redis.call('HSET', changes_key, member, cjson.encode({ op = 'time-over', id = id }))
  redis.call('ZADD', due_key, int(expires_at), member)
end

-- Ends the wait of a headline that cannot be released: its time to show is over, its feed was frozen at its time, or it
-- is later than the policy allows.
local function give_up(id, state, before, status, reason)
  state.pending = nil
  move_status(status_index, id, state, status)
  keep(id, state)
  audit(status, id, before, state, '{"why":"' .. reason .. '"}')
end

local function publish(change, state, before, content, due_ms)
  if state.status ~= 'due' or not content then return end
  if change.expiresAt and change.expiresAt <= now then return give_up(change.id, state, before, 'expired', 'time-over') end
  if frozen or due_ms <= thawed then return give_up(change.id, state, before, 'needs-decision', 'feed-frozen') end
  if now - due_ms > drift_limit() then return give_up(change.id, state, before, 'needs-decision', 'late') end
  move_status(status_index, change.id, state, 'live')
  state.place, state.publishedAt, state.pending, state.breakingUntil = seq + 1, now, nil, nil
  plan_expiry(change.id, state, change.expiresAt)
  emit_accepted(change, state, before, content)
  redis.call('ZADD', released_key, int(now), change.id)
  keep_within_strip_limit()
end

local function show(change, state, before, content)
  if state.status ~= 'live' or not content then return end
  if change.op == 'pin' and not state.pinned or change.op == 'unpin' and state.pinned then return end
  local timed = change.op == 'correct' or change.op == 'resume'
  if timed and change.expiresAt ~= state.expiresAt then plan_expiry(change.id, state, change.expiresAt) end
  emit_accepted(change, state, before, content)
  keep_within_strip_limit()
end

local STATUS_AFTER = { hold = 'held', withdraw = 'withdrawn', expire = 'expired' }

local function take_out(change, state, before, content)
  if state.place and state.status == STATUS_AFTER[change.op] then emit_accepted(change, state, before, content or '{}') end
end

local function time_over(change, state)
  local ends = state.status == 'live' or state.status == 'held'
  if ends and state.expiresAt and state.expiresAt <= now then expire_by_rule(change.id, state, 'time-over') end
end

local RELEASE = {
  publish = publish, correct = show, resume = show, pin = show, unpin = show,
  hold = take_out, withdraw = take_out, expire = take_out, ['time-over'] = time_over,
}

local function content_of(change)
  -- A change that an earlier version of the service accepted contains the content itself.
  if type(change.content) ~= 'number' then return change.content end
  return redis.call('HGET', versions_key, change.id .. ':' .. int(change.content) .. ':content') or nil
end

-- The headline's current state decides what a change does. A change that was overtaken (a correction by a withdrawal, an
-- expiry by a later expiry) produces no event.
local function release(change, state, before, due_ms)
  -- The headline was deleted from Redis by hand: its change must not block the feed.
  if not state then return end
  -- Readers have a later version already: a hold or withdrawal was released before this change.
  if change.version and change.version < (state.shown or 0) then return end
  RELEASE[change.op](change, state, before, content_of(change), due_ms)
end

if not secret then redis.call('HSET', head_key, 'secret', new_secret, 'marked', int(now + tonumber(unmarked_ms))) end

if witness_chain ~= '' and lost_witness() then
  history = 'forked'
  local before = epoch .. ':' .. int(seq)
  epoch, chain = new_epoch, redis.sha1hex(new_epoch)
  redis.call('HSET', head_key, 'epoch', epoch, 'since', int(seq), 'chain', chain)
  ring(channel, 'look')
  append_audit(audit_key, audit_head_key, desk_channel, now, '"feed":"' .. feed_id .. '","action":"log-forked","act":' ..
    FLASHLINE .. ',"detail":{"position":"' .. epoch .. ':' .. int(seq) .. '","before":"' .. before .. '","missing":"' ..
    witness_epoch .. ':' .. witness_seq .. '"}')
end

-- Bounds the search behind changes that must wait.
local MOST_KEPT = 5000

local duties
local function noted_duties()
  if duties then return duties end
  duties = {}
  for _, raw in ipairs(redis.call('HVALS', duties_key)) do table.insert(duties, cjson.decode(raw)) end
  return duties
end

-- Whether the duty concerns the key or the person of an act, or, without both, every headline.
local function names(duty, act)
  if duty.by then return duty.by == act.by end
  return not duty.person or duty.person == act.person
end

-- A wider question than the api's, which knows the rules: whether the key or person took any part in the headline.
local function may_concern(id)
  if #noted_duties() == 0 then return false end
  local state = read_state(states_key, id, now)
  for version = 1, state and state.version or 0 do
    local saved = redis.call('HGET', versions_key, id .. ':' .. int(version))
    local act = saved and cjson.decode(saved).act or {}
    for _, duty in ipairs(noted_duties()) do
      if names(duty, act) then return true end
    end
  end
  return false
end

-- A hold or withdrawal has the due time 0. A feed whose definition is damaged still takes headlines away.
local function must_wait(change)
  if is_damaged and not STATUS_AFTER[change.op] and change.op ~= 'time-over' then return true end
  if change.op == 'publish' then return may_concern(change.id) end
  return frozen and due_at > 0
end

local function read_change(member)
  local raw = redis.call('HGET', changes_key, member)
  if not raw then return nil end
  local change = cjson.decode(raw)
  if not RELEASE[change.op] then error('no such op') end
  local state = read_state(states_key, change.id, now)
  return change, state, version_and_status(state), must_wait(change)
end

local handled, kept, damaged = 0, 0, ''
local function handle(member)
  local readable, change, state, before, waits = pcall(read_change, member)
  if not readable then damaged = member end
  if not readable or waits then
    kept = kept + 1
    return
  end
  if change then release(change, state, before, due_at) end
  redis.call('ZREM', due_key, member)
  redis.call('HDEL', changes_key, member)
  handled = handled + 1
end

limit = tonumber(limit)
repeat
  local due = redis.call('ZRANGEBYSCORE', due_key, '-inf', int(now), 'WITHSCORES', 'LIMIT', kept, limit - handled)
  for at = 1, #due, 2 do
    due_at = tonumber(due[at + 1])
    handle(due[at])
  end
until #due == 0 or handled == limit or kept > MOST_KEPT
if has_withdrawn then forget_old_withdrawals() end
-- Where there is an archive, no event goes before it is copied there.
local oldest_kept = math.min(seq - tonumber(log_events), tonumber(copied) or seq) + 1
if released > 0 and oldest_kept > 1 then redis.call('XTRIM', log_key, 'MINID', '~', int(oldest_kept) .. '-0') end

local outcome = handled == limit and 'more' or 'done'
return {
  outcome, released, epoch, int(seq), chain, history, redis.call('HLEN', story_todo_key), refused_channel or '', damaged,
  is_damaged and 'damaged' or 'intact',
}
