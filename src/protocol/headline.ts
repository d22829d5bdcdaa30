import { z } from 'zod'
import { languageSchema } from './feed.ts'
import type { PublicStatus } from './lists/statuses.ts'
import { urgencies } from './lists/urgencies.ts'
import { plainLine } from './text.ts'
import { parseUrl } from './parse-url.ts'

export const headlineIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'not a headline id')

export const slugSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, '1 to 40 of a-z, 0-9 and -')
const slugs = z
  .array(slugSchema)
  .max(10)
  .transform((all) => [...new Set(all)])

/** Every reader gets the link; a letter outside ASCII becomes up to nine characters of it. */
const MAX_LINK_LENGTH = 2_048

/** A web address: http or https, without credentials, at most 2,048 characters once it is encoded. */
export const linkSchema = z
  .string()
  .max(MAX_LINK_LENGTH)
  .transform((written, context) => {
    const link = parseUrl(written)
    const fault = linkFault(link)
    if (link && fault === undefined) return link.href
    context.addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })

function linkFault(link: URL | undefined): string | undefined {
  if (!link || !['http:', 'https:'].includes(link.protocol) || link.username || link.password) {
    return 'not an http or https address without credentials'
  }
  if (link.href.length <= MAX_LINK_LENGTH) return undefined
  return `${link.href.length} characters long once it is encoded: ${MAX_LINK_LENGTH} at the most, use a shorter address`
}

/** An instant (RFC 3339), kept in UTC with milliseconds; in UTC its year is 0000 to 9999. */
export const instantSchema = z.iso.datetime({ offset: true }).transform((written, context) => {
  const instant = new Date(written).toISOString()
  // A date beyond these years is written with a sign and six digits, which RFC 3339 does not know.
  if (/^\d{4}-/.test(instant)) return instant
  context.addIssue({ code: 'custom', message: 'in UTC its year is not 0000 to 9999: choose another time' })
  return z.NEVER
})

/** The content of a version of a headline as its editor writes it. */
export const contentSchema = z
  .strictObject({
    text: plainLine(),
    /** Shown before the text: "Speaker: statement". */
    speaker: plainLine(80).optional(),
    urgency: z.enum(urgencies).default('bulletin'),
    section: slugSchema.optional(),
    regions: slugs.default([]),
    tags: slugs.default([]),
    link: linkSchema.optional(),
    source: plainLine(80).optional(),
    /** Joins the headlines of one story across editions. */
    story: slugSchema.optional(),
    /** The language, where it differs from that of the feed. */
    lang: languageSchema.optional(),
    expiresAt: instantSchema.optional(),
    /** A note for readers about a correction or withdrawal. */
    note: plainLine().optional(),
  })
  .meta({ id: 'Content' })
export type Content = z.output<typeof contentSchema>

/** The members that are left of a headline that no screen shows: without its words. */
export interface Tombstone {
  readonly id: string
  readonly version: number
  readonly status: Exclude<PublicStatus, 'live'>
  readonly place: number
  readonly publishedAt: string
  readonly updatedAt: string
  readonly note?: string
}

/** A headline as readers get it. */
export interface LiveHeadline extends Content {
  readonly id: string
  /** 1 to n; each correction adds one. */
  readonly version: number
  readonly status: 'live'
  /** The seq of its first release: its place in the strip, kept by every later version. */
  readonly place: number
  readonly pinned?: boolean
  /** First release (RFC 3339, UTC). */
  readonly publishedAt: string
  /** Release of this version. */
  readonly updatedAt: string
  /** Release of the newest correction with a note; kept by every later version. */
  readonly corrected?: string
  /** Release of the newest refile, a correction without a note; kept until a correction with a note. */
  readonly refiled?: string
  /** Readers call the headline breaking until then; without it, as long as it shows. */
  readonly breakingUntil?: string
}

export type Headline = LiveHeadline | Tombstone
