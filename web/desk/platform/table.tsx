import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MessageId } from './languages.ts'
import './table.css'

export interface TableProps {
  /** The title of the table, for readers of the screen too. */
  readonly caption: MessageId
  readonly columns: readonly MessageId[]
  /** Rows (`<tr>`); none: the table says that it is empty. */
  readonly children: readonly ReactNode[]
  readonly empty: MessageId
}

/** A table that scrolls sideways by itself where the window is narrow, with keys too. */
export function Table({ caption, columns, children, empty }: TableProps) {
  const intl = useIntl()
  if (children.length === 0)
    return (
      <p>
        <FormattedMessage id={empty} />
      </p>
    )
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={intl.formatMessage({ id: caption })}>
      <table className="table">
        <caption>
          <FormattedMessage id={caption} />
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                <FormattedMessage id={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
