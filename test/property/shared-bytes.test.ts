import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inflateRawSync } from 'node:zlib'
import { wires, type Wire } from '../../src/gateway/bytes/frame-bytes.ts'
import { FeedLog } from '../../src/gateway/memory/feed-log.ts'
import { FilteredView } from '../../src/gateway/memory/filtered-view.ts'
import { SharedBytes } from '../../src/gateway/memory/shared-bytes.ts'
import type { LogEntry } from '../../src/eventlog/read-log.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import type { Filter } from '../../src/protocol/filter.ts'
import { entriesOf, type LineChange } from '../support/entries.ts'

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const epoch = 'abcdefgh'
const filters: readonly Filter[] = [{}, { section: ['city'] }, { section: ['world'], urgency: 'bulletin' }]

const change: fc.Arbitrary<LineChange> = fc.record({
  line: fc.nat(4),
  gone: fc.constantFrom('no', 'no', 'no', 'hold', 'withdraw', 'expire'),
  section: fc.constantFrom(undefined, 'city', 'world'),
  regions: fc.constant([]),
  urgency: fc.constantFrom('flash', 'bulletin', 'routine'),
})
/** The changes after which readers request bytes; no bytes are made before a request. */
const asked = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 })

describe('bytes that readers share', () => {
  it('are always equal to newly made bytes, for any times of earlier requests', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), asked, (changes, asks) => {
        const entries = entriesOf(changes)
        const kept = new Gateway([])
        entries.forEach((entry, index) => {
          kept.log.append(entry)
          if (!asks[index]) return
          const fresh = new Gateway(entries.slice(0, index + 1))
          expect(kept.all()).toEqual(fresh.all())
        })
      }),
      { numRuns: 40 },
    )
  })

  it('are made again when the log is replaced', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 2, maxLength: 10 }), (changes) => {
        const entries = entriesOf(changes)
        fc.pre(entries.length > 0)
        const kept = new Gateway(entries)
        kept.all()
        const other = entriesOf(
          changes.map((each) => ({ ...each, urgency: 'urgent' })),
          'hgfedcba',
        )
        const { seq, chain } = other.at(-1)!
        const fresh = new Gateway([])
        for (const { log } of [kept, fresh])
          log.replace({ ...loaded, head: { epoch: 'hgfedcba', seq, chain }, entries: other })
        expect(kept.all()).toEqual(fresh.all())
      }),
      { numRuns: 20 },
    )
  })

  it('never contain the text of a withdrawn headline', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), asked, (changes, asks) => {
        const kept = new Gateway([])
        const textsOf = new Map<string, string[]>()
        const forbidden: string[] = []
        entriesOf(changes).forEach((entry, index) => {
          const { op, headline } = JSON.parse(entry.json) as EventFrame
          const texts = textsOf.get(headline.id) ?? []
          textsOf.set(headline.id, texts)
          if (headline.status === 'live') texts.push(JSON.stringify(headline.text))
          if (op === 'withdraw') forbidden.push(...texts)
          kept.log.append(entry)
          if (!asks[index]) return
          const said = kept.all().join('\n')
          for (const text of forbidden) expect(said).not.toContain(text)
        })
      }),
      { numRuns: 40 },
    )
  })
})

const loaded = {
  head: { epoch, seq: 0, chain: '' },
  frozen: false,
  strip: [],
  entries: [],
  chains: new Map<number, string>(),
}

class Gateway {
  readonly log = new FeedLog(loaded, { events: 1_000, bytes: 10_000_000 })
  readonly #shared = new SharedBytes(this.log)
  readonly #views = filters.map((filter) => new FilteredView(title, this.log, filter, this.#shared))

  constructor(entries: readonly LogEntry[]) {
    for (const entry of entries) this.log.append(entry)
  }

  /** All bytes that a reader can get now, as text. */
  all(): string[] {
    return this.#views.flatMap((view) => [
      ...['sse' as const, ...wires].flatMap((wire) => this.#ofWire(view, wire)),
      view.snapshot({}).toString(),
      view.snapshot({ stale: true }).toString(),
      ...[0, 2].map((seq) => view.page({ ...this.log.head, seq }, 100).json),
      view.page(undefined, 100).json,
    ])
  }

  #ofWire(view: FilteredView, wire: Wire): string[] {
    const { seq } = this.log.head
    // A running round ends before the newest event. The oldest piece is requested first and last.
    const ends = [Math.min(1, seq), seq, seq - 1, Math.min(1, seq)]
    const pieces = ends.flatMap((end) =>
      Array.from({ length: end }, (_, after) => view.piece(wire, end - after - 1, end).bytes),
    )
    return [...pieces, view.reset(wire, 'start'), view.reset(wire, 'range')].map((bytes) =>
      textOf(wire, bytes),
    )
  }
}

/** The text of a server's frames; each deflated frame is inflated alone. */
function textOf(wire: Wire, bytes: Buffer): string {
  if (wire !== 'ws-deflate') return bytes.toString('latin1')
  const texts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const short = bytes.readUInt8(at + 1)
    const start = at + (short < 126 ? 2 : 4)
    const end = start + (short < 126 ? short : bytes.readUInt16BE(at + 2))
    const payload = Buffer.concat([bytes.subarray(start, end), Buffer.from([0, 0, 255, 255])])
    texts.push(inflateRawSync(payload, { finishFlush: 2 }).toString())
    at = end
  }
  return texts.join('')
}
