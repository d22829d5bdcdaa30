import { z } from 'zod'
import { readStory } from '../../archive/reading/read-story.ts'
import { feedsThatAre } from '../../eventlog/feeds/feed-sides.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import { drillQuery } from '../../protocol/reader-queries.ts'
import { slugSchema } from '../../protocol/headline.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { readQuery } from '../http/read-query.ts'
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
      summary: 'List the headlines of one story in all feeds that you may read, or in all drills',
      role: 'signed-in',
      query: drillQuery,
      answers: { 200: { description: 'By feed, newest first', schema: storySchema } },
      problems: ['malformed-request', 'invalid-query'],
      async handle(call) {
        const { params, who } = call
        const story = slugSchema.safeParse(params.story)
        if (!story.success) throw new Problem('malformed-request', { extra: { detail: 'Not a story.' } })
        const { drill } = readQuery(drillQuery, call)
        const feeds = await feedsThatAre(store, drill === undefined ? 'real' : 'drill')
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
