import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'

/**
 * Shows a fault in the place of a part that cannot be drawn, and leaves the rest of the desk as it is. A part whose code
 * did not arrive needs the page again: Chromium keeps the failure of an import for the life of the page, and after an
 * upgrade of the service the file of an open page is gone.
 */
export class FaultBoundary extends Component<
  { readonly children: ReactNode },
  { readonly hasFault: boolean }
> {
  override state = { hasFault: false }

  static getDerivedStateFromError() {
    return { hasFault: true }
  }

  override render() {
    if (!this.state.hasFault) return this.props.children
    return (
      <div role="alert" className="stack fault">
        <FormattedMessage id="fault.part" />
        <Button variant="default" onClick={() => void loadAgain()}>
          <FormattedMessage id="fault.loadAgain" />
        </Button>
      </div>
    )
  }
}

/** Leaves the page as it is while the service does not answer. */
async function loadAgain(): Promise<void> {
  const answer = await fetch('/desk', { method: 'HEAD' }).catch(() => undefined)
  if (answer?.ok) location.reload()
}
