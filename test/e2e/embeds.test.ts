import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { Browser, BrowserContextOptions, Frame, FrameLocator, Locator, Page } from 'playwright-core'
import { startBuiltService, type BuiltService } from '../support/built-service.ts'
import { openChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { openOtherSite, type OtherSite } from '../support/other-site.ts'

const LIMIT_MS = 15_000
const SANDBOX = 'allow-scripts allow-same-origin allow-popups'

let browser: Browser
let service: BuiltService
let site: OtherSite
let stranger: OtherSite
/** Selector of the element once its script has run. */

beforeAll(async () => {
  ;[browser, site, stranger] = await Promise.all([openChromium(), openOtherSite(), openOtherSite()])
  service = await startBuiltService({ ALLOWED_ORIGINS: site.origin })
  await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
  await service.createFeed({ id: 'ar', title: 'العربية', lang: 'ar' })
  await eventually('both feeds are served', LIMIT_MS, async () => {
    const answers = await Promise.all(['en', 'ar'].map((feed) => fetch(`${service.url}/embed/${feed}`)))
    return answers.every(({ status }) => status === 200)
  })
}, 60_000)

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

afterAll(async () => {
  await Promise.all([browser.close(), service.stop()])
  site.close()
  stranger.close()
}, 60_000)

async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT_MS)
  await page.goto(url)
  return page
}

function frameTag(path: string, attributes = ''): string {
  return `<iframe src="${service.url}${path}" width="500" height="300" ${attributes}></iframe>`
}

function unique(text: string): string {
  return `${text} ${randomBytes(6).toString('hex')}`
}

/** A line as its reader sees it, in the element or in the server's HTML. */
function shown(within: Page | FrameLocator, text: string): Locator {
  return within.getByText(text).and(within.locator(':visible')).first()
}

