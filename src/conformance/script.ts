import type { EventFrame } from '../protocol/frames.ts'
import type { Op } from '../protocol/lists/ops.ts'
import type { LiveHeadline } from '../protocol/headline.ts'
import type { RunLog } from './run-log.ts'

/** The acts of the script on the client. Each ends before the client can act. */
export interface ScriptStage {
  readonly log: RunLog
  /** Sends the events of the log that are not sent yet. */
  readonly release: () => void
  /** Leaves out the events of the log that are not sent yet. */
  readonly skip: () => void
  /** Sends an event that was sent before, once more. */
  readonly repeat: (event: EventFrame) => void
  /** Sends something to all streams, as it is. */
  readonly send: (frame: object) => void
  /** Sends the whole strip, without a request for it. */
  readonly reset: () => void
  /** Ends all connections without a word. */
  readonly cut: () => void
  /** Ends all streams in order, with the wish to come back no sooner. */
  readonly dismiss: (retryAfterMs: number) => void
  /** Makes another key, and ends all streams of the one before. */
  readonly changeKey: () => void
}

/** The lines of a step: what the client must show, in this order and each once, and what it must not show. */
export interface WantedLines {
  readonly shows: readonly Pick<LiveHeadline, 'id' | 'text'>[]
  readonly hides: readonly string[]
}

export interface ScriptStep {
  readonly id: string
  readonly title: string
  /** The duty of the client, in a sentence. */
  readonly expected: string
  /** The heading in PROTOCOL.md under which it stands. */
  readonly rule: string
  /** The behaviour that the server must see beside the strip: the client comes back, or stays where it is. */
  readonly watches?: 'return' | 'stay'
  /** With `return`: no sooner than this. */
  readonly noSoonerMs?: number
  /** Long polls have no such fault. */
  readonly streamsOnly?: true
  /** Only in runs with a key. */
  readonly keyOnly?: true
  act(stage: ScriptStage): WantedLines
}

const BYE_MS = 2_000

/** Lines that the log has before the client comes. */
export const firstTexts = [
  'Tarrow Bridge closed after crack is found',
  'Council meets at noon',
  'Ferry runs again',
]

