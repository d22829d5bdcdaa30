import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'

export interface FeedFormProps {
  readonly api: ApiClient
  readonly onMade: (feed: { id: string }) => void
}

const empty = { id: '', title: '', lang: 'en', dir: '', stripLimit: '50', drill: false, isForPartners: false }

/** Creates a feed. Its id, language and direction stay for ever, so the form says so. */
export function FeedForm({ api, onMade }: FeedFormProps) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [feed, setFeed] = useState(empty)
  const act = useAct()
  const change = (part: Partial<typeof empty>) => setFeed((now) => ({ ...now, ...part }))

  function make(): void {
    const { dir, stripLimit, drill, isForPartners, ...rest } = feed
    const body = {
      ...rest,
      stripLimit: Number(stripLimit),
      ...(dir !== '' && { dir }),
      ...(drill && { drill }),
      ...(isForPartners && { visibility: 'partners' }),
    }
    act.run(
      () => api.call<FeedTitle>('/v1/feeds', { method: 'POST', body }),
      (made) => {
        setFeed(empty)
        void queries.invalidateQueries({ queryKey: ['feeds'] })
        onMade(made)
      },
    )
  }

  return (
    <section aria-labelledby="new-feed-title">
      <h3 id="new-feed-title">
        <FormattedMessage id="feeds.new" />
      </h3>
      <p className="dim">
        <FormattedMessage id="feeds.newHelp" />
      </p>
      <form
        className="view-form"
        onSubmit={(event) => {
          event.preventDefault()
          make()
        }}
      >
        <TextInput
          label={<FormattedMessage id="feeds.id" />}
          dir="ltr"
          required
          pattern="[a-z][a-z0-9\-]{0,31}"
          title={intl.formatMessage({ id: 'feeds.idHelp' })}
          value={feed.id}
          onChange={(event) => change({ id: event.currentTarget.value })}
        />
        <TextInput
          label={<FormattedMessage id="feeds.title" />}
          required
          maxLength={80}
          value={feed.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <TextInput
          label={<FormattedMessage id="feeds.lang" />}
          dir="ltr"
          required
          maxLength={35}
          value={feed.lang}
          onChange={(event) => change({ lang: event.currentTarget.value })}
        />
        <NativeSelect
          label={<FormattedMessage id="feeds.dir" />}
          value={feed.dir}
          data={['', 'ltr', 'rtl'].map((value) => ({
            value,
            label: intl.formatMessage({
              id: `feeds.dir.${value === '' ? 'auto' : (value as 'ltr' | 'rtl')}`,
            }),
          }))}
          onChange={(event) => change({ dir: event.currentTarget.value })}
        />
        <TextInput
          label={<FormattedMessage id="feeds.stripLimit" />}
          type="number"
          required
          min={1}
          max={100}
          value={feed.stripLimit}
          onChange={(event) => change({ stripLimit: event.currentTarget.value })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={feed.drill}
            onChange={(event) => change({ drill: event.currentTarget.checked })}
          />
          <FormattedMessage id="feeds.drill" />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={feed.isForPartners}
            onChange={(event) => change({ isForPartners: event.currentTarget.checked })}
          />
          <FormattedMessage id="feeds.forPartners" />
        </label>
        <Button type="submit" loading={act.isBusy}>
          <FormattedMessage id="feeds.send" />
        </Button>
        <Fault refusal={act.refusal} />
      </form>
    </section>
  )
}
