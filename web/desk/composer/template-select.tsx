import { Button, NativeSelect } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { wordsOfTemplate, type Template } from './templates.ts'
import type { Words } from './words.ts'

export interface TemplateSelectProps {
  readonly templates: readonly Template[]
  readonly words: Words
  readonly mayChange: boolean
  readonly onTake: (words: Words) => void
  readonly onManage: () => void
}

/** Begins an empty text with a template; editors make templates from a text, and change and remove them. */
export function TemplateSelect({ templates, words, mayChange, onTake, onManage }: TemplateSelectProps) {
  const intl = useIntl()
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
        <Button variant="default" size="xs" aria-haspopup="dialog" onClick={onManage}>
          <FormattedMessage id="template.manage" />
        </Button>
      )}
    </>
  )
}
