import { expect } from '@jest/globals'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exitOf, spawnTied } from '../../../scripts/support/child-process.mjs'
import type { Archive } from '../../../src/archive/archive.ts'
import { eventually } from '../eventually.ts'
import { everything } from './lines.ts'

const LIMIT_MS = 60_000

export interface Writer {
  /** Numbers of the batches that the database has acknowledged. */
  readonly acknowledged: readonly number[]
  /** What it said at its end. */
  readonly fault: string | undefined
  acknowledges(count: number): Promise<void>
  kill(): Promise<void>
  ends(): Promise<void>
}

/** A process of its own that writes batches from number `first` until it is killed, or up to `last`. */
export async function startWriter(
  url: string,
  {
    first = 1,
    last = Infinity,
    prefix = [],
  }: { first?: number; last?: number; prefix?: readonly string[] } = {},
): Promise<Writer> {
  const script = join(import.meta.dirname, 'writer.mjs')
  const [command, ...args] = [...prefix, process.execPath, script, url, String(first), String(last)]
  const child = await spawnTied(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = exitOf(child)
  const acknowledged: number[] = []
  let fault: string | undefined
  const lines = createInterface(child.stdout!)
  const read = new Promise((resolve) => lines.once('close', resolve))
  lines.on('line', (line) => {
    const said: unknown = JSON.parse(line)
    if (typeof said === 'number') acknowledged.push(said)
    else fault = String(said)
  })
  return {
    acknowledged,
    get fault() {
      return fault
    },
    acknowledges: (count) =>
      eventually(
        `${count} batches are acknowledged`,
        LIMIT_MS,
        () => acknowledged.length >= count || undefined,
      ).then(() => undefined),
    async kill() {
      child.kill('SIGKILL')
      await exited
      await read
    },
    async ends() {
      await exited
      await read
    },
  }
}

/**
 * Checks that all acknowledged batches are there, that each is there as a whole, and that no other than one that the
 * database had not answered yet is there. Returns the number of batches.
 */
export async function expectWholeBatches(archive: Archive, acknowledged: readonly number[]): Promise<number> {
  const count = await archive.countLines('en')
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  expect(count - (acknowledged.at(-1) ?? 0)).toBeGreaterThanOrEqual(0)
  expect(count - (acknowledged.at(-1) ?? 0)).toBeLessThanOrEqual(1)
  const lines = await archive.readLines(
    'en',
    numbers.map((n) => `line-${n}`),
  )
  expect(lines.map((line) => line?.createdAt)).toEqual(numbers)
  const audit = await archive.readAudit('en', 0, count + 1)
  expect(audit.map(({ n }) => n)).toEqual(numbers)
  const events = await archive.readEvents('en', {}, count + 1)
  expect(events.map(({ at }) => at)).toEqual(numbers)
  const newest = await archive.findLines('en', { ...everything, words: [`line-${count}`] }, 1)
  expect(newest.found).toEqual([{ id: `line-${count}`, ms: count }])
  return count
}
