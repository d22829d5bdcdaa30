import { WebSocket } from 'ws'
import { createClient } from '../../web/sdk/create-client.ts'
import type { Environment } from '../../web/sdk/environment.ts'
import type { Connection, ConnectOptions, FeedEvent, Status } from '../../web/sdk/types.ts'
import { eventually } from './eventually.ts'

const LIMIT_MS = 15_000
/** Timers fire early and compare the clock, so that a clock that is moved forward takes effect at once. */
const LOOK_EVERY_MS = 20
const HURRY_MS = 300

/** The client with a clock that can be moved forward, and a record of its notifications. */
export class SdkReader {
  readonly connection: Connection
  readonly events: FeedEvent[] = []
  readonly statuses: Status[] = []
  #aheadMs = 0

  constructor(options: ConnectOptions, environment: Partial<Environment> = {}, create = createClient) {
    const connect = create({
      WebSocket,
      now: () => performance.now() + this.#aheadMs,
      wallClock: () => this.wallNow,
      setTimeout: (callback, waitMs) => setTimeout(callback, Math.min(waitMs, LOOK_EVERY_MS)),
      ...environment,
    })
    this.connection = connect(options)
    this.connection.on('event', (event) => this.events.push(event))
    this.connection.on('status', (status) => this.statuses.push(status))
  }

  get wallNow(): number {
    return Date.now() + this.#aheadMs
  }

  passes(ms: number): void {
    this.#aheadMs += ms
  }

  get texts(): string[] {
    return (this.connection.strip ?? []).map(({ text }) => text)
  }

  /** The shown headlines, newest first. */
  async shows(...texts: string[]): Promise<void> {
    await eventually(`shows ${texts.join(', ')}`, LIMIT_MS, () => {
      this.#hurry()
      const isLive = this.connection.status.state === 'live'
      return isLive && JSON.stringify(this.texts) === JSON.stringify(texts)
    })
  }

  async is(status: Partial<Status>): Promise<void> {
    const wanted = Object.entries(status) as [keyof Status, unknown][]
    await eventually(`is ${JSON.stringify(status)}`, LIMIT_MS, () => {
      this.#hurry()
      return wanted.every(([name, value]) => this.connection.status[name] === value)
    })
  }

  /** Moves the clock forward, so that the test does not wait between two attempts. */
  #hurry(): void {
    if (this.connection.status.transport === undefined) this.passes(HURRY_MS)
  }
}
