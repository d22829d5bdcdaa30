import { useCallback, useEffect, useRef } from 'react'

/** The same function at each drawing, which calls the newest one: what it is given to needs no drawing for its sake. */
export function useNewest<Args extends readonly unknown[]>(
  action: (...args: Args) => void,
): (...args: Args) => void {
  const newest = useRef(action)
  useEffect(() => {
    newest.current = action
  }, [action])
  return useCallback((...args: Args) => newest.current(...args), [])
}