describe('the frame', () => {
  it('shows its lines on a site that may read, and not on other sites', async () => {
    const text = unique('On the site')
    await service.post('en', { text })
    const welcome = await open(site.page(frameTag('/embed/en')))
    await shown(welcome.frameLocator('iframe'), text).waitFor()

    const unwelcome = await open(stranger.page(frameTag('/embed/en')))
    const inside = await eventually('the frame is refused', LIMIT_MS, () =>
      unwelcome.frames().find((frame) => frame.url().startsWith('chrome-error:')),
    )
    expect(await inside.locator('body').textContent()).not.toContain(text)
  })

  it.each([
    { sandbox: SANDBOX, live: true },
    { sandbox: 'allow-scripts', live: false },
    { sandbox: '', live: false },
  ])('in a sandbox of "$sandbox" shows its lines', async ({ sandbox, live }) => {
    const text = unique('In a sandbox')
    await service.post('en', { text })
    const page = await open(site.page(frameTag('/embed/en', `sandbox="${sandbox}"`)))
    const frame = page.frameLocator('iframe')
    await shown(frame, text).waitFor()
    const note = shown(frame, 'Not live. These lines may be out of date.')
    if (!live) await note.waitFor()
    else {
      const later = unique('Later')
      await service.post('en', { text: later })
      await shown(frame, later).waitFor()
      expect(await note.isVisible()).toBe(false)
    }
  })

  it('without JavaScript shows its lines and says that they are not live', async () => {
    const text = unique('Without scripts')
    await service.post('ar', { text, lang: 'en' })
    const page = await open(site.page(frameTag('/embed/ar')), { javaScriptEnabled: false })
    const frame = page.frameLocator('iframe')
    await shown(frame, text).waitFor()
    await shown(frame, 'ليس بثًّا مباشرًا').waitFor()
  })

  it('that is not live reloads, so that a withdrawn line disappears from it', async () => {
    const text = unique('Withdrawn later')
    const posted = await service.post('en', { text })
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.clock.install()
    await page.goto(site.page(frameTag('/embed/en', 'sandbox="allow-scripts"')))
    const frame = page.frameLocator('iframe')
    await shown(frame, text).waitFor()
    await shown(frame, 'Not live').waitFor()
    await service.withdraw('en', posted, {})
    await eventually('it is gone', LIMIT_MS, async () => {
      await page.clock.fastForward(80_000)
      return (await frame.getByText(text).count()) === 0 && (await frame.locator('#frame').count()) === 1
    })
  })

  it('that is not live reloads once it can be seen, also where no event tells of that', async () => {
    const text = unique('Withdrawn in the background')
    const posted = await service.post('en', { text })
    const page = await (await browser.newContext()).newPage()
    await page.clock.install()
    await page.addInitScript(
      "Object.defineProperty(document, 'visibilityState', { get: () => (self.isSeen ? 'visible' : 'hidden') })",
    )
    await page.goto(site.page(frameTag('/embed/en', 'sandbox="allow-scripts"')))
    const frame = page.frameLocator('iframe')
    await shown(frame, text).waitFor()
    await shown(frame, 'Not live').waitFor()
    await service.withdraw('en', posted, {})
    await page.clock.runFor(80_000)
    expect(await frame.getByText(text).count()).toBeGreaterThan(0)
    await frame.locator('body').evaluate('self.isSeen = true')
    await eventually('it is gone', LIMIT_MS, async () => {
      await page.clock.runFor(5_000)
      return (await frame.getByText(text).count()) === 0 && (await frame.locator('#frame').count()) === 1
    })
  })

  it('does not violate its content security policy', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const faults: string[] = []
    await page.exposeFunction('reportFault', (fault: string) => faults.push(fault))
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (e) => reportFault(e.effectiveDirective + ' ' + e.blockedURI))`,
    )
    for (const sandbox of [SANDBOX, 'allow-scripts']) {
      await page.goto(site.page(frameTag('/embed/en?mode=list', `sandbox="${sandbox}"`)))
      await page.frameLocator('iframe').locator('#frame').waitFor()
    }
    expect(faults).toEqual([])
  })
})

describe('a low frame on a page without the script for heights', () => {
  const low = (path: string, width: number, attributes = '') =>
    site.page(`<iframe src="${service.url}${path}" width="${width}" height="64" ${attributes}></iframe>`)

  const rectOf = async (page: Page, selector: string) =>
    (await frameIn(page, 'iframe')).evaluate<{ top: number; bottom: number }>(
      `document.querySelector('${selector}').getBoundingClientRect().toJSON()`,
    )

  it.each(['strip', 'list'])('that is not live says so inside its height, as a %s', async (mode) => {
    for (let n = 0; n < 4; n++) await service.post('en', { text: unique('A line that takes some room') })
    const page = await open(low(`/embed/en?mode=${mode}`, 320, 'sandbox="allow-scripts"'))
    const note = page.frameLocator('iframe').locator('#not-live')
    await note.filter({ visible: true }).waitFor()
    const { top, bottom } = await rectOf(page, '#not-live')
    expect(top).toBeGreaterThan(20)
    expect(bottom).toBeLessThanOrEqual(64)
  })

  it('is not cut off, on a phone too', async () => {
    const text = unique('In a low frame')
    await service.post('en', { text })
    const page = await open(low('/embed/en?mode=strip', 320))
    await shown(page.frameLocator('iframe'), text).waitFor()
    await page
      .frameLocator('iframe')
      .locator('flashline-ticker .headline')
      .filter({ hasText: text })
      .waitFor()
    expect((await rectOf(page, 'flashline-ticker')).bottom).toBeLessThanOrEqual(64)
  })
})

describe('the height of a frame', () => {
  const heightOf = (page: Page, selector: string) =>
    page.evaluate<number>(`Math.round(document.querySelector('${selector}').getBoundingClientRect().height)`)

  const withScript = (body: string) => site.page(`${body}<script src="${service.url}/embed/v1.js"></script>`)

  it('follows its content', async () => {
    await service.post('en', { text: unique('High') })
    const page = await open(withScript(frameTag('/embed/en?max=1', 'id="one"')))
    const content = page.frames()[1]
    const wanted = await eventually('the frame is there', LIMIT_MS, () => contentHeight(content))
    await eventually('the height is taken', LIMIT_MS, async () => {
      return (await heightOf(page, '#one')) - 4 === (await contentHeight(page.frames()[1]))
    })
    expect(wanted).toBeGreaterThan(24)
    expect(wanted).toBeLessThan(296)
    await page.evaluate(`document.querySelector('#one').setAttribute('width', '150')`)
    const narrow = await eventually('it is higher when it is narrow', LIMIT_MS, async () => {
      const height = await contentHeight(page.frames()[1])
      return height !== undefined && height > wanted && height
    })
    await eventually(
      'the height follows',
      LIMIT_MS,
      async () => (await heightOf(page, '#one')) - 4 === narrow,
    )
  })

  it('is sent to a script that is loaded later, too', async () => {
    const page = await open(site.page(frameTag('/embed/en?max=1', 'id="one"')))
    await page.frameLocator('iframe').locator('#frame').waitFor()
    expect(await heightOf(page, '#one')).toBe(304)
    await page.addScriptTag({ url: `${service.url}/embed/v1.js` })
    await eventually('the height is taken', LIMIT_MS, async () => (await heightOf(page, '#one')) < 304)
  })

  it('is set by no other window, no other origin and no value out of bounds', async () => {
    const foreign = site.page('<p>Another page</p>')
    const page = await open(
      withScript(
        `${frameTag('/embed/en?max=1', 'id="ours"')}<iframe id="theirs" src="${foreign}" height="100"></iframe>` +
          `<iframe id="moved" src="${service.url}/embed/en?max=1" height="200"></iframe>`,
      ),
    )
    for (const id of ['ours', 'moved']) {
      // The element's lines may have another height than the server's lines.
      await page.frameLocator(`#${id}`).locator('flashline-ticker .headline').waitFor()
      await eventually(`${id} has its height`, LIMIT_MS, async () => {
        const frame = page.locator(`#${id}`)
        return (await frame.getAttribute('style'))?.includes('height')
      })
    }
    const before = await heightOf(page, '#ours')
    const movedBefore = await heightOf(page, '#moved')
    await page.evaluate(`document.querySelector('#moved').contentWindow.location = '${foreign}'`)
    const moved = await frameIn(page, '#moved', foreign)
    const [ours, theirs] = [await frameIn(page, '#ours'), await frameIn(page, '#theirs')]
    // Each of these would set a height if it were accepted; only the last one is accepted.
    const postHeight = (frame: Frame | Page, height: string) =>
      frame.evaluate(`parent.postMessage({ type: 'flashline:height', height: ${height} }, '*')`)
    await postHeight(theirs, '777')
    await postHeight(moved, '777')
    await postHeight(page, '777')
    for (const wrong of ['2', '100000', '-5', '"777"', 'null', 'NaN']) await postHeight(ours, wrong)
    await page.evaluate(`dispatchEvent(new MessageEvent('message', {
      data: { type: 'flashline:height', height: 777 },
      origin: 'https://evil.example',
      source: document.querySelector('#ours').contentWindow,
    }))`)
    expect(await heightOf(page, '#ours')).toBe(before)
    expect(await heightOf(page, '#theirs')).toBe(104)
    expect(await heightOf(page, '#moved')).toBe(movedBefore)
    await postHeight(ours, '333')
    await eventually('the valid height is set', LIMIT_MS, async () => (await heightOf(page, '#ours')) === 337)
  })

  it('is sent to the embedding page only, without any headline', async () => {
    const text = unique('No news in messages')
    await service.post('en', { text })
    const page = await open(
      site.page(
        `<script>messages = []; addEventListener('message', (e) => messages.push([e.origin, JSON.stringify(e.data)]))</script>` +
          frameTag('/embed/en?max=1'),
      ),
    )
    const messages = await eventually('a height is sent', LIMIT_MS, async () => {
      const all = await page.evaluate<[string, string][]>('messages')
      return all.length > 0 && all
    })
    for (const [origin, data] of messages) {
      expect(origin).toBe(service.url)
      expect(data).toMatch(/^\{"type":"flashline:height","height":\d+\}$/)
    }
  })
})

