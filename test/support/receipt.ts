import { eventually } from './eventually.ts'
import { systemKey, type System } from './system.ts'

const LIMIT_MS = 10_000

interface Summary {
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

/** The releases of a headline, with who was written to. */
export async function releasesOf(system: System, id: string): Promise<Release[]> {
  const { body } = await system.get<{ releases: Release[] }>(`/v1/feeds/en/headlines/${id}/receipt`, {
    Authorization: `Bearer ${systemKey}`,
  })
  return body.releases
}

/** The first release of a headline, once it says so many writes. */
export async function writtenTo(system: System, id: string, written: number): Promise<Release> {
  return eventually(`${id} is written ${written} times`, LIMIT_MS, async () => {
    const [release] = await releasesOf(system, id)
    return release?.written === written && release
  })
}
