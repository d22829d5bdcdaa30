import { useEffect } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { usePageTitle } from './platform/use-page-title.ts'

/** A striped square: no feed of real news has this sign in the browser's tab. */
const sign =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#ffd400"/>' +
  '<path d="M0 32 32 0M-8 8 8-8M24 40 40 24" stroke="#000" stroke-width="8"/></svg>'

/** Marks the whole page while a drill is open: a word over it, and another sign and title in the browser's tab. */
export function DrillMark() {
  const intl = useIntl()
  const word = intl.formatMessage({ id: 'desk.drill' })
  usePageTitle('drill', `${word} · `)
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    const usual = icon?.href
    if (icon) icon.href = `data:image/svg+xml,${encodeURIComponent(sign)}`
    return () => {
      if (icon && usual !== undefined) icon.href = usual
    }
  }, [])
  return (
    <p className="drill-mark">
      <strong>{word}</strong> <FormattedMessage id="desk.drillText" />
    </p>
  )
}
