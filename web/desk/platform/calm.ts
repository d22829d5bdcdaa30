import { useRef, useSyncExternalStore } from 'react'
import { kept } from './kept.ts'

/**
 * A person may ask that nothing moves or counts on the page (WCAG 2.2.2). Lines and their states go on: only figures and
 * moving parts stand still.
 */
let isCalm = kept.get('calm') === 'on'
const listeners = new Set<() => void>()
mark()

export function useCalm(): boolean {
  return useSyncExternalStore(onChange, () => isCalm)
}

export function setCalm(wanted: boolean): void {
  isCalm = wanted
  if (wanted) kept.set('calm', 'on')
  else kept.remove('calm')
  mark()
  for (const listener of listeners) listener()
}

/** The value as it was when calm began, and otherwise as it is. */
export function useStill<Value>(value: Value): Value {
  const calm = useCalm()
  const still = useRef(value)
  if (!calm) still.current = value
  return still.current
}

/** Styles hold what moves. */
function mark(): void {
  document.documentElement.toggleAttribute('data-calm', isCalm)
}

function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
