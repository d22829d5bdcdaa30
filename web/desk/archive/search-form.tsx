import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { statuses } from '../../../src/protocol/lists/statuses.ts'
import type { MessageId } from '../platform/languages.ts'
import type { ViewProps } from '../platform/view-props.ts'
import { noFilter, type Filter } from './filter.ts'
import { useAuthors } from './use-authors.ts'

export interface SearchFormProps extends ViewProps {
  readonly onSearch: (filter: Filter) => void
}

const texts: readonly (readonly [name: 'section' | 'story', label: MessageId])[] = [
  ['section', 'archive.section'],
  ['story', 'archive.story'],
]
const times: readonly (readonly [name: 'since' | 'until', label: MessageId])[] = [
  ['since', 'archive.since'],
  ['until', 'archive.until'],
]

export function SearchForm({ api, session, feed, onSearch }: SearchFormProps) {
  const intl = useIntl()
  const [filter, setFilter] = useState(noFilter)
  const authors = useAuthors(api, session, feed.id)
  const change = (part: Partial<Filter>) => setFilter((now) => ({ ...now, ...part }))
  const any = { value: '', label: intl.formatMessage({ id: 'archive.any' }) }
  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(filter)
      }}
    >
      <TextInput
        label={<FormattedMessage id="archive.words" />}
        type="search"
        maxLength={200}
        dir="auto"
        value={filter.q}
        onChange={(event) => change({ q: event.currentTarget.value })}
      />
      <NativeSelect
        label={<FormattedMessage id="archive.status" />}
        value={filter.status}
        data={[
          any,
          ...statuses.map((value) => ({ value, label: intl.formatMessage({ id: `status.${value}` }) })),
        ]}
        onChange={(event) => change({ status: event.currentTarget.value })}
      />
      <NativeSelect
        label={<FormattedMessage id="archive.author" />}
        value={filter.author}
        data={[any, ...authors.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(event) => change({ author: event.currentTarget.value })}
      />
      {texts.map(([name, label]) => (
        <TextInput
          key={name}
          label={<FormattedMessage id={label} />}
          dir="ltr"
          pattern="[a-z0-9\-]+"
          title={intl.formatMessage({ id: 'archive.slug' })}
          value={filter[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value })}
        />
      ))}
      {times.map(([name, label]) => (
        <TextInput
          key={name}
          type="datetime-local"
          label={<FormattedMessage id={label} />}
          value={filter[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value })}
        />
      ))}
      <Button type="submit">
        <FormattedMessage id="archive.search" />
      </Button>
    </form>
  )
}
