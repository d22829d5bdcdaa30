import { useEffect, useRef } from 'react'

/**
 * Single keys, by `event.code`: they work outside text fields only, and not while a dialog is open or a modifier is
 * pressed. Escape leaves a text field.
 */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const newest = useRef(keys)
  useEffect(() => {
    newest.current = keys
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const { target } = event
      const isField = target instanceof Element && target.matches('input, textarea, select')
      if (isField && event.code === 'Escape' && target instanceof HTMLElement) target.blur()
      if (isField || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (document.querySelector('[role="dialog"]')) return
      const key = newest.current[event.shiftKey ? `Shift+${event.code}` : event.code]
      if (!key) return
      event.preventDefault()
      key()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}
