import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { Browser as Visitor, password } from './browser.ts'
import type { BuiltService } from './built-service.ts'

const SHOWN_LIMIT_MS = 15_000

export interface DeskPage {
  readonly raw: Page
  /** Violations of the content security policy, requests to other servers and uncaught errors. */
  readonly faults: readonly string[]
  /** The accessibility faults of the page as it shows now. */
  readonly barriers: () => Promise<string[]>
  readonly signIn: (email: string) => Promise<void>
}

/** A dialog that still fades in has too little contrast. Movements without an end are not waited for. */
const settled = `new Promise(requestAnimationFrame).then(() => Promise.all(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
  .map((each) => each.finished.catch(() => undefined)))).then(() => undefined)`

/** Opens the desk in a browser profile of its own. */
export async function openDesk(
  browser: Browser,
  { url }: Pick<BuiltService, 'url'>,
  { path = '/desk', ...options }: BrowserContextOptions & { readonly path?: string } = {},
): Promise<DeskPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const raw = await context.newPage()
  raw.setDefaultTimeout(SHOWN_LIMIT_MS)
  const faults: string[] = []
  raw.on('pageerror', (error) => faults.push(String(error)))
  raw.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== new URL(url).origin && protocol !== 'data:') faults.push(`request to ${origin}`)
  })
  await raw.exposeFunction('reportFault', (fault: string) => faults.push(fault))
  await raw.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => reportFault('CSP ' + e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample))`,
  )
  await raw.goto(new URL(path, url).href)
  return {
    raw,
    faults,
    async barriers() {
      await raw.evaluate(settled)
      const { violations } = await new AxeBuilder({ page: raw }).analyze()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    },
    async signIn(email) {
      await raw.getByLabel('Email').fill(email)
      await raw.getByLabel('Password').fill(password)
      await raw.getByRole('button', { name: 'Sign in' }).click()
      await raw.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
    },
  }
}

/** A person with an account, who has the password of all test accounts. */
export async function newMember(
  { url, key }: Pick<BuiltService, 'url' | 'key'>,
  email: string,
  roles: Readonly<Record<string, string>>,
): Promise<Visitor> {
  const invited = await fetch(new URL('/v1/invitations', url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, roles }),
  })
  const { token } = (await invited.json()) as { token: string }
  const visitor = new Visitor({ url })
  const name = email.split('@')[0]
  const accepted = await visitor.post('/v1/invitations/accept', { token, name, password })
  if (accepted.status !== 200) throw new Error(`${email}: ${accepted.status} ${accepted.body.code}`)
  return visitor
}
