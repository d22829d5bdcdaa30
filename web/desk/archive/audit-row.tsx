import './archive.css'
import { FormattedDate, FormattedMessage, useIntl } from 'react-intl'

/** An entry of the audit; of an erased one only the number and the hash are left. */
export interface AuditEntry {
  readonly n: number
  readonly erased?: true
  readonly at?: string
  readonly headline?: string
  readonly action?: string
  readonly before?: { readonly status: string } | null
  readonly after?: { readonly status: string }
  readonly act?: {
    readonly by: string
    readonly name?: string
    readonly reason?: string
    readonly ip?: string
  }
  readonly detail?: object
}

export interface AuditRowProps {
  readonly entry: AuditEntry
  readonly linksTo: 'line' | undefined
}

export function AuditRow({ entry, linksTo }: AuditRowProps) {
  const { n, erased, at, headline, before, after, act, detail } = entry
  const status = [before?.status, after?.status].filter((each) => each !== undefined)
  return (
    <tr data-entry={n}>
      <th scope="row" className="table-number">
        {n}
      </th>
      <td>{at !== undefined && <FormattedDate value={at} dateStyle="medium" timeStyle="medium" />}</td>
      <td>
        <bdi>{act?.name ?? act?.by}</bdi>
        {act?.ip !== undefined && (
          <p className="dim">
            <bdi dir="ltr">{act.ip}</bdi>
          </p>
        )}
      </td>
      <td>
        {erased ? <FormattedMessage id="audit.erased" /> : <ActionName action={entry.action ?? ''} />}
        {linksTo === 'line' && headline !== undefined && (
          <p className="audit-links">
            <a className="archive-link" href={`#/archive/${headline}`}>
              <FormattedMessage id="archive.line" />
            </a>
            <a className="archive-link" href={`#/audit/${headline}`}>
              <FormattedMessage id="audit.scope.line" />
            </a>
          </p>
        )}
      </td>
      <td>
        {status.length > 0 && (
          <p>
            <bdi dir="ltr">{status.join(' → ')}</bdi>
          </p>
        )}
        {act?.reason !== undefined && <bdi>{act.reason}</bdi>}
        {detail && (
          <code className="audit-detail" dir="ltr">
            {JSON.stringify(detail)}
          </code>
        )}
      </td>
    </tr>
  )
}

/** The act in words, where the desk has some; the audit has acts of the service and of later versions too. */
function ActionName({ action }: { readonly action: string }) {
  const intl = useIntl()
  const id = `action.${action}`
  return Object.hasOwn(intl.messages, id) ? intl.formatMessage({ id }) : <code dir="ltr">{action}</code>
}
