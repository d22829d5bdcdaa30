import { Redis } from 'ioredis'

/** Adds events to a feed's log as release-due.lua writes them, until the log has `size` events. */
const fill = `
local log_key, head_key = KEYS[1], KEYS[2]
local epoch, seq, chain = unpack(redis.call('HMGET', head_key, 'epoch', 'seq', 'chain'))
seq = tonumber(seq)
local through = math.min(seq + tonumber(ARGV[2]), tonumber(ARGV[1]))
while seq < through do
  seq = seq + 1
  local position = epoch .. ':' .. string.format('%.0f', seq)
  local event = '{"type":"event","position":"' .. position .. '"' .. ARGV[3]
  chain = redis.sha1hex(chain .. event)
  redis.call('XADD', log_key, string.format('%.0f', seq) .. '-0', 'c', chain, 'e', event)
end
redis.call('HSET', head_key, 'seq', string.format('%.0f', seq), 'chain', chain)
return seq`

const day = '2026-01-01T00:00:00.000Z'
const rest =
  `,"op":"expire","at":"${day}","headline":{"id":"benchaaaaaaaaaaaaaaaaa","version":2,"status":"expired",` +
  `"place":1,"publishedAt":"${day}","updatedAt":"${day}"}}`

/**
 * @param {string} redisUrl
 * @param {string} prefix
 * @param {string} feed
 * @param {number} size
 */
export async function fillLog(redisUrl, prefix, feed, size) {
  const redis = new Redis(redisUrl)
  const tag = `${prefix}:{${feed}}`
  try {
    for (let seq = 0; seq < size;) {
      seq = Number(await redis.eval(fill, 2, `${tag}:log`, `${tag}:head`, size, 5000, rest))
    }
  } finally {
    redis.disconnect()
  }
}

/**
 * Number of commands that read data since Redis started.
 *
 * @param {string} redisUrl
 */
export async function redisReads(redisUrl) {
  const redis = new Redis(redisUrl)
  try {
    const stats = await redis.info('commandstats')
    const reads = /^cmdstat_(?:xrange|xrevrange|get|hget|hmget|hvals|hgetall|smembers|mget):calls=(\d+)/gm
    return [...stats.matchAll(reads)].reduce((sum, [, calls]) => sum + Number(calls), 0)
  } finally {
    redis.disconnect()
  }
}
