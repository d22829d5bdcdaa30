import { beforeEach } from '@jest/globals'
import type { Browser, Locator } from 'playwright-core'
import type { BuiltService } from './built-service.ts'
import { newMember, openDesk, type DeskPage } from './desk-page.ts'
import { withBrowserAndService } from './with-browser-and-service.ts'

export interface DeskFeeds {
  readonly browser: Browser
  readonly service: BuiltService
  /** The feed of the present test. */
  readonly feed: string
  /** The person's desk in a browser of its own, with the feed open and up to date. */
  readonly openFor: (email: string, options?: Parameters<typeof openDesk>[2]) => Promise<DeskPage>
}

/** A newsroom with these members, and a feed of its own for each test, so that no test sees the lines of another. */
export function withDeskFeeds(roles: Readonly<Record<string, string>>): DeskFeeds {
  let opened: { readonly browser: Browser; readonly service: BuiltService } | undefined
  let count = 0
  const now = () => {
    if (!opened) throw new Error('The desk is opened in a test')
    return opened
  }
  const feedNow = () => `f${count}`

  withBrowserAndService(async (running) => {
    opened = running
    for (const [email, role] of Object.entries(roles)) await newMember(running.service, email, { '*': role })
  })
  beforeEach(async () => {
    count++
    await now().service.createFeed({ id: feedNow(), title: `Feed ${feedNow()}`, lang: 'en' })
  })

  return {
    get browser() {
      return now().browser
    },
    get service() {
      return now().service
    },
    get feed() {
      return feedNow()
    },
    async openFor(email, options = {}) {
      const desk = await openDesk(now().browser, now().service, options)
      await desk.signIn(email)
      await desk.raw.getByLabel('Feed', { exact: true }).selectOption(feedNow())
      await desk.raw.getByText('Up to date').waitFor()
      return desk
    },
  }
}

export function inGroup(desk: DeskPage, group: string, words: string): Locator {
  return desk.raw.locator(`[data-group="${group}"] .row`).filter({ hasText: words })
}

export function onStrip(desk: DeskPage, words: string): Locator {
  return desk.raw.locator('.strip .row').filter({ hasText: words })
}
