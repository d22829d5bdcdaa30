import { z } from 'zod'
import { directionOf } from './direction-of.ts'
import { MAX_STRIP_LINES } from './embed.ts'
import { visibilities, type Visibility } from './lists/visibilities.ts'
import { plainLine } from './text.ts'

/** The id is also a path segment and a Redis hash tag, so it has only characters that need no escaping. */
const FEED_ID = /^[a-z][a-z0-9-]{0,31}$/
/** This id is reserved: its hash tag belongs to the keys of no feed. */
const KEPT_ID = 'desk'

export const feedIdSchema = z
  .string()
  .regex(FEED_ID, 'a letter, then up to 31 of a-z, 0-9 and -')
  .refine((id) => id !== KEPT_ID, 'kept for the service itself')

/** The check of the schema as a function, fast enough for a storm of connections. */
export function isFeedId(text: string): boolean {
  return FEED_ID.test(text) && text !== KEPT_ID
}

/** A language tag (BCP 47) in canonical form. */
export const languageSchema = z
  .string()
  .max(35)
  .transform((tag, context) => {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? z.NEVER
    } catch {
      context.addIssue({ code: 'custom', message: 'not a BCP 47 language tag' })
      return z.NEVER
    }
  })

/** The request body of a new feed. */
export const feedDefinition = {
  id: feedIdSchema,
  title: plainLine(80),
  lang: languageSchema,
  /** Nothing in the feed is news: readers get it only if they ask for a drill. */
  drill: z.literal(true).optional(),
  dir: z.enum(['ltr', 'rtl']).optional(),
  /** `partners`: only readers with a partner's key or token get the feed. `public` if left out. */
  visibility: z.enum(visibilities).optional(),
  /** Most headlines in the strip; the oldest one expires when another is released. */
  stripLimit: z.int().min(1).max(MAX_STRIP_LINES).default(50),
}

/** A definition as Redis stores it. Members that a newer version has added are ignored. */
export const storedFeedSchema = z.object({
  ...feedDefinition,
  dir: z.enum(['ltr', 'rtl']),
  stripLimit: feedDefinition.stripLimit.unwrap(),
  /** Every other word makes the definition unreadable, so a feed is never shown to more readers than it was made for. */
  visibility: z.literal('partners' satisfies Visibility).optional(),
})

export const newFeedSchema = z.strictObject(feedDefinition).transform(withDirection)

export type Feed = z.output<typeof newFeedSchema>

/** `dir` is always the last member, and `public` is left out: equal feeds are equal as JSON. */
export function withDirection<
  T extends { lang: string; dir?: 'ltr' | 'rtl' | undefined; visibility?: Visibility | undefined },
>({ dir, visibility, ...feed }: T) {
  const hidden: { visibility?: 'partners' | undefined } = visibility === 'partners' ? { visibility } : {}
  return { ...feed, ...hidden, dir: dir ?? directionOf(feed.lang) }
}

/** The part of a feed's definition that readers get. */
export interface FeedTitle extends Pick<Feed, 'id' | 'title' | 'lang' | 'dir' | 'drill'> {
  /** Digits of times and numbers, where the newsroom has chosen some. */
  readonly numbering?: string | undefined
  /** Version of the feed's own words and labels, where it has some; `/v1/feeds/{feed}/words` gives them. */
  readonly words?: number | undefined
}

export function feedTitle({ id, title, lang, dir, drill }: Feed): FeedTitle {
  return { id, title, lang, dir, ...(drill && { drill }) }
}
