import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'

export interface ApproveButtonProps<Body> {
  readonly api: ApiClient
  /** Without `/approve`. */
  readonly path: string
  /** The version that the approver has on the screen. */
  readonly version: number
  readonly body?: object
  readonly onDone: (body: Body) => void
}

/** The second admin's approval of the version that shows. */
export function ApproveButton<Body>({ api, path, version, body, onDone }: ApproveButtonProps<Body>) {
  const act = useAct()
  const send = () =>
    api.call<Body>(`${path}/approve`, { method: 'POST', headers: { 'If-Match': `"${version}"` }, body })
  return (
    <>
      <Button size="xs" loading={act.isBusy} onClick={() => act.run(send, onDone)}>
        <FormattedMessage id="admin.approve" />
      </Button>
      <Fault refusal={act.refusal} />
    </>
  )
}
