import { Button, NativeSelect, useMantineColorScheme } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { languages, isLanguage, type Language, type MessageId } from './platform/languages.ts'

export interface PageHeadProps {
  readonly language: Language
  readonly onLanguage: (language: Language) => void
  /** The person who is signed in. */
  readonly name: string | undefined
  readonly onSignOut: () => void
}

const schemes = ['auto', 'light', 'dark'] as const

export function PageHead({ language, onLanguage, name, onSignOut }: PageHeadProps) {
  const intl = useIntl()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
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
      <NativeSelect
        size="xs"
        aria-label={text('head.look')}
        value={colorScheme}
        data={schemes.map((value) => ({ value, label: text(`head.look.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          const chosen = schemes.find((scheme) => scheme === value)
          if (chosen) setColorScheme(chosen)
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
