import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import { statusesIn } from '../../../src/protocol/lists/statuses.ts'
import { joinLine, newEditionId } from '../platform/join-line.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { EditionLink } from './edition-link.tsx'
import type { LineRecord } from './use-line.ts'

export interface StartEditionProps {
  readonly api: ApiClient
  readonly feed: string
  readonly record: LineRecord
}

const going = statusesIn('accepted', 'released')

/** The way to the other parts of the line's edition; a line without one begins an edition. */
export function StartEdition({ api, feed, record: { id, status, edition, allowed } }: StartEditionProps) {
  const { isBusy, refusal, run } = useAct()
  if (edition !== undefined) return <EditionLink edition={edition} />
  if (!going.includes(status) || allowed.length === 0) return null

  function begin(): void {
    const edition = newEditionId()
    run(
      () => joinLine(api, edition, { feed, id }),
      () => {
        location.hash = `#/editions/${edition}`
      },
    )
  }

  return (
    <>
      <Button size="compact-xs" variant="default" disabled={isBusy} onClick={begin}>
        <FormattedMessage id="edition.begin" />
      </Button>
      <Fault refusal={refusal} />
    </>
  )
}
