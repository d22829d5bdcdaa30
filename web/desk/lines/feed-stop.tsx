import { Button, Modal } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedStopProps } from './feed-stop-props.ts'

const FreezeForm = lazy(async () => ({ default: (await import('./freeze-form.tsx')).FreezeForm }))
const RetractForm = lazy(async () => ({ default: (await import('./retract-form.tsx')).RetractForm }))

/** The way to stop a whole feed, for chiefs: a freeze, and the withdrawal of all lines since a time. */
export function FeedStop({ api, feed }: FeedStopProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        <FormattedMessage id="stop.open" />
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        withCloseButton={false}
        size="lg"
        title={<FormattedMessage id="stop.title" values={{ feed: <bdi>{feed.title}</bdi> }} />}
      >
        <Suspense fallback={<FormattedMessage id="list.loading" />}>
          <div className="stack">
            <FreezeForm api={api} feed={feed} />
            <RetractForm api={api} feed={feed} />
            <Button variant="default" onClick={() => setOpen(false)}>
              <FormattedMessage id="stop.close" />
            </Button>
          </div>
        </Suspense>
      </Modal>
    </>
  )
}
