import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { Fault } from '../platform/fault.tsx'
import { formActs, lineActs, type LineAct } from './line-act.ts'
import type { Line } from './use-line.ts'

export interface LineActsProps {
  readonly feed: FeedTitle
  readonly line: Line
  /** The act whose form is open. */
  readonly opened: LineAct | undefined
  readonly onOpen: (act: LineAct | undefined) => void
}

/** The acts that the person may do on the selected line, the form of one of them, and the refusal of the last one. */
export function LineActs({ feed, line, opened, onOpen }: LineActsProps) {
  const allowed = lineActs.filter((act) => line.record?.allowed.includes(act))
  return (
    <div className="line-acts">
      <div className="line-buttons">
        {allowed.map((act) => (
          <Button
            key={act}
            size="xs"
            variant={act === 'approve' ? 'filled' : 'default'}
            disabled={line.isSending}
            aria-expanded={formActs.has(act) ? opened === act : undefined}
            onClick={() => (formActs.has(act) ? onOpen(opened === act ? undefined : act) : line.act(act))}
          >
            <FormattedMessage id={`act.${act}`} />
          </Button>
        ))}
      </div>
      {opened && line.record && allowed.includes(opened) && (
        <ActForm
          key={`${line.record.id} ${opened}`}
          feed={feed}
          line={line}
          act={opened}
          onClose={() => onOpen(undefined)}
        />
      )}
      <Fault refusal={line.refusal} />
    </div>
  )
}

interface ActFormProps {
  readonly feed: FeedTitle
  readonly line: Line
  readonly act: LineAct
  readonly onClose: () => void
}

function ActForm({ feed, line, act, onClose }: ActFormProps) {
  const [note, setNote] = useState('')

  function send(event: SyntheticEvent): void {
    event.preventDefault()
    const words = note.trim() === '' ? {} : act === 'return' ? { reason: note } : { note }
    line.act(act, words)
    onClose()
  }

  return (
    <form className="stack" onSubmit={send} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <TextInput
        label={<FormattedMessage id={act === 'return' ? 'act.reason' : 'act.note'} />}
        lang={feed.lang}
        dir={feed.dir}
        required={act === 'return'}
        autoFocus={act === 'return'}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="xs"
        color={act === 'withdraw' ? 'red' : 'blue'}
        autoFocus={act === 'withdraw'}
      >
        <FormattedMessage id={`act.${act}.send`} />
      </Button>
    </form>
  )
}
