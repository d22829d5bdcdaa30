import { Button, NativeSelect } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { useTemplates, wordsOfTemplate } from './templates.ts'
import type { Words } from './words.ts'

const TemplateDialog = lazy(() => import('./template-dialog.tsx'))

export interface TemplateSelectProps {
  readonly api: ApiClient
  readonly feed: string
  readonly words: Words
  readonly mayChange: boolean
  readonly onTake: (words: Words) => void
}

/** Begins an empty text with a template; editors make templates from a text, and change and remove them. */
export function TemplateSelect({ api, feed, words, mayChange, onTake }: TemplateSelectProps) {
  const intl = useIntl()
  const templates = useTemplates(api, feed)
  const [isOpen, setIsOpen] = useState(false)
  // A template does not replace words that are written.
  const isEmpty = words.text.trim() === ''
  const choose = intl.formatMessage({ id: 'template.choose' })
  return (
    <>
      {isEmpty && templates.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label={choose}
          value=""
          data={[
            { value: '', label: choose },
            ...templates.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={({ currentTarget: { value } }) => {
            const template = templates.find(({ id }) => id === value)
            if (template) onTake(wordsOfTemplate(template))
          }}
        />
      )}
      {mayChange && (!isEmpty || templates.length > 0) && (
        <Button variant="subtle" size="xs" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
          <FormattedMessage id="template.manage" />
        </Button>
      )}
      {isOpen && (
        <Suspense>
          <TemplateDialog
            api={api}
            feed={feed}
            templates={templates}
            words={words}
            onClose={() => setIsOpen(false)}
          />
        </Suspense>
      )}
    </>
  )
}
