import { eventually } from './eventually.ts'
import { systemKey, type System } from './system.ts'

const LIMIT_MS = 60_000

export interface Cleared {
  readonly screens: number
  readonly cleared: number
  readonly percent: number | null
  readonly missing: number
  readonly left: number
  readonly silent: number
}

interface Summary {
  /** Only for events that must clear every screen. */
  readonly cleared?: Cleared
  readonly written: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

export interface Release extends Summary {
  readonly version: number
  readonly op: string
  readonly position: string
  readonly acceptedAt: string
  readonly releasedAt: string
  readonly acceptToLogMs: number
  readonly gateways: readonly (Summary & { readonly id: string; readonly readers: number })[]
}

/** The releases of a headline with their receipts. */
export async function releasesOf(system: System, id: string): Promise<Release[]> {
  const { body } = await system.get<{ releases: Release[] }>(`/v1/feeds/en/headlines/${id}/receipt`, {
    Authorization: `Bearer ${systemKey}`,
  })
  return body.releases
}

/** The receipt of a headline's newest release, when it has the `wanted` counts. */
export async function clearedAs(
  system: System,
  id: string,
  wanted: Partial<Cleared>,
  limitMs = LIMIT_MS,
): Promise<Release> {
  let last: unknown
  return eventually(`${id} is cleared as ${JSON.stringify(wanted)}`, limitMs, async () => {
    const release = (await releasesOf(system, id)).at(-1)
    last = release?.cleared
    const fits = Object.entries(wanted).every(
      ([name, value]) => release?.cleared?.[name as keyof Cleared] === value,
    )
    return fits && release
  }).catch((error: unknown) => {
    throw new Error(`the last receipt was ${JSON.stringify(last)}`, { cause: error })
  })
}

/** The first release of a headline, when it has this number of writes. */
export async function writtenTo(system: System, id: string, written: number): Promise<Release> {
  return eventually(`${id} is written ${written} times`, LIMIT_MS, async () => {
    const [release] = await releasesOf(system, id)
    return release?.written === written && release
  })
}
