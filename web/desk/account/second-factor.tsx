import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ShownOnce } from '../platform/shown-once.tsx'
import { AddSecondFactor } from './add-second-factor.tsx'
import { RemoveSecondFactor } from './remove-second-factor.tsx'

/** Adds the second factor, or removes it. The recovery codes show once, after it was added. */
export function SecondFactor({ api, isOn }: { readonly api: ApiClient; readonly isOn: boolean }) {
  const [codes, setCodes] = useState<readonly string[]>()
  const queries = useQueryClient()
  const readAgain = () => {
    void queries.invalidateQueries({ queryKey: ['session'] })
    void queries.invalidateQueries({ queryKey: ['sessions'] })
  }
  return (
    <section aria-labelledby="second-factor">
      <h3 id="second-factor">
        <FormattedMessage id="people.factor" />
      </h3>
      <p>
        <FormattedMessage id={isOn ? 'factor.on' : 'factor.off'} />
      </p>
      {codes ? (
        <ShownOnce
          secret={codes.join('\n')}
          onDone={() => {
            setCodes(undefined)
            readAgain()
          }}
        >
          <FormattedMessage id="factor.codes" />
        </ShownOnce>
      ) : isOn ? (
        <RemoveSecondFactor api={api} onDone={readAgain} />
      ) : (
        <AddSecondFactor api={api} onCodes={setCodes} />
      )}
    </section>
  )
}
