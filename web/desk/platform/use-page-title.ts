import { useEffect } from 'react'

const base = document.title
/** The words before the page's own title, in this order. */
const parts = { drill: '', waiting: '' }

/** Puts words before the page's title as long as the component shows; '' for none. */
export function usePageTitle(part: keyof typeof parts, words: string): void {
  useEffect(() => {
    show(part, words)
    return () => show(part, '')
  }, [part, words])
}

function show(part: keyof typeof parts, words: string): void {
  parts[part] = words
  document.title = parts.drill + parts.waiting + base
}
