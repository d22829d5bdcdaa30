import { useAddress } from '../platform/use-address.ts'
import type { ViewProps } from '../platform/view-props.ts'
import { ArchivedLine } from './archived-line.tsx'
import { Search } from './search.tsx'
import '../platform/table.css'

/** All lines of a feed, and one of them with its history: `#/archive/ID`. */
export function ArchiveView({ api, session, feed }: ViewProps) {
  const [, id] = useAddress()
  return (
    <>
      {id !== undefined && <ArchivedLine key={id} api={api} session={session} feed={feed} id={id} />}
      {/* It stays as it was while a line is open. */}
      <div hidden={id !== undefined}>
        <Search api={api} session={session} feed={feed} />
      </div>
    </>
  )
}
