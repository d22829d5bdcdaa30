import { useEffect } from 'react'

/** The page's title begins with the number of lines that wait for this person's approval. */
export function useWaitingTitle(count: number): void {
  useEffect(() => {
    const title = document.title
    if (count > 0) document.title = `(${count}) ${title}`
    return () => {
      document.title = title
    }
  }, [count])
}
