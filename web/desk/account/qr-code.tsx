import encodeQR from 'qr'
import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import './qr-code.css'

/** A QR code, dark on light in every colour scheme: cameras read it so. */
export function QrCode({ text }: { readonly text: string }) {
  const intl = useIntl()
  const rows = useMemo(() => encodeQR(text, 'raw', { border: 4 }), [text])
  const path = rows
    .map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join(''))
    .join('')
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={intl.formatMessage({ id: 'factor.qr' })}
    >
      <path d={path} />
    </svg>
  )
}
