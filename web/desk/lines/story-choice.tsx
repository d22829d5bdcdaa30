import { useQuery } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import { statusesIn } from '../../../src/protocol/lists/statuses.ts'
import type { ApiClient } from '../platform/api-client.ts'

interface StoryLine {
  readonly feed: string
  readonly id: string
  readonly status: Status
  readonly content?: { readonly text: string; readonly lang?: string }
}

export interface StoryChoiceProps {
  readonly api: ApiClient
  readonly story: string
  readonly own: { readonly feed: string; readonly id: string }
  readonly isChosen: boolean
  readonly onChange: (isChosen: boolean) => void
}

/** The withdrawal concerns the lines that readers see, and those that may still come out. */
const concerned: ReadonlySet<Status> = new Set(statusesIn('accepted', 'released'))

/** Takes the other lines of the story into the act, and shows them before. Nothing shows when there are none. */
export function StoryChoice({ api, story, own, isChosen, onChange }: StoryChoiceProps) {
  const { data } = useQuery({
    queryKey: ['story', story],
    queryFn: () => api.read<{ lines: readonly StoryLine[] }>(`/v1/stories/${story}`),
    staleTime: 0,
  })
  const others = (data?.lines ?? []).filter(
    ({ feed, id, status }) => concerned.has(status) && !(feed === own.feed && id === own.id),
  )
  if (others.length === 0) return null
  return (
    <div>
      <label className="choice">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />{' '}
        <FormattedMessage id="story.withdraw" values={{ count: others.length }} />
      </label>
      <ul className="story-lines">
        {others.map(({ feed, id, content }) => (
          <li key={`${feed} ${id}`}>
            <bdi>{feed}</bdi>: <bdi lang={content?.lang}>{content?.text}</bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}
