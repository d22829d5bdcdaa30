import { useState } from 'react'
import type { Outcome, Refusal } from './api-client.ts'

export interface Act {
  readonly isBusy: boolean
  readonly refusal: Refusal | undefined
  /** Sends once: while an answer is awaited, a second click sends nothing. `onDone` gets the answer that is no refusal. */
  readonly run: <Body>(
    send: () => Promise<Outcome<Body>>,
    onDone?: (body: Body, status: number) => unknown,
  ) => void
  readonly forget: () => void
}

/** One thing that a person does on the page, with its refusal beside it. */
export function useAct(): Act {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function carryOut<Body>(
    send: () => Promise<Outcome<Body>>,
    onDone?: (body: Body, status: number) => unknown,
  ): Promise<void> {
    setIsBusy(true)
    const outcome = await send()
    setIsBusy(false)
    setRefusal(outcome.kind === 'refused' ? outcome.refusal : undefined)
    if (outcome.kind === 'done') onDone?.(outcome.body, outcome.status)
  }

  return {
    isBusy,
    refusal,
    run(send, onDone) {
      if (!isBusy) void carryOut(send, onDone)
    },
    forget: () => setRefusal(undefined),
  }
}
