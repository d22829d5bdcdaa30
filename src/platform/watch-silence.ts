import { ReplyError, type Redis } from 'ioredis'

const LOOK_EVERY_MS = 250
const LOOKS_PER_PROBE = 2
/**
 * Looks without an answer after which a connection is cut: 2.5 s. Redis may be busy with one script for 1.5 s. Looks are
 * counted, not time: after a look that comes late, the answers that arrived meanwhile are read before the next one.
 */
const SILENT_LOOKS = 10

/**
 * - `bytes`: every byte from Redis shows that the connection lives; each of them answers a command.
 * - `answers`: only the answer to a probe does, because messages of a subscriber also come where no command arrives.
 */
export type Proof = 'bytes' | 'answers'

/**
 * Cuts a connection that is open and silent, also during its handshake; ioredis then connects again and sends the
 * unanswered commands again. `onSilent` is called before the cut.
 *
 * The option `socketTimeout` of ioredis is not enough: it watches no idle connection, and it also cuts where only this
 * process stood still.
 */
export function watchSilence(redis: Redis, proof: Proof, onSilent: () => void): void {
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    clearInterval(timer)
  }
  redis.on('close', stop)
  redis.on('connect', () => {
    stop()
    const isSilent = silenceOf(redis, proof)
    timer = setInterval(() => {
      if (!isSilent()) return
      stop()
      onSilent()
      // `disconnect` would wait for the end of the other side, which does not come.
      redis.stream.destroy(new Error('Redis does not answer on this connection'))
    }, LOOK_EVERY_MS).unref()
  })
}

/** A look at one connection, which also sends the probes. */
function silenceOf(redis: Redis, proof: Proof): () => boolean {
  let bytes = 0
  let answered = false
  let probing = false
  let looks = 0
  let silent = 0
  let wasReady = false
  const probe = () => {
    probing = true
    const done = () => {
      probing = false
    }
    redis
      .ping()
      .then(
        () => {
          answered = true
        },
        (error: unknown) => {
          // A refusal is an answer: Redis refuses PING while it refuses writes.
          if (error instanceof ReplyError) answered = true
        },
      )
      .finally(done)
  }
  return () => {
    const { bytesRead } = redis.stream
    // A handshake has no probes.
    const heard = answered || (bytesRead !== bytes && (proof === 'bytes' || !wasReady))
    const isReady = redis.status === 'ready'
    wasReady = isReady
    bytes = bytesRead
    answered = false
    silent = heard ? 0 : silent + 1
    if (isReady && !probing && looks++ % LOOKS_PER_PROBE === 0) probe()
    return silent >= SILENT_LOOKS
  }
}
