import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import type { IssuedWebhook } from './webhooks.ts'

export interface WebhookFormProps {
  readonly api: ApiClient
  readonly path: string
  readonly feeds: readonly string[]
  readonly onMade: (made: IssuedWebhook) => void
}

/** Makes a webhook in one feed of the partner. */
export function WebhookForm({ api, path, feeds, onMade }: WebhookFormProps) {
  const only = feeds.length === 1 && feeds[0] !== '*' ? (feeds[0] ?? '') : ''
  const [feed, setFeed] = useState(only)
  const [url, setUrl] = useState('')
  const act = useAct()
  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        act.run(
          () => api.call<IssuedWebhook>(path, { method: 'POST', body: { feed, url } }),
          (made) => {
            setUrl('')
            onMade(made)
          },
        )
      }}
    >
      <TextInput
        label={<FormattedMessage id="webhooks.feed" />}
        required
        dir="ltr"
        maxLength={32}
        value={feed}
        onChange={({ currentTarget: { value } }) => setFeed(value)}
      />
      <TextInput
        label={<FormattedMessage id="webhooks.url" />}
        required
        dir="ltr"
        type="url"
        maxLength={2_048}
        value={url}
        onChange={({ currentTarget: { value } }) => setUrl(value)}
      />
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id="webhooks.make" />
      </Button>
      <Fault refusal={act.refusal} />
    </form>
  )
}
