-- Prepended to every script.

-- Redis's own clock, in ms. No other clock decides whether a change is due.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- RFC 3339 in UTC with milliseconds, as Date.prototype.toISOString writes it.
-- Civil date from days: H. Hinnant, "chrono-compatible low-level date algorithms".
local function iso(ms)
  local days = math.floor(ms / 86400000)
  local rest = ms - days * 86400000
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day,
    math.floor(rest / 3600000), math.floor(rest / 60000) % 60, math.floor(rest / 1000) % 60, rest % 1000)
end

-- Formats a whole number. '%d' fails beyond 2^31 in some builds of Lua.
local function int(n)
  return string.format('%.0f', n)
end

-- Redis rolls nothing back when a script fails, so each script checks the types of its keys before its first write.
local function wrong_type(expected)
  for key, kind in pairs(expected) do
    local actual = redis.call('TYPE', key).ok
    if actual ~= 'none' and actual ~= kind then
      return redis.error_reply('CONTRACT ' .. key .. ' is a ' .. actual .. ', not a ' .. kind)
    end
  end
end

-- Publishes a doorbell. A refused one (missing rights of the user) must not end the script: Redis keeps the writes before
-- it, and the next run would repeat them. Whoever missed the doorbell looks again within a second.
local refused_channel
local function ring(channel, payload)
  local reply = redis.pcall('PUBLISH', channel, payload)
  if type(reply) == 'table' and reply.err then refused_channel = channel end
end

-- The actor of acts that the service does on its own.
local FLASHLINE = '{"by":"flashline","person":"flashline","name":"flashline"}'

-- Appends one entry to an audit and publishes its number on the desk channel. Each entry's hash covers the hash of the
-- entry before, so a later change of an entry is detected. `members`: the entry's own members, as JSON without braces.
-- Returns the number and the chain hash of the entry.
local function append_audit(audit_key, audit_head_key, desk_channel, now, members)
  local count, before = unpack(redis.call('HMGET', audit_head_key, 'n', 'chain'))
  local n = int((tonumber(count) or 0) + 1)
  local entry = '{"n":' .. n .. ',"at":"' .. iso(now) .. '",' .. members .. '}'
  local chain = redis.sha1hex((before or '') .. entry)
  redis.call('XADD', audit_key, n .. '-0', 'c', chain, 'a', entry)
  redis.call('HSET', audit_head_key, 'n', n, 'chain', chain)
  ring(desk_channel, n)
  return n, chain
end

-- Returns nil for an unknown id. A state that an earlier version of the service stored has no creation time.
local function read_state(states_key, id, now)
  local raw = redis.call('HGET', states_key, id)
  if not raw then return nil end
  local state = cjson.decode(raw)
  state.createdAt = state.createdAt or state.publishedAt or now
  return state
end

-- A headline's version and status, as members of an audit entry.
local function version_and_status(state)
  return state and '{"status":"' .. state.status .. '","version":' .. int(state.version) .. '}' or 'null'
end

-- Each headline is in the index of exactly one status, by its creation time.
local function move_status(status_index, id, state, status)
  if state.status == status then return end
  if state.status then redis.call('ZREM', status_index .. state.status, id) end
  redis.call('ZADD', status_index .. status, int(state.createdAt), id)
  state.status = status
end

-- A new member of the due set. Members of the same ms are released in the order of their acceptance.
local function next_member(head_key, id)
  return string.format('%015d', redis.call('HINCRBY', head_key, 'accepted', 1)) .. ':' .. id
end

local ENDED = { withdrawn = true, expired = true, discarded = true, rejected = true }

-- Another headline that is the edition's part in this feed. A part that has ended, or that the archive has, gives its place
-- to a new one.
local function other_part(edition_key, states_key, id, now)
  local other = redis.call('GET', edition_key)
  local state = other and other ~= id and read_state(states_key, other, now)
  return state and not ENDED[state.status] and other or nil
end

-- Kept for a year after the last act: by then the archive has the headline, and nobody acts on the edition any more.
local function take_part(edition_key, id)
  redis.call('SET', edition_key, id, 'EX', 31622400)
end
