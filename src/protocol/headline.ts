import { z } from 'zod'
import { languageSchema } from './feed.ts'
import type { PublicStatus } from './lists/statuses.ts'
import { urgencies } from './lists/urgencies.ts'
import { plainLine } from './text.ts'

export const headlineIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'not a headline id')

export const slugSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, '1 to 40 of a-z, 0-9 and -')
const slugs = z
  .array(slugSchema)
  .max(10)
  .transform((all) => [...new Set(all)])

/** A web address: http or https, without credentials, at most 2,048 characters. */
export const linkSchema = z
  .string()
  .max(2_048)
  .transform((written, context) => {
    const link = URL.canParse(written) ? new URL(written) : undefined
    if (link && ['http:', 'https:'].includes(link.protocol) && !link.username && !link.password)
      return link.href
    context.addIssue({ code: 'custom', message: 'not an http or https address without credentials' })
    return z.NEVER
  })

/** An instant (RFC 3339), kept in UTC with milliseconds. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((written) => new Date(written).toISOString())

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
}

export type Headline = LiveHeadline | Tombstone
