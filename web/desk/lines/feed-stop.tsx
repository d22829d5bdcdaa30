import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedStopProps } from './feed-stop-props.ts'
import { FreezeForm } from './freeze-form.tsx'
import { RetractForm } from './retract-form.tsx'

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
        <div className="stack">
          <FreezeForm api={api} feed={feed} />
          <RetractForm api={api} feed={feed} />
          <Button variant="default" onClick={() => setOpen(false)}>
            <FormattedMessage id="stop.close" />
          </Button>
        </div>
      </Modal>
    </>
  )
}