async function frameIn(page: Page, selector: string, url = ''): Promise<Frame> {
  return eventually(`${selector} has its page`, LIMIT_MS, async () => {
    const element = await page.locator(selector).elementHandle()
    const frame = await element.contentFrame()
    return frame ? frame.url().startsWith(url) && frame : undefined
  })
}

async function contentHeight(frame: Frame | undefined): Promise<number | undefined> {
  const height = await frame?.evaluate('document.getElementById("frame")?.getBoundingClientRect().height')
  return typeof height === 'number' ? Math.ceil(height) : undefined
}

describe('the builder', () => {
  const builder = async (query = '', options: BrowserContextOptions = {}) => {
    const page = await open(`${service.url}/embed${query}`, options)
    await page.locator('#choices:not([inert])').waitFor()
    return page
  }
  const code = (page: Page, index = 0) => page.locator(`#snippet-${index}`)

  it('creates an element that shows the lines on another site, and a frame without JavaScript', async () => {
    const text = unique('From the builder')
    await service.post('en', { text, urgency: 'flash' })
    const page = await builder()
    await page.getByLabel('Edition').selectOption('en')
    await page.getByLabel('Urgency').selectOption('flash')
    await page.getByRole('radio', { name: 'List' }).check()
    const snippet = (await code(page).textContent()) ?? ''
    expect(snippet).toContain(`<flashline-ticker src="${service.url}" feed="en" urgency="flash" mode="list">`)

    const pasted = site.page(snippet)
    const plain = await open(pasted, { javaScriptEnabled: false })
    await shown(plain.frameLocator('iframe'), text).waitFor()
    const live = await open(pasted)
    await shown(live, text).waitFor()
  })

  it('creates a frame that shows the lines on another site at their height', async () => {
    const text = unique('In a frame from the builder')
    await service.post('en', { text, section: 'city' })
    const page = await builder('?feed=en&way=frame')
    await page.getByLabel('Sections').and(page.locator('input')).fill('city')
    const most = page.getByLabel('Most headlines')
    await most.fill('120')
    await page.getByText('A whole number from 1 to 50').waitFor()
    await page.getByRole('radio', { name: 'HTML, no script' }).check()
    await page.getByText('A whole number').waitFor({ state: 'detached' })
    expect(await most.getAttribute('placeholder')).toBe('All')
    await page.getByRole('radio', { name: 'Frame' }).check()
    expect(await most.getAttribute('placeholder')).toBe('10')
    await most.fill('1')
    const snippet = (await code(page).textContent()) ?? ''
    const pasted = await open(site.page(snippet))
    await shown(pasted.frameLocator('iframe'), text).waitFor()
    await eventually('the height is taken', LIMIT_MS, async () => {
      const style = (await pasted.locator('iframe').getAttribute('style')) ?? ''
      return /height: \d+px/.test(style)
    })
  })

  it('keeps the choice in its URL, so that it can be shared', async () => {
    const page = await builder()
    await page.getByLabel('Edition').selectOption('ar')
    await page.getByRole('radio', { name: 'Crawl' }).check()
    await page.getByLabel('Theme').selectOption('dark')
    await page.getByLabel('Regions').and(page.locator('input')).fill('north, south')
    await page.getByRole('radio', { name: 'WordPress' }).check()
    const shortcode = '[flashline feed="ar" region="north,south" mode="crawl" theme="dark"]'
    expect(await code(page).textContent()).toBe(shortcode)

    const shared = await builder(new URL(page.url()).search)
    await shared.locator('#snippet-1').waitFor()
    expect(await code(shared).textContent()).toBe(shortcode)
    expect(await shared.getByLabel('Regions').and(shared.locator('input')).inputValue()).toBe('north,south')
    expect(await shared.getByRole('radio', { name: 'Crawl' }).isChecked()).toBe(true)
  })

  it('shows a fault beside its field, and leaves the invalid value out', async () => {
    const page = await builder('?way=include')
    await page.getByLabel('Sections').and(page.locator('input')).fill('City Hall!')
    await page.getByText('“City” is no slug').waitFor()
    expect(await page.getByLabel('Sections').and(page.locator('input')).getAttribute('aria-invalid')).toBe(
      'true',
    )
    expect(await code(page).textContent()).toBe(`${service.url}/v1/feeds/ar/strip.html`)
  })

  it('shows values of its URL as text', async () => {
    const attack = '"><img src=x onerror="window.attacked=1">'
    const page = await builder(
      `?feed=en&lang=${encodeURIComponent(attack)}&section=${encodeURIComponent(attack)}`,
    )
    await code(page).waitFor()
    expect(await code(page).textContent()).not.toContain('onerror')
    expect(await page.evaluate('window.attacked')).toBeUndefined()
  })

  it('shows the frame with the chosen settings', async () => {
    const text = unique('In the preview')
    await service.post('en', { text })
    const page = await builder('?feed=en&way=frame')
    await shown(page.frameLocator('#preview iframe'), text).waitFor()
    await page.getByLabel('Urgency').selectOption('flash')
    await eventually('the preview follows', LIMIT_MS, async () => {
      const src = await page.locator('#preview iframe').getAttribute('src')
      return src === `${service.url}/embed/en?urgency=flash&mode=list`
    })
  })

  it('has each box to tick beside its words', async () => {
    const page = await builder()
    const labels = await page.locator('label.check').all()
    expect(labels.length).toBeGreaterThan(4)
    for (const label of labels) {
      const [box, words] = await Promise.all([
        label.locator('input').boundingBox(),
        label.locator('span').boundingBox(),
      ])
      expect([box!.width < 30, box!.x + box!.width < words!.x]).toEqual([true, true])
      const isLevel = box!.y < words!.y + words!.height && words!.y < box!.y + box!.height
      expect(isLevel).toBe(true)
    }
  })

  it('copies even if the clipboard is refused', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.addInitScript('navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))')
    await page.goto(`${service.url}/embed?feed=en&way=frame`)
    const wanted = await code(page).textContent()
    await page.evaluate(`addEventListener('copy', () => { copied = String(getSelection()) })`)
    await page.getByRole('button', { name: 'Copy Frame' }).click()
    await page.getByText('Copied: Frame.').waitFor()
    expect(await page.evaluate('copied')).toBe(wanted)
  })

  it('can be used with the keyboard alone', async () => {
    const page = await builder('?feed=en')
    await code(page).waitFor()
    await page.getByRole('radio', { name: 'List' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await code(page).textContent()).toContain('mode="strip"')
    await page.getByRole('radio', { name: 'Element' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await code(page).textContent()).toContain('<iframe')
    await page.getByRole('button', { name: 'Copy Frame' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(/^(Copied|Selected)/).waitFor()
  })

  it.each(
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      ['element', 'frame', 'wordpress', 'include'].map((way) => ({ colorScheme, way })),
    ),
  )('is clean for axe: $way, $colorScheme', async ({ colorScheme, way }) => {
    await service.post('en', { text: unique('Read aloud'), urgency: 'flash', section: 'city' })
    const page = await builder(`?feed=en&way=${way}&section=No%20slug!`, { colorScheme })
    await code(page).waitFor()
    if (way === 'frame') await page.frameLocator('#preview iframe').locator('#frame').waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })

  it('opens in the language of its reader', async () => {
    const page = await builder('?feed=en&way=include', { locale: 'ar-EG' })
    await code(page).waitFor()
    await page.locator('#section').fill('City Hall!')
    expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]')).toEqual([
      'ar',
      'rtl',
    ])
    await page.getByText('“City” ليس معرّفًا').waitFor()
    expect(await page.locator('#urgency option').allTextContents()).toEqual([
      'الكل',
      'عاجل',
      'عاجل, نبأ مهم',
      'عاجل, نبأ مهم, مهم',
    ])
    expect(await page.locator('#lang option').count()).toBe(12)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
  })

  it('offers the sections and regions of the feed by their names, and warns of an empty filter', async () => {
    await service.createFeed({ id: 'places', title: 'Places', lang: 'en' })
    await eventually('it is served', LIMIT_MS, async () => (await fetch(`${service.url}/embed/places`)).ok)
    await service.post('places', { text: 'Bridge closed', section: 'city', regions: ['far-east'] })
    const presentation = await fetch(`${service.url}/v1/feeds/places/presentation`, {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${service.key}`,
        'Content-Type': 'application/json',
        'If-Match': '"0"',
      },
      body: JSON.stringify({ labels: { city: 'In town' } }),
    })
    expect(presentation.status).toBe(200)
    const page = await builder('?feed=places')
    await page.getByRole('button', { name: 'In town' }).click()
    await page.getByRole('button', { name: 'far east' }).click()
    expect(await code(page).textContent()).toContain('section="city" region="far-east"')
    expect(await page.getByRole('button', { name: 'In town' }).getAttribute('aria-pressed')).toBe('true')
    const warning = page.locator('#filter-warning')
    expect(await warning.textContent()).toBe('')
    await page.getByLabel('Urgency').selectOption('flash')
    await warning.getByText('No headline of this feed passes now.').waitFor()
    await page.getByLabel('Urgency').selectOption('')
    await page.getByLabel('Regions', { exact: true }).and(page.locator('input')).fill('atlantis')
    await warning.getByText('The feed has no headline in: atlantis').waitFor()
    await page.getByRole('button', { name: 'In town' }).click()
    expect(await code(page).textContent()).not.toContain('section=')
  })

  it('fits a phone', async () => {
    const page = await builder('?feed=en&way=frame', { viewport: { width: 320, height: 640 } })
    await code(page).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
  })
})
