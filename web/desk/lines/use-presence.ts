import { skipToken, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Presence } from '../../../src/protocol/presence.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { readAgainAfter, type ReadData } from '../platform/read-again-after.ts'

/** Well within the time after which the API counts a page as closed. */
const TELL_EVERY_MS = 10_000
/** A person who goes through the list by keys has not had each line open. */
const SETTLE_MS = 250

export interface Seen {
  readonly person: string
  readonly name: string
  readonly version: number
}

interface Told extends ReadData {
  readonly present: readonly Presence[]
  /** The names of those who have seen `headline`. */
  readonly seen: readonly Seen[]
  readonly headline: string | undefined
}

/** The line that is open in this page, and what the person does with it. */
export type Open = Pick<Presence, 'doing'> & {
  readonly headline: string | undefined
  readonly version: number | undefined
}

export interface Colleagues {
  /** Pages of other persons that have a line open. */
  readonly present: readonly Presence[]
  /** The other persons who have seen the line that is open here. */
  readonly seen: readonly Seen[]
}

const presenceKey = (feed: string): readonly string[] => ['presence', feed]

/** Tells the desk which line is open here, and names the colleagues and their lines. It locks nothing. */
export function usePresence(api: ApiClient, { person }: Session, feed: string, open: Open): Colleagues {
  const queries = useQueryClient()
  const page = useRef('')
  const newest = useRef(open)
  const { data, refetch } = useQuery({
    queryKey: presenceKey(feed),
    queryFn: async () => {
      page.current ||= crypto.randomUUID()
      const { headline, version, doing } = newest.current
      const outcome = await api.call<Pick<Told, 'present' | 'seen'>>(`/v1/feeds/${feed}/presence`, {
        method: 'PUT',
        body: { page: page.current, headline, version, doing },
      })
      const before = queries.getQueryData<Told>(presenceKey(feed))
      const nobody = { present: [], seen: [], headline }
      const presence = outcome.kind === 'done' ? { ...outcome.body, headline } : (before ?? nobody)
      return { ...presence, readAt: Date.now() }
    },
    refetchInterval: readAgainAfter(TELL_EVERY_MS),
  })

  const { headline, version, doing } = open
  useEffect(() => {
    newest.current = { headline, version, doing }
    const settling = setTimeout(() => void refetch(), SETTLE_MS)
    return () => clearTimeout(settling)
  }, [headline, version, doing, refetch])

  return {
    present: data?.present.filter((each) => each.person !== person) ?? [],
    seen: data?.headline === headline ? (data?.seen.filter((each) => each.person !== person) ?? []) : [],
  }
}

/** The pages of other persons that have this line open, by their last word. */
export function useColleaguesOn({ person }: Session, feed: string, id: string): readonly Presence[] {
  const { data } = useQuery<Told, Error, readonly Presence[]>({
    queryKey: presenceKey(feed),
    queryFn: skipToken,
    select: ({ present }) => present.filter((each) => each.headline === id && each.person !== person),
  })
  return data ?? []
}

/** Takes in what the desk's stream tells about another page. */
export function hearPresence(queries: QueryClient, feed: string, heard: Presence): void {
  queries.setQueryData<Told>(presenceKey(feed), (now) => {
    if (!now) return now
    const { page, person, name, headline, version } = heard
    const others = now.present.filter((each) => each.page !== page || each.person !== person)
    const isSeen = headline !== undefined && headline === now.headline && version !== undefined
    const seen = isSeen
      ? [...now.seen.filter((each) => each.person !== person), { person, name, version }]
      : now.seen
    return { ...now, present: [...others, heard], seen }
  })
}
