import type { Browser, Locator } from 'playwright-core'
import type { BuiltService } from './built-service.ts'
import { openDesk, type DeskPage } from './desk-page.ts'

/** Opens the desk of a member at one of its views, by the address of the view. */
export async function deskAt(
  browser: Browser,
  service: BuiltService,
  email: string,
  view: string,
): Promise<DeskPage> {
  const desk = await openDesk(browser, service, { path: `/desk#/${view}` })
  await desk.signIn(email)
  return desk
}

export function button({ raw }: DeskPage, name: string): Locator {
  return raw.getByRole('button', { name, exact: true })
}

/** Presses the button of a row and confirms in the dialog that it opens. */
export async function confirmed({ raw }: DeskPage, row: Locator, name: string): Promise<void> {
  await row.getByRole('button', { name, exact: true }).click()
  const dialog = raw.getByRole('dialog')
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** A policy that asks for no second factor, for admins who have none. */
export async function letAdminsIn({ url, key }: BuiltService, feed: string): Promise<void> {
  const path = new URL(`/v1/feeds/${feed}/policy`, url)
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const { version, policy } = (await (await fetch(path, { headers })).json()) as {
    version: number
    policy: object
  }
  const body = JSON.stringify({ ...policy, flashNeedsSecondFactor: false })
  const set = await fetch(path, { method: 'PUT', headers: { ...headers, 'If-Match': `"${version}"` }, body })
  if (!set.ok) throw new Error(`the policy: ${set.status}`)
}
