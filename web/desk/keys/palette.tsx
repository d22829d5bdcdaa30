import '@mantine/core/styles/ScrollArea.css'
import '@mantine/core/styles/Kbd.css'
import '@mantine/spotlight/styles.css'
import { Kbd } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { useEffect } from 'react'
import { useIntl } from 'react-intl'
import { commandNames, commands } from './commands.ts'
import { keyMap } from './key-map.ts'
import { keyLabel } from './listen-to-keys.ts'
import { isRunnable, runCommand } from './running-commands.ts'

const [store, spotlight] = createSpotlight()

export interface PaletteProps {
  readonly views: readonly { readonly name: string; readonly title: string }[]
  readonly feeds: readonly { readonly id: string; readonly title: string }[]
  readonly onFeed: (id: string) => void
  readonly onClose: () => void
}

/** Everything that can be done now, found by its words: commands, views and feeds. It opens when it is put on the page. */
export function Palette({ views, feeds, onFeed, onClose }: PaletteProps) {
  const intl = useIntl()
  useEffect(() => {
    spotlight.open()
  }, [])

  const ofCommands = commandNames.filter(isRunnable).map((name) => ({
    id: name,
    label: intl.formatMessage({ id: commands[name].text }),
    rightSection: <Kbd dir="ltr">{keyLabel(keyMap().codes[name])}</Kbd>,
    // The line's acts look for the focus outside of a dialog, so they wait until this one has closed.
    onClick: () => setTimeout(() => runCommand(name)),
  }))
  const ofViews = views.map(({ name, title }) => ({
    id: `view ${name}`,
    label: title,
    onClick: () => {
      location.hash = `#/${name}`
    },
  }))
  const ofFeeds = feeds.map(({ id, title }) => ({
    id: `feed ${id}`,
    label: title,
    onClick: () => onFeed(id),
  }))

  return (
    <Spotlight
      store={store}
      shortcut={null}
      attributes={{ content: { 'aria-label': intl.formatMessage({ id: 'keys.palette' }) } }}
      actions={[
        { group: intl.formatMessage({ id: 'keys.title' }), actions: ofCommands },
        { group: intl.formatMessage({ id: 'desk.views' }), actions: ofViews },
        { group: intl.formatMessage({ id: 'desk.feed' }), actions: ofFeeds },
      ]}
      // Where it scrolls, the keyboard can scroll it.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      nothingFound={intl.formatMessage({ id: 'palette.nothing' })}
      searchProps={{
        placeholder: intl.formatMessage({ id: 'palette.search' }),
        'aria-label': intl.formatMessage({ id: 'palette.search' }),
      }}
      onSpotlightClose={onClose}
    />
  )
}
