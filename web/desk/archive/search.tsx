import { useState } from 'react'
import type { ViewProps } from '../platform/view-props.ts'
import { noFilter } from './filter.ts'
import { Found } from './found.tsx'
import { SearchForm } from './search-form.tsx'

/** Searches all lines of a feed. The filter that was sent last stands until the next one is sent. */
export function Search({ api, session, feed }: ViewProps) {
  const [filter, setFilter] = useState(noFilter)
  return (
    <section className="view-part" role="search">
      <SearchForm api={api} session={session} feed={feed} onSearch={setFilter} />
      <Found api={api} feed={feed} filter={filter} />
    </section>
  )
}
