import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'

export interface ShownOnceProps {
  /** The purpose of the secret, and the person who gets it. */
  readonly children: ReactNode
  readonly secret: string
  readonly onDone: () => void
}

/** A secret that the API shows in one answer only, with a button that copies it. */
export function ShownOnce({ children, secret, onDone }: ShownOnceProps) {
  const [isCopied, setIsCopied] = useState(false)

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret)
      setIsCopied(true)
    } catch {
      // Without the right to the clipboard the person copies the text that is shown.
    }
  }

  return (
    <section className="shown-once" role="status">
      <p>{children}</p>
      <p>
        <code dir="ltr" data-secret>
          {secret}
        </code>
      </p>
      <div className="line-buttons">
        <Button size="xs" onClick={() => void copy()}>
          <FormattedMessage id={isCopied ? 'view.copied' : 'view.copy'} />
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          <FormattedMessage id="view.copyDone" />
        </Button>
      </div>
    </section>
  )
}
