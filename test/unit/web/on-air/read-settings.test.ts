import { describe, expect, it } from '@jest/globals'
import { onAirThemeSchema } from '../../../../src/protocol/on-air-theme.ts'
import { readSettings, usualSettings } from '../../../../web/on-air/read-settings.ts'
import { readTheme, usualTheme } from '../../../../web/on-air/read-theme.ts'

const PICTURE = 'data:image/png;base64,iVBORw0KGgo='

describe('the data of a host', () => {
  it.each([undefined, null, '', {}])('%j changes nothing', (data) => {
    expect(readSettings(data)).toEqual(usualSettings)
  })

  it('keeps what it leaves out, and ignores what is not known', () => {
    const first = readSettings({
      server: 'https://news.example',
      feed: 'en',
      wordsPerMinute: '120',
      _comment: 'x',
    })
    const second = readSettings({ look: 'flip', feed: '' }, first)
    expect(second).toEqual({
      ...usualSettings,
      server: 'https://news.example/',
      feed: 'en',
      wordsPerMinute: 120,
      look: 'flip',
    })
  })

  it.each([
    [{ look: 'spin' }, /^look /],
    [{ server: 'ftp://news.example' }, /^server /],
    [{ feed: 'EN!' }, /^feed /],
    [{ key: 'secret' }, /^key /],
    [{ wordsPerMinute: 'fast' }, /^wordsPerMinute /],
    [{ safeMarginPercent: 50 }, /^safeMarginPercent /],
    [{ theme: '{' }, /^theme /],
    [{ theme: { colours: { text: 'red' } } }, /^theme\.colours\.text /],
    [[], /^data /],
    ['en', /^data /],
  ])('%j does not fit, and the field is named', (data, message) => {
    expect(() => readSettings(data)).toThrow(message)
  })

  it('takes a theme as text, too', () => {
    const { theme } = readSettings({ theme: JSON.stringify({ safeMarginPercent: 8 }) })
    expect(theme).toEqual({ ...usualTheme, safeMarginPercent: 8 })
  })
})

describe('a theme', () => {
  it.each<[theme: unknown, fits: boolean]>([
    [{}, true],
    [{ colours: { band: '#00000080', text: '#FFFFFF' }, logo: PICTURE, showsTitle: false }, true],
    [{ fonts: { arabic: 'data:font/woff2;base64,d09GMg==' }, rowHeightPercent: 9 }, true],
    // Translucent words would show the joints of Arabic letters.
    [{ colours: { text: '#ffffff80' } }, false],
    [{ colours: { band: 'blue' } }, false],
    [{ colours: { background: '#000000' } }, false],
    [{ logo: 'https://channel.example/logo.png' }, false],
    [{ fonts: { latin: 'Arial' } }, false],
    [{ safeMarginPercent: 21 }, false],
    [{ rowHeightPercent: 2 }, false],
    [{ showsTitle: 'yes' }, false],
    [{ name: 'x' }, false],
    [[], false],
    ['x', false],
  ])('%j fits: %s, for the server and for the graphic', (theme, fits) => {
    expect(onAirThemeSchema.safeParse(theme).success).toBe(fits)
    const read = () => readTheme(theme)
    if (fits) expect(read()).toMatchObject(theme as object)
    else expect(read).toThrow(/^theme/)
  })
})
