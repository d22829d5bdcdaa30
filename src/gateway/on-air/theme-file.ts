import { readFile, stat } from 'node:fs/promises'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { onAirThemeSchema, type OnAirTheme } from '../../protocol/on-air-theme.ts'

/** Logo and typefaces are in the file. */
const MAX_BYTES = 2 * 1024 * 1024

/** The theme as graphics get it; with `faults` it does not fit, and the picture stays as it is. */
export type ThemeAnswer = { readonly theme: OnAirTheme } | { readonly faults: readonly string[] }

/** The theme file of the channel, read again when it has changed. */
export class ThemeFile {
  readonly #path: string | undefined
  readonly #logger: Logger
  #version = ''
  #answer: ThemeAnswer = { theme: {} }

  /** @param path undefined: the channel has no theme of its own */
  constructor(path: string | undefined, logger: Logger) {
    this.#path = path
    this.#logger = logger
  }

  /** Never rejects: a file that cannot be used is named in the log and in the answer. */
  async read(): Promise<ThemeAnswer> {
    if (this.#path === undefined) return this.#answer
    const version = await stat(this.#path).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      (error: unknown) => messageOf(error),
    )
    if (version === this.#version) return this.#answer
    this.#answer = await this.#look(this.#path)
    this.#version = version
    if ('faults' in this.#answer)
      this.#logger.error({ event: 'on-air-theme-unfit', file: this.#path, faults: this.#answer.faults })
    return this.#answer
  }

  async #look(path: string): Promise<ThemeAnswer> {
    try {
      const text = await readFile(path, 'utf8')
      if (Buffer.byteLength(text) > MAX_BYTES)
        return { faults: [`the file has more than ${MAX_BYTES} bytes`] }
      const parsed = onAirThemeSchema.safeParse(JSON.parse(text))
      if (parsed.success) return { theme: parsed.data }
      return {
        faults: parsed.error.issues.map(({ path: field, message }) => `/${field.join('/')}: ${message}`),
      }
    } catch (error) {
      return { faults: [messageOf(error)] }
    }
  }
}
