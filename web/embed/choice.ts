import {
  embedFonts,
  embedModes,
  embedThemes,
  MAX_NOTICE_MINUTES,
  MAX_STRIP_LINES,
  MAX_TICKER_LINES,
  type EmbedSettings,
} from '../../src/protocol/embed.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { builderWordsFor, filled } from './builder-words.ts'

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
  /** Attributes of the element that frames do not have. */
  readonly elementOnly: ElementOnly
}

/** The value of each attribute; empty for one that is only there or not. */
export type ElementOnly = Readonly<Partial<Record<(typeof elementOnlyNames)[number], string>>>

const switches = ['collapse', 'share', 'cache', 'hidden'] as const
export const elementOnlyNames = ['announce', ...switches] as const

export type Faults = Partial<Record<'section' | 'region' | 'max' | 'notices' | 'feed', string>>

const SLUG = /^[a-z0-9][a-z0-9-]{0,39}$/
const MAX_SLUGS = 10

/** The most headlines that a way can show. */
export function mostLines(way: Way): number {
  return way === 'include' ? MAX_STRIP_LINES : MAX_TICKER_LINES
}

type FaultTexts = Readonly<Record<'noSlug' | 'atMost' | 'whole', string>>

/** The choice in a URL's query or in the form. Invalid values are left out and explained in `faults`. */
export function readChoice(
  input: URLSearchParams,
  say: FaultTexts = builderWordsFor([]),
): { choice: Choice; faults: Faults } {
  const faults: Faults = {}
  const text = (name: string): string => (input.get(name) ?? '').trim()
  const way = oneOf(ways, text('way')) ?? 'element'
  const settings: EmbedSettings = {
    section: slugs('section'),
    region: slugs('region'),
    urgency: oneOf(urgencies, text('urgency')),
    max: count('max', 1, mostLines(way)),
    mode: oneOf(embedModes, text('mode')) ?? 'list',
    theme: oneOf(embedThemes, text('theme')),
    font: oneOf(embedFonts, text('font')),
    dir: oneOf(['ltr', 'rtl'] as const, text('dir')),
    lang: /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text('lang')) ? text('lang') : undefined,
    notices: count('notices', 0, MAX_NOTICE_MINUTES),
  }
  const choice: Choice = {
    feed: text('feed'),
    way,
    pinned: text('pinned') !== '',
    settings,
    elementOnly: elementOnly(),
  }
  return { choice, faults }

  function elementOnly(): ElementOnly {
    const announce = oneOf([...urgencies, 'off'] as const, text('announce'))
    const set = switches.filter((name) => text(name) !== '').map((name): [string, string] => [name, ''])
    return { ...(announce && { announce }), ...Object.fromEntries(set) }
  }

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
    if (wrong !== undefined) faults[name] = filled(say.noSlug, wrong)
    else if (all.length > MAX_SLUGS) faults[name] = filled(say.atMost, MAX_SLUGS)
    return faults[name] === undefined ? all.join() : undefined
  }

  function count(name: 'max' | 'notices', least: number, most: number): number | undefined {
    if (text(name) === '') return undefined
    const number = Number(text(name))
    if (Number.isInteger(number) && number >= least && number <= most) return number
    faults[name] = filled(say.whole, least, most)
    return undefined
  }
}

/** The query of the URL under which a choice can be shared, without default values. */
export function writeChoice({ feed, way, pinned, settings, elementOnly }: Choice): string {
  const query = new URLSearchParams({ feed })
  for (const [name, value] of Object.entries<string | number | undefined>({ ...settings }))
    if (value !== undefined && !(name === 'mode' && value === 'list')) query.set(name, String(value))
  if (way !== 'element') query.set('way', way)
  if (pinned) query.set('pinned', '1')
  for (const [name, value] of Object.entries(elementOnly)) query.set(name, value === '' ? '1' : value)
  return `?${query.toString().replaceAll('%2C', ',')}`
}

function oneOf<T extends string>(known: readonly T[], input: string): T | undefined {
  return known.find((each) => each === input)
}
