import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { joinLine } from '../platform/join-line.ts'

/** As many lines as a cell shows without a second search. */
const MOST = 8
/** Lines that have ended are no part of news that goes on. */
const joinable: readonly Status[] = ['live', 'held', 'due', 'pending', 'draft', 'returned', 'needs-decision']

interface Found {
  readonly headlines: readonly {
    readonly id: string
    readonly status: Status
    readonly edition?: string
    readonly content?: { readonly text: string }
  }[]
}

export interface JoinLineProps {
  readonly api: ApiClient
  readonly edition: string
  readonly feed: FeedTitle
  readonly onDone: () => void
}

/** Makes a line that is there already the part of its feed. */
export function JoinLine({ api, edition, feed, onDone }: JoinLineProps) {
  const [words, setWords] = useState('')
  const { isBusy, refusal, run } = useAct()
  const q = words.trim()
  const { data, error } = useQuery({
    queryKey: ['joinable', feed.id, q],
    queryFn: () => {
      const query = new URLSearchParams({ limit: '50', status: joinable.join(), ...(q !== '' && { q }) })
      return api.read<Found>(`/v1/feeds/${feed.id}/headlines?${query}`)
    },
    placeholderData: keepPreviousData,
  })
  const lines = data?.headlines.filter((line) => line.edition === undefined).slice(0, MOST) ?? []
  return (
    <>
      <TextInput
        label={<FormattedMessage id="edition.find" values={{ feed: feed.title }} />}
        lang={feed.lang}
        dir={feed.dir}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Fault refusal={refusal ?? (error instanceof RefusedError ? error.refusal : undefined)} />
      <ul className="rows" data-joinable>
        {lines.map(({ id, status, content }) => (
          <li key={id} className="row">
            <span className="row-facts">
              <FormattedMessage id={`status.${status}`} />
            </span>
            <p className="row-text" lang={feed.lang} dir={feed.dir} id={`join-${id}`}>
              <bdi>{content?.text}</bdi>
            </p>
            <Button
              size="xs"
              variant="default"
              disabled={isBusy}
              aria-describedby={`join-${id}`}
              onClick={() => run(() => joinLine(api, edition, { feed: feed.id, id }), onDone)}
            >
              <FormattedMessage id="edition.join" />
            </Button>
          </li>
        ))}
      </ul>
      {data && lines.length === 0 && (
        <p role="status">
          <FormattedMessage id="edition.noLine" />
        </p>
      )}
    </>
  )
}
