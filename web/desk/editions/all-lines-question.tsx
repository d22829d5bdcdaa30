import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { MessageId } from '../platform/languages.ts'
import { ReleaseTime } from '../platform/release-time.tsx'

export interface AllLinesQuestionProps {
  readonly isOpen: boolean
  readonly title: MessageId
  readonly confirm: MessageId
  /** When the lines go out; undefined: at once. */
  readonly releaseAt?: number | undefined
  readonly lines: readonly { readonly feed: FeedTitle; readonly text: string }[]
  /** Each feed may have a note for its readers. */
  readonly takesNotes?: boolean
  /** The notes by feed, those that are written. */
  readonly onConfirm: (notes: Readonly<Record<string, string>>) => void
  readonly onClose: () => void
}

/** Asks once more before an act in all feeds, and quotes each line. */
export function AllLinesQuestion({
  isOpen,
  title,
  confirm,
  releaseAt,
  lines,
  takesNotes = false,
  onConfirm,
  onClose,
}: AllLinesQuestionProps) {
  const [notes, setNotes] = useState<Readonly<Record<string, string>>>({})

  function send(): void {
    onClose()
    onConfirm(Object.fromEntries(Object.entries(notes).filter(([, note]) => note.trim() !== '')))
    setNotes({})
  }

  return (
    <Modal opened={isOpen} onClose={onClose} withCloseButton={false} title={<FormattedMessage id={title} />}>
      <div className="stack">
        {lines.map(({ feed, text }) => (
          <div key={feed.id} className="stack">
            <blockquote lang={feed.lang} dir={feed.dir} className="quote">
              {text}
            </blockquote>
            {takesNotes && (
              <TextInput
                label={<FormattedMessage id="edition.note" values={{ feed: feed.title }} />}
                lang={feed.lang}
                dir={feed.dir}
                value={notes[feed.id] ?? ''}
                onChange={({ currentTarget: { value } }) => setNotes({ ...notes, [feed.id]: value })}
                onKeyDown={(event) => event.key === 'Enter' && send()}
              />
            )}
          </div>
        ))}
        {releaseAt !== undefined && (
          <p>
            <ReleaseTime at={new Date(releaseAt).toISOString()} />
          </p>
        )}
        <Button color="red" data-autofocus onClick={send}>
          <FormattedMessage id={confirm} />
        </Button>
        <Button variant="default" onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
