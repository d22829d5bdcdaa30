import { embedModes, embedThemes, MAX_NOTICE_MINUTES, type EmbedSettings } from '../../src/protocol/embed.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'

/** The ways to put the embed into a page. */
export const ways = ['element', 'frame', 'wordpress', 'include'] as const
export type Way = (typeof ways)[number]

export interface Choice {
  /** The feed's id; empty: the first feed. */
  readonly feed: string
  readonly way: Way
  /** Whether the script is pinned by its hash. */
  readonly pinned: boolean
  readonly settings: EmbedSettings
}

export type Faults = Partial<Record<'section' | 'region' | 'max' | 'notices' | 'feed', string>>

const SLUG = /^[a-z0-9][a-z0-9-]{0,39}$/
const MAX_SLUGS = 10
const MAX_LINES = 200

/** The choice in a URL's query or in the form. Invalid values are left out and explained in `faults`. */
export function readChoice(input: URLSearchParams): { choice: Choice; faults: Faults } {
  const faults: Faults = {}
  const text = (name: string): string => (input.get(name) ?? '').trim()
  const settings: EmbedSettings = {
    section: slugs('section'),
    region: slugs('region'),
    urgency: oneOf(urgencies, text('urgency')),
    max: count('max', 1, MAX_LINES),
    mode: oneOf(embedModes, text('mode')) ?? 'list',
    theme: oneOf(embedThemes, text('theme')),
    dir: oneOf(['ltr', 'rtl'] as const, text('dir')),
    lang: /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text('lang')) ? text('lang') : undefined,
    notices: count('notices', 0, MAX_NOTICE_MINUTES),
  }
  const choice: Choice = {
    feed: text('feed'),
    way: oneOf(ways, text('way')) ?? 'element',
    pinned: text('pinned') !== '',
    settings,
  }
  return { choice, faults }

  function slugs(name: 'section' | 'region'): string | undefined {
    const all = [
      ...new Set(
        text(name)
          .split(/[\s,]+/)
          .filter(Boolean),
      ),
    ]
    if (all.length === 0) return undefined
    const wrong = all.find((slug) => !SLUG.test(slug))
    if (wrong !== undefined) faults[name] = `“${wrong}” is no slug: use a–z, 0–9 and -, at most 40.`
    else if (all.length > MAX_SLUGS) faults[name] = `At most ${MAX_SLUGS}.`
    return faults[name] === undefined ? all.join() : undefined
  }

  function count(name: 'max' | 'notices', least: number, most: number): number | undefined {
    if (text(name) === '') return undefined
    const number = Number(text(name))
    if (Number.isInteger(number) && number >= least && number <= most) return number
    faults[name] = `A whole number from ${least} to ${most}.`
    return undefined
  }
}

/** The query of the URL under which a choice can be shared, without default values. */
export function writeChoice({ feed, way, pinned, settings }: Choice): string {
  const query = new URLSearchParams({ feed })
  for (const [name, value] of Object.entries<string | number | undefined>({ ...settings }))
    if (value !== undefined && !(name === 'mode' && value === 'list')) query.set(name, String(value))
  if (way !== 'element') query.set('way', way)
  if (pinned) query.set('pinned', '1')
  return `?${query.toString().replaceAll('%2C', ',')}`
}

function oneOf<T extends string>(known: readonly T[], input: string): T | undefined {
  return known.find((each) => each === input)
}
