import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { wordKeys } from '../../../src/protocol/lists/word-keys.ts'
import type { StoredPresentation } from '../../../src/protocol/presentation.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'

export interface PresentationFormProps {
  readonly api: ApiClient
  readonly path: string
  readonly feed: FeedTitle
  readonly stored: StoredPresentation
  readonly onDone: (stored: StoredPresentation) => void
}

/** Words stand in a field each; names of sections are lines `slug = name`. */
export function PresentationForm({ api, path, feed, stored, onDone }: PresentationFormProps) {
  const [words, setWords] = useState<Readonly<Record<string, string>>>(stored.words)
  const [labels, setLabels] = useState(linesOf(stored.labels))
  const [numbering, setNumbering] = useState<string>(stored.numbering ?? '')
  const act = useAct()

  function send() {
    const body = {
      words: Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== '')),
      labels: labelsIn(labels),
      ...(numbering !== '' && { numbering }),
    }
    return api.call<StoredPresentation>(path, {
      method: 'PUT',
      body,
      headers: { 'If-Match': `"${stored.version}"` },
    })
  }

  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        act.run(send, onDone)
      }}
    >
      <details>
        <summary>
          <FormattedMessage id="presentation.words" values={{ count: Object.keys(words).length }} />
        </summary>
        <div className="view-fields">
          {wordKeys.map((key) => (
            <TextInput
              key={key}
              size="xs"
              label={<code>{key}</code>}
              lang={feed.lang}
              dir={feed.dir}
              maxLength={120}
              value={words[key] ?? ''}
              onChange={({ currentTarget: { value } }) => setWords((now) => ({ ...now, [key]: value }))}
            />
          ))}
        </div>
      </details>
      <Textarea
        label={<FormattedMessage id="presentation.labels" />}
        description={<FormattedMessage id="presentation.labelsHelp" />}
        rows={4}
        value={labels}
        onChange={(event) => setLabels(event.currentTarget.value)}
      />
      <TextInput
        label={<FormattedMessage id="presentation.numbering" />}
        description={<FormattedMessage id="presentation.numberingHelp" />}
        dir="ltr"
        value={numbering}
        onChange={(event) => setNumbering(event.currentTarget.value)}
      />
      <Fault refusal={act.refusal} />
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id="presentation.send" />
      </Button>
    </form>
  )
}

function linesOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([slug, name]) => `${slug} = ${name}`)
    .join('\n')
}

function labelsIn(lines: string): Record<string, string> {
  const pairs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [slug = '', ...name] = line.split('=')
      return [slug.trim(), name.join('=').trim()]
    })
  return Object.fromEntries(pairs) as Record<string, string>
}