/** Everything that a client must cope with, one step after the other. */
export const script: readonly ScriptStep[] = [
  {
    id: 'start',
    title: 'The first strip',
    expected: 'A client without a position gets the whole strip, and shows it, newest first.',
    rule: 'Frames',
    act: ({ log }) => ({ shows: log.strip(), hides: [] }),
  },
  {
    id: 'new-lines',
    title: 'New lines',
    expected: 'Two events bring two lines: the client shows both, the newer one first.',
    rule: 'Folding events into a strip',
    act({ log, release }) {
      const [older, newer] = [log.publish('Market opens an hour late'), log.publish('Museum is free today')]
      release()
      return { shows: [newer, older], hides: [] }
    },
  },
  {
    id: 'repeat',
    title: 'The same event twice',
    expected: 'An event whose seq is not above the client’s own is a repeat: it shows the line once.',
    rule: 'Order and resume',
    act({ log, release, repeat }) {
      const line = log.publish('Night buses are extended')
      release()
      repeat(log.newest())
      return { shows: [line], hides: [] }
    },
  },
  {
    id: 'correction',
    title: 'A correction',
    expected: 'The line gets its new words and keeps its place; the old words are gone.',
    rule: 'Operations',
    act({ log, release }) {
      const [wrong, newer] = [log.publish('Three hurt at the harbour'), log.publish('Rain until evening')]
      const right = log.correct(wrong, 'Two hurt at the harbour')
      release()
      return { shows: [newer, right], hides: [] }
    },
  },
  {
    id: 'old-repeat',
    title: 'An old event after a newer one',
    expected:
      'The first words of a corrected line come once more, late: the client keeps the corrected words.',
    rule: 'Order and resume',
    act({ log, release, repeat }) {
      const wrong = log.publish('Train stops for four hours')
      const right = log.correct(wrong, 'Train stops for two hours')
      release()
      repeat(log.firstOf(wrong))
      return { shows: [right], hides: [] }
    },
  },
  {
    id: 'gap',
    title: 'A missing event',
    expected:
      'The seq jumps by two: the client drops the connection and comes back, with its own position or without one, and shows both lines.',
    rule: 'Order and resume',
    watches: 'return',
    streamsOnly: true,
    act({ log, release, skip }) {
      const lost = log.publish('Lost on the way: lights are out in Marrowick')
      skip()
      const seen = log.publish('Lights are on again in Marrowick')
      release()
      return { shows: [seen, lost], hides: [] }
    },
  },
  {
    id: 'cut',
    title: 'A cut',
    expected:
      'The connection breaks without a word. The client comes back with its position and its mark, and has missed neither the new line nor the withdrawal.',
    rule: 'Order and resume',
    watches: 'return',
    act({ log, cut }) {
      cut()
      const withdrawn = log.oldest()
      log.take('withdraw', withdrawn)
      const missed = log.publish('Mayor stays in office')
      return { shows: [missed], hides: [withdrawn.id] }
    },
  },
  {
    id: 'withdrawal',
    title: 'A withdrawal',
    expected: 'The line is gone from the screen at once.',
    rule: 'Operations',
    act({ log, release }) {
      const [stays, goes] = [log.publish('Pool opens on Monday'), log.publish('Pool stays closed for ever')]
      log.take('withdraw', goes)
      release()
      return { shows: [stays], hides: [goes.id] }
    },
  },
  {
    id: 'expiry',
    title: 'An expiry',
    expected: 'The line is gone from the strip.',
    rule: 'Operations',
    act({ log, release }) {
      const [stays, goes] = [log.publish('Match begins at eight'), log.publish('Gates open in ten minutes')]
      log.take('expire', goes)
      release()
      return { shows: [stays], hides: [goes.id] }
    },
  },
  {
    id: 'reset',
    title: 'A reset in the middle',
    expected:
      'A `reset` replaces the strip: a line that it lacks is gone, although no event said so, and the new line shows.',
    rule: 'Reset reasons',
    act({ log, release, skip, reset }) {
      const goes = log.publish('Road closed at the station')
      release()
      log.take('expire', goes)
      const comes = log.publish('Road open at the station')
      skip()
      reset()
      return { shows: [comes], hides: [goes.id] }
    },
  },
  {
    id: 'unknown',
    title: 'Unknown frames and members',
    expected:
      'The client ignores a frame of an unknown `type` and members that it does not know, stays connected, and shows the line.',
    rule: 'Frames',
    watches: 'stay',
    streamsOnly: true,
    act({ log, send, release }) {
      send({ type: 'weather', degrees: 21, strip: [] })
      const line = { ...log.publish('Library gets a new roof'), mood: 'calm', views: { today: 3 } }
      release()
      send({ type: 'weather' })
      return { shows: [line], hides: [] }
    },
  },
  {
    id: 'unknown-operation',
    title: 'An unknown operation',
    expected:
      'An event with an `op` that the client does not know removes its line: it shows no news that it does not understand.',
    rule: 'Folding events into a strip',
    act({ log, release }) {
      const line = log.publish('Bakery burns')
      log.append('reconsider' as Op, { ...line, version: 2, text: 'Bakery does not burn' })
      release()
      return { shows: [], hides: [line.id] }
    },
  },
  {
    id: 'quiet',
    title: 'Heartbeats only',
    expected: 'For a while nothing but heartbeats comes: the client stays connected.',
    rule: 'Heartbeat, silence, stale, frozen',
    watches: 'stay',
    streamsOnly: true,
    act: () => ({ shows: [], hides: [] }),
  },
  {
    id: 'bye',
    title: 'A bye',
    expected: `The server says \`bye\` with \`retryAfterMs\` ${BYE_MS}: the client comes back with its position, and no sooner.`,
    rule: 'Bye reasons',
    watches: 'return',
    noSoonerMs: BYE_MS,
    streamsOnly: true,
    act({ log, dismiss }) {
      dismiss(BYE_MS)
      return { shows: [log.publish('Tram line 4 runs to the airport')], hides: [] }
    },
  },
  {
    id: 'key',
    title: 'Another key',
    expected:
      'The key has ended: streams end with `bye` `revoked`, and the old key is answered with 401. The client comes back with the new key, which stands on this page.',
    rule: 'Feeds for partners',
    watches: 'return',
    keyOnly: true,
    act({ log, changeKey }) {
      changeKey()
      return { shows: [log.publish('Only for those with the new key')], hides: [] }
    },
  },
]
