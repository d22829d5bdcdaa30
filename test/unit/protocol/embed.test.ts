import { describe, expect, it } from '@jest/globals'
import { chosen, embedModes, frameAddress, frameHeights, frameHtml } from '../../../src/protocol/embed.ts'

const origin = 'https://news.example'

describe('the address of a frame', () => {
  it.each([
    [{}, ''],
    [{ mode: 'list' }, '?mode=list'],
    [{ lang: 'en-GB', dir: 'ltr', theme: 'dark', max: 5 }, '?max=5&theme=dark&dir=ltr&lang=en-GB'],
    [
      { urgency: 'urgent', region: 'eu,uk', section: 'world,sport' },
      '?section=world,sport&region=eu,uk&urgency=urgent',
    ],
    [{ section: '', mode: undefined, max: 0 }, '?max=0'],
  ] as const)('with %j ends in "%s"', (settings, query) => {
    expect(frameAddress(origin, 'en', settings)).toBe(`${origin}/embed/en${query}`)
  })

  it('needs no settings', () => {
    expect(frameAddress(origin, 'sport-24')).toBe(`${origin}/embed/sport-24`)
  })
})

it('settings are those that are chosen, as text', () => {
  expect(chosen({ max: 3, lang: '', section: 'world' })).toEqual([
    ['section', 'world'],
    ['max', '3'],
  ])
})

it('the tag of a frame lets nothing out of its attributes and grants what a ticker needs', () => {
  const address = frameAddress(origin, 'en', { section: 'world', mode: 'strip' })
  const html = frameHtml({ address, title: 'A "quoted" <title>', width: '100%', height: 64 })
  expect(html).toBe(
    `<iframe src="${origin}/embed/en?section=world&amp;mode=strip" title="A &quot;quoted&quot; &lt;title&gt;"` +
      ' width="100%" height="64"' +
      ' sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"' +
      ' loading="lazy" style="border:0;max-width:100%"></iframe>',
  )
})

it('each mode has a height', () => {
  for (const mode of embedModes) expect(frameHeights[mode]).toBeGreaterThan(0)
  expect(embedModes).toEqual(['strip', 'list', 'crawl'])
})
