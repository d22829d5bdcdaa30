import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import type { LineAct } from './line-act.ts'
import { StoryChoice } from './story-choice.tsx'
import type { LineRecord } from './use-line.ts'

/** The acts whose words, or whose question, this form has. */
export type WordsAct = keyof typeof sendTexts

export interface ActFormProps {
  readonly api: ApiClient
  readonly feed: FeedTitle
  readonly record: LineRecord
  readonly act: WordsAct
  readonly onSend: (body: object) => void
  readonly onClose: () => void
}

/** Acts that cannot be taken back. */
const grave: ReadonlySet<string> = new Set<LineAct>(['withdraw', 'reject', 'expire', 'discard'])

/** The words that an act takes, or the question before an act that cannot be taken back: Enter does it. */
export function ActForm({ api, feed, record, act, onSend, onClose }: ActFormProps) {
  const [words, setWords] = useState('')
  const [isWholeStory, setWholeStory] = useState(false)
  const story = record.content?.story
  const forAuthor = act === 'return' || act === 'reject'
  const takesStory = story !== undefined && act === 'withdraw'

  function send(event: SyntheticEvent): void {
    event.preventDefault()
    onSend({
      ...(words.trim() !== '' && { [forAuthor ? 'reason' : 'note']: words }),
      ...(takesStory && isWholeStory && { cascade: true }),
    })
  }

  return (
    <form className="stack" onSubmit={send} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      {act !== 'discard' && (
        <TextInput
          label={<FormattedMessage id={forAuthor ? 'act.reason' : 'act.note'} />}
          lang={feed.lang}
          dir={feed.dir}
          required={forAuthor}
          autoFocus={forAuthor}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      {takesStory && (
        <StoryChoice
          api={api}
          story={story}
          own={{ feed: feed.id, id: record.id }}
          isChosen={isWholeStory}
          onChange={setWholeStory}
        />
      )}
      <Button
        type="submit"
        size="xs"
        color={grave.has(act) ? 'red' : 'blue'}
        autoFocus={act === 'withdraw' || act === 'expire' || act === 'discard'}
      >
        <FormattedMessage id={sendTexts[act]} />
      </Button>
    </form>
  )
}

const sendTexts = {
  return: 'act.return.send',
  reject: 'act.reject.send',
  withdraw: 'act.withdraw.send',
  expire: 'act.expire.send',
  discard: 'act.discard.send',
} as const satisfies Readonly<Partial<Record<LineAct, string>>>

export function takesWords(act: LineAct): act is WordsAct {
  return Object.hasOwn(sendTexts, act)
}
