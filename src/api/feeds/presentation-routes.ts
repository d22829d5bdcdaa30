import { ruleIsOn } from '../../desk/policy.ts'
import { readFeed } from '../../eventlog/feeds/feeds.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { readPresentation, writePresentation } from '../../eventlog/feeds/presentation.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'
import { actBy } from '../../people/principal.ts'
import { numberingsFor } from '../../protocol/numbering.ts'
import {
  presentationSchema,
  storedPresentationSchema,
  type Presentation,
  type StoredPresentation,
} from '../../protocol/presentation.ts'
import type { Answer } from '../http/answer.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { existingFeedOf, feedIdOf } from '../http/path-parameters.ts'
import { actorOf, route, type Route } from '../http/route.ts'

const path = '/v1/feeds/{feed}/presentation'
const shared = { schema: storedPresentationSchema, headers: ['ETag'] } as const

export function presentationRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path,
      operationId: 'getPresentation',
      tag: 'feeds',
      summary: "Read a feed's own words, labels and digits",
      role: 'reader',
      answers: { 200: { description: 'The ETag is the version, for If-Match', ...shared } },
      problems: ['no-such-feed'],
      async handle(call) {
        return answerOf(await readPresentation(store, await existingFeedOf(store, call)))
      },
    }),
    route({
      method: 'put',
      path,
      operationId: 'setPresentation',
      tag: 'feeds',
      summary: "Set a feed's own words, labels and digits",
      role: 'chief',
      body: presentationSchema,
      ifMatch: 'required',
      answers: { 200: { description: 'Readers have it within seconds', ...shared } },
      problems: ['no-such-feed', 'stale-version', 'two-person-required'],
      async handle(call) {
        const seen = seenVersion(call.headers)
        const id = feedIdOf(call)
        requireNumberingOf(await languageOf(store, id), call.body.numbering)
        await requireApprovedTexts(store, id, call.body)
        const outcome = await writePresentation(store, id, seen, call.body, actBy(actorOf(call)))
        if (outcome !== 'changed') return answerOf(outcome)
        throw new Problem('stale-version', { extra: { current: await readPresentation(store, id) } })
      },
    }),
  ]
}

/**
 * Readers see these texts beside every headline: under the two-person rule one person alone adds none. Errors: Problem,
 * UnavailableError.
 */
async function requireApprovedTexts(store: Store, feed: string, wanted: Presentation): Promise<void> {
  const [present, { policy }] = await Promise.all([readPresentation(store, feed), readPolicy(store, feed)])
  if (!ruleIsOn(policy)) return
  const known = new Set(textsOf(present))
  if (textsOf(wanted).every((text) => known.has(text))) return
  const detail =
    'Under the two-person rule nobody writes words or labels alone. Set them while the rule is off.'
  throw new Problem('two-person-required', { extra: { detail } })
}

/** Each text with its place: a text in another place is a new one. */
function textsOf({ words, labels }: Presentation): string[] {
  const places = Object.entries({ words, labels })
  return places.flatMap(([kind, texts]) =>
    Object.entries(texts).map(([key, text]) => `${kind} ${key} ${text}`),
  )
}

/** Errors: Problem, UnavailableError. */
async function languageOf(store: Store, feed: string): Promise<string> {
  const found = await readFeed(store, feed)
  if (!found) throw new Problem('no-such-feed')
  return found.lang
}

/** Errors: Problem. */
function requireNumberingOf(lang: string, numbering: string | undefined): void {
  const known = numberingsFor(lang)
  if (numbering === undefined || known.includes(numbering)) return
  const message = `not in use for ${lang}: ${known.join(' or ')}`
  throw new Problem('invalid-body', { extra: { errors: [{ field: '/numbering', message }] } })
}

function answerOf(stored: StoredPresentation): Answer {
  return { status: 200, headers: { ETag: etagOf(stored.version) }, body: stored }
}
