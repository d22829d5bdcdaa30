import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Fault } from '../platform/fault.tsx'
import type { FeedStopProps } from './feed-stop-props.ts'

interface FreezeState {
  readonly frozen: {
    readonly since: string
    readonly name: string
    readonly reason?: string
  } | null
}

/** Freezes the feed with a reason, or thaws it. */
export function FreezeForm({ api, feed }: FeedStopProps) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const path = `/v1/feeds/${feed.id}`
  const key = ['freeze', feed.id]
  const { data } = useQuery({ queryKey: key, queryFn: () => api.read<FreezeState>(`${path}/freeze`) })
  const {
    mutate,
    isPending,
    data: outcome,
  } = useMutation({
    mutationFn: ({ act, body }: { act: 'freeze' | 'thaw'; body: object }) =>
      api.call<FreezeState>(`${path}/${act}`, { method: 'POST', body }),
    onSuccess: (answer) => {
      if (answer.kind === 'refused') return
      setReason('')
      queries.setQueryData(key, answer.body)
    },
  })
  const frozen = data?.frozen

  function send(event: SyntheticEvent): void {
    event.preventDefault()
    mutate({
      act: frozen ? 'thaw' : 'freeze',
      body: reason.trim() === '' ? {} : { reason },
    })
  }

  return (
    <form className="stack" onSubmit={send} aria-label={intl.formatMessage({ id: 'freeze.title' })}>
      <h3 className="group-title">
        <FormattedMessage id="freeze.title" />
      </h3>
      <p>
        {frozen ? (
          <FormattedMessage
            id="freeze.frozen"
            values={{
              name: <bdi>{frozen.name}</bdi>,
              time: intl.formatDate(frozen.since, { dateStyle: 'medium', timeStyle: 'short' }),
              reason: <bdi>{frozen.reason ?? ''}</bdi>,
            }}
          />
        ) : (
          <FormattedMessage id="freeze.text" />
        )}
      </p>
      <TextInput
        label={<FormattedMessage id="stop.reason" />}
        required={!frozen}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" color="red" disabled={isPending || data === undefined}>
        <FormattedMessage id={frozen ? 'freeze.thaw' : 'freeze.send'} />
      </Button>
      <Fault refusal={outcome?.kind === 'refused' ? outcome.refusal : undefined} />
    </form>
  )
}
