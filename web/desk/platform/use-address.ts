import { useSyncExternalStore } from 'react'

/** The parts of the page's address behind `#/`: the view, then what the view shows (`admin`, `people`). */
export function useAddress(): readonly string[] {
  const hash = useSyncExternalStore(onAddress, () => location.hash)
  return hash.split('/').slice(1)
}

function onAddress(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}
