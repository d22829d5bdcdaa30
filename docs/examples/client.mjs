// Follows one feed and prints its strip after every change. Node 20 or newer, no packages.
// node docs/examples/client.mjs http://127.0.0.1:8080 en
import { setTimeout as sleep } from 'node:timers/promises'

const [base = 'http://127.0.0.1:8080', feed = 'en'] = process.argv.slice(2)
const shows = ['publish', 'correct', 'resume', 'pin', 'unpin']
let strip = new Map()
let position // undefined asks for the whole strip
let heartbeatMs = 5_000
let notBeforeMs = 0

for (let failures = 0; ;) {
  const begunMs = performance.now()
  await follow().catch((error) => console.error(String(error)))
  failures = performance.now() - begunMs > 10_000 ? 0 : failures + 1
  const jitterMs = Math.random() * Math.min(15_000, 500 * 2 ** failures)
  await sleep(Math.max(500, jitterMs, notBeforeMs - performance.now()))
}

async function follow() {
  const link = new AbortController()
  const watch = () => setTimeout(() => link.abort('silent for two heartbeats'), 2 * heartbeatMs)
  let deadline = watch()
  try {
    const address = `${base}/v1/feeds/${feed}/events${position ? `?after=${position}` : ''}`
    const response = await fetch(address, { headers: { accept: 'text/event-stream' }, signal: link.signal })
    if (!response.ok) throw await refusal(response)
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body) {
      const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n')
      text = blocks.pop()
      for (const data of blocks.flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? []))
        take(JSON.parse(data))
      clearTimeout(deadline)
      deadline = watch()
    }
  } finally {
    clearTimeout(deadline)
  }
}

function take(frame) {
  if (frame.type === 'hello') heartbeatMs = frame.heartbeatMs
  else if (frame.type === 'bye') notBeforeMs = performance.now() + frame.retryAfterMs
  else if (frame.type === 'reset') strip = new Map(frame.strip.map((line) => [line.id, line]))
  else if (frame.type === 'event') fold(frame)
  if (!['reset', 'event', 'head'].includes(frame.type)) return
  // The mark says which history the position belongs to; a server of an earlier version sends none.
  position = frame.mark ? `${frame.position}:${frame.mark}` : frame.position
  if (frame.type !== 'head') show()
}

function fold({ op, headline }) {
  if (shows.includes(op) && headline.status === 'live') strip.set(headline.id, headline)
  else strip.delete(headline.id)
}

function show() {
  const lines = [...strip.values()].sort((a, b) => !!b.pinned - !!a.pinned || b.place - a.place)
  console.log(`\n${position}\n${lines.map(({ urgency, text }) => `  ${urgency}  ${text}`).join('\n')}`)
}

async function refusal(response) {
  const { code, retryAfterMs = 1_000 * Number(response.headers.get('retry-after')) } = await response.json()
  if (code === 'invalid-position') position = undefined
  const waitMs = response.status < 429 ? 60_000 : retryAfterMs
  notBeforeMs = performance.now() + waitMs
  return new Error(`refused: ${code}`)
}
