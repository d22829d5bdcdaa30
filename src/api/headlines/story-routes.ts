import { z } from 'zod'
import { readStory } from '../../archive/reading/read-story.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import { slugSchema } from '../../protocol/headline.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { route, type Route } from '../http/route.ts'
import { headlineSummarySchema } from './headline-record.ts'
import { searchedMember, searchedSchema } from './searched.ts'

const storySchema = z.object({
  story: z.string(),
  lines: z.array(headlineSummarySchema.extend({ feed: z.string() })),
  searched: searchedSchema,
})

export function storyRoutes({ store, archive }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/stories/{story}',
      operationId: 'getStory',
      tag: 'headlines',
      summary: 'List the headlines of one story in all feeds that you may read',
      role: 'signed-in',
      answers: { 200: { description: 'By feed, newest first', schema: storySchema } },
      problems: ['malformed-request'],
      async handle({ params, who }) {
        const story = slugSchema.safeParse(params.story)
        if (!story.success) throw new Problem('malformed-request', { extra: { detail: 'Not a story.' } })
        const feeds = await listFeedIds(store)
        const allowed = feeds.filter((feed) => atLeast(who.roleIn(feed), 'reader'))
        const found = await inEachFeed(store, allowed, 'story', async (feed) => ({
          feed,
          ...(await readStory({ store, archive }, feed, story.data)),
        }))
        const lines = found.flatMap(({ feed, lines: own }) => own.map((line) => ({ feed, ...line })))
        const isRecent = found.some(({ searched }) => searched === 'recent')
        return {
          status: 200,
          body: { story: story.data, lines, ...searchedMember(isRecent ? 'recent' : 'all') },
        }
      },
    }),
  ]
}
