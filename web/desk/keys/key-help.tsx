import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MessageId } from '../platform/languages.ts'
import { commandNames, commands, type Command } from './commands.ts'
import { commandOf, giveKey, resetKeys, switchKeys, useKeyMap } from './key-map.ts'
import { keyLabel } from './listen-to-keys.ts'

/** Keys that stay as they are: they work inside of text fields too. */
const fixed: readonly (readonly [key: string, text: MessageId])[] = [
  ['Ctrl / ⌘ + Enter', 'keys.send'],
  ['Ctrl / ⌘ + K', 'keys.palette'],
  ['Esc', 'keys.leave'],
]

export interface KeyHelpProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** The list of the keys. Each single key can be another one, and all of them can be switched off. */
export function KeyHelp({ isOpen, onClose }: KeyHelpProps) {
  const intl = useIntl()
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<FormattedMessage id="keys.title" />}
      closeButtonProps={{ 'aria-label': intl.formatMessage({ id: 'desk.close' }) }}
    >
      <KeyList />
    </Modal>
  )
}

function KeyList() {
  const { codes, isOn } = useKeyMap()
  const [changed, setChanged] = useState<Command>()
  const [taken, setTaken] = useState<Command>()

  useEffect(() => {
    if (changed === undefined) return undefined
    const command = changed
    function take(event: KeyboardEvent): void {
      if (['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) return
      event.preventDefault()
      event.stopPropagation()
      if (event.code !== 'Escape' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const code = event.shiftKey ? `Shift+${event.code}` : event.code
        const other = commandOf(code, command)
        setTaken(other)
        if (other !== undefined) return
        giveKey(command, code)
      }
      setChanged(undefined)
    }
    // Before the dialog hears of it: Escape only ends the choice.
    addEventListener('keydown', take, { capture: true })
    return () => removeEventListener('keydown', take, { capture: true })
  }, [changed])

  return (
    <div className="stack">
      <label className="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
        />
        <FormattedMessage id="keys.on" />
      </label>
      <dl className="facts keys">
        {fixed.map(([key, text]) => (
          <div key={key} className="fact">
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>
              <FormattedMessage id={text} />
            </dd>
          </div>
        ))}
        {commandNames.map((name) => (
          <div key={name} className="fact">
            <dt>
              <Button
                size="compact-xs"
                variant="default"
                disabled={!isOn}
                aria-pressed={changed === name}
                onClick={() => {
                  setTaken(undefined)
                  setChanged(changed === name ? undefined : name)
                }}
              >
                <kbd dir="ltr">
                  {changed === name ? <FormattedMessage id="keys.press" /> : keyLabel(codes[name])}
                </kbd>
              </Button>
            </dt>
            <dd>
              <FormattedMessage id={commands[name].text} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="fault" role="alert">
        {taken !== undefined && (
          <FormattedMessage
            id="keys.taken"
            values={{ name: <FormattedMessage id={commands[taken].text} /> }}
          />
        )}
      </p>
      <p>
        <FormattedMessage id="keys.change" />
      </p>
      <Button variant="default" size="xs" onClick={resetKeys}>
        <FormattedMessage id="keys.reset" />
      </Button>
    </div>
  )
}
