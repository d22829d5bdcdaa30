import { useEffect, useRef } from 'react'

/** Escape leaves a text field; outside of one, and where no dialog is open, it does `onEscape`. */
export function useEscape(onEscape: () => void): void {
  const newest = useRef(onEscape)
  useEffect(() => {
    newest.current = onEscape
  })
  useEffect(() => {
    function onKeyDown({ target, code }: KeyboardEvent): void {
      if (code !== 'Escape') return
      if (target instanceof HTMLElement && target.matches('input, textarea, select')) target.blur()
      else if (!document.querySelector('[role="dialog"]')) newest.current()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}
