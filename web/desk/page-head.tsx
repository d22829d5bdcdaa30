import { Button, NativeSelect } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { setCalm, useCalm } from './platform/calm.ts'
import { languages, isLanguage, type Language, type MessageId } from './platform/languages.ts'
import { looks, useLook } from './platform/look.ts'

export interface PageHeadProps {
  readonly language: Language
  readonly onLanguage: (language: Language) => void
  /** The person who is signed in. */
  readonly name: string | undefined
  readonly onSignOut: () => void
}

export function PageHead({ language, onLanguage, name, onSignOut }: PageHeadProps) {
  const intl = useIntl()
  const [look, setLook] = useLook()
  const isCalm = useCalm()
  const text = (id: MessageId) => intl.formatMessage({ id })
  return (
    <section className="page-head" aria-label="Flashline">
      <strong>Flashline</strong>
      <span className="page-head-space" />
      {name !== undefined && (
        <>
          <bdi>{name}</bdi>
          <Button variant="default" size="xs" onClick={onSignOut}>
            <FormattedMessage id="session.signOut" />
          </Button>
        </>
      )}
      <Button variant="default" size="xs" aria-pressed={isCalm} onClick={() => setCalm(!isCalm)}>
        <FormattedMessage id="head.calm" />
      </Button>
      <NativeSelect
        size="xs"
        aria-label={text('head.look')}
        value={look}
        data={looks.map((value) => ({ value, label: text(`head.look.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          const chosen = looks.find((each) => each === value)
          if (chosen) setLook(chosen)
        }}
      />
      <NativeSelect
        size="xs"
        aria-label={text('head.language')}
        value={language}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) => {
          if (isLanguage(value)) onLanguage(value)
        }}
      />
    </section>
  )
}
