/**
 * The text of docs/ticker-gallery.md.
 */
import { langs, modes, themes } from './gallery-sheets.mjs'

const directions = /** @type {Record<string, string>} */ ({ en: 'left to right', ar: 'right to left' })

/**
 * @param {readonly import('./gallery-sheets.mjs').Sheet[]} sheets
 * @returns {string} Markdown
 */
export function galleryDocument(sheets) {
  const picture = (/** @type {string} */ name, /** @type {string} */ says) =>
    `![${says}](images/gallery/${name}.webp)`
  const parts = modes.flatMap((mode) => [
    `## ${mode[0]?.toUpperCase()}${mode.slice(1)}`,
    ...themes.flatMap((theme) =>
      langs.map((lang) => {
        const says = `${theme}, ${directions[lang]}`
        return `${says[0]?.toUpperCase()}${says.slice(1)}:\n\n${picture(`${mode}-${theme}-${lang}`, `A ${mode}, ${says}`)}`
      }),
    ),
  ])
  const forced = sheets.filter(({ forcedColors }) => forcedColors === 'active')
  return `${[
    '# The ticker in pictures',
    [
      '[The ticker](widget.md) in each mode, theme and direction, in columns of 1280, 768, 320 and 200 pixels, with one headline',
      'of each urgency: a flash with its speaker, a bulletin with a correction, a pinned urgent one, and a routine one. A crawl',
      'is paused where its headline begins.',
    ].join('\n'),
    '`node scripts/ticker-gallery.mjs` takes these pictures again, in Chromium, from a Flashline that it starts.',
    ...parts,
    '## Forced colours',
    ...forced.map(({ name, mode }) => picture(name, `A ${mode} in forced colours`)),
  ].join('\n\n')}\n`
}
