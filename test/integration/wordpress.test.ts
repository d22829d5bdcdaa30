import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../support/cluster.ts'

const hasPhp = spawnSync('php', ['--version']).status === 0
const describeWithPhp = hasPhp ? describe : describe.skip

type Shortcode = Readonly<Record<string, string>>

/** The HTML of a shortcode of the plugin, run by PHP. */
function htmlOf(shortcode: Shortcode, { editor = false } = {}): string {
  return (run({ editor, shortcodes: [shortcode] }) as [string])[0]
}

function run(wish: object): unknown {
  const input = { plugin: join(projectRoot, 'docs/examples/wordpress/flashline.php'), ...wish }
  const { stdout, stderr, status } = spawnSync('php', [join(projectRoot, 'test/support/wordpress.php')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr + stdout)
  return JSON.parse(stdout)
}

describeWithPhp('the WordPress plugin (needs php)', () => {
  it.each([
    { shortcode: { section: 'city, transport' }, attribute: 'section="city,transport"' },
    { shortcode: { region: ' North ,SOUTH ' }, attribute: 'region="north,south"' },
    { shortcode: { urgency: 'Flash' }, attribute: 'urgency="flash"' },
    { shortcode: { max: '201' }, attribute: 'max="201"' },
    { shortcode: { lang: 'pt-BR' }, attribute: 'lang="pt-BR"' },
    { shortcode: { notices: '0' }, attribute: 'notices="0"' },
    { shortcode: { feed: 'EN' }, attribute: 'feed="en"' },
  ])('reads $shortcode as $attribute', ({ shortcode, attribute }) => {
    expect(htmlOf(shortcode as Shortcode)).toContain(` ${attribute}`)
  })

  it('takes tokens for a feed that is for partners from its own address, and has no frame then', () => {
    const html = htmlOf({ feed: 'wire', token: 'yes' })
    expect(html).toContain(' token-from="https://site.example/wp-json/flashline/v1/token"')
    expect(html).not.toContain('<iframe')
    expect(htmlOf({ feed: 'wire', token: 'no' })).not.toContain('token-from')
  })

  it('makes tokens for its own site with the key, one for all readers of a minute', () => {
    expect(run({ tokens: 2, answer: '{"token":"a.b.c"}' })).toEqual({
      tokens: Array(2).fill({ data: { token: 'a.b.c' }, headers: { 'Cache-Control': 'no-store' } }),
      asked: [
        {
          url: 'https://news.example/v1/partner-tokens',
          timeout: 5,
          headers: { Authorization: 'Bearer fp_0123456789abcdef_x', 'Content-Type': 'application/json' },
          body: '{"origin":"https:\\/\\/site.example:8443"}',
        },
      ],
    })
    expect(run({ tokens: 1, answer: '' })).toMatchObject({ tokens: [{ code: 'flashline_token' }] })
  })

  it.each([{ urgency: 'loud' }, { section: 'city & sport' }, { region: 'a,,b' }, { feed: '<x>' }])(
    'shows no lines for the invalid filter %p, and only an editor sees the reason',
    (shortcode) => {
      const [name] = Object.keys(shortcode)
      expect(htmlOf(shortcode as unknown as Shortcode)).toBe('')
      const reason = htmlOf(shortcode, { editor: true })
      expect(reason).toContain(`because ${name}=`)
      expect(reason).not.toMatch(/<flashline-ticker|<iframe|<x>/)
    },
  )
})
