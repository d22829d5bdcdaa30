import { Button, Modal } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { Outcome } from './api-client.ts'
import { Fault } from './fault.tsx'
import { useAct } from './use-act.ts'

export interface ConfirmButtonProps<Body> {
  readonly label: ReactNode
  /** What will happen, in words. */
  readonly question: ReactNode
  readonly isDangerous?: boolean
  readonly send: () => Promise<Outcome<Body>>
  readonly onDone?: (body: Body, status: number) => unknown
}

/** A button whose act is hard to take back: it asks first, and shows a refusal beside its question. */
export function ConfirmButton<Body>({
  label,
  question,
  isDangerous = true,
  send,
  onDone,
}: ConfirmButtonProps<Body>) {
  const [asks, setAsks] = useState(false)
  const act = useAct()

  function close(): void {
    act.forget()
    setAsks(false)
  }

  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAsks(true)}>
        {label}
      </Button>
      <Modal opened={asks} onClose={close} title={label} withCloseButton={false}>
        <div className="stack">
          <p>{question}</p>
          <Fault refusal={act.refusal} />
          <div className="line-buttons">
            <Button
              color={isDangerous ? 'red' : 'blue'}
              loading={act.isBusy}
              onClick={() =>
                act.run(send, (body, status) => {
                  close()
                  return onDone?.(body, status)
                })
              }
            >
              {label}
            </Button>
            <Button variant="default" onClick={close} data-autofocus>
              <FormattedMessage id="view.cancel" />
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
