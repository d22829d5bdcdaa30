import { Modal } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { MessageId } from './platform/languages.ts'

const shown: readonly (readonly [key: string, text: MessageId])[] = [
  ['N', 'keys.new'],
  ['Ctrl / ⌘ + Enter', 'keys.send'],
  ['Esc', 'keys.leave'],
  ['J', 'keys.next'],
  ['K', 'keys.previous'],
  ['A', 'act.approve'],
  ['R', 'act.return'],
  ['E', 'act.correct'],
  ['H', 'keys.hold'],
  ['W', 'keys.withdraw'],
  ['P', 'keys.pin'],
  ['?', 'keys.help'],
]

export interface KeyHelpProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function KeyHelp({ isOpen, onClose }: KeyHelpProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<FormattedMessage id="keys.title" />}
      withCloseButton={false}
    >
      <dl className="facts">
        {shown.map(([key, text]) => (
          <div key={key} className="fact">
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>
              <FormattedMessage id={text} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
