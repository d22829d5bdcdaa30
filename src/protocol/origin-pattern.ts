import { z } from 'zod'
import { parseUrl } from './parse-url.ts'

/** An origin as browsers send it: no path, no user, no default port. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?$/
const WILDCARD = /^([a-z][a-z0-9+.-]*:\/\/)\*\.(.+)$/

/** An origin, or `https://*.example.org` for every subdomain of a domain; the domain itself is not one of them. */
export const originPatternSchema = z
  .string()
  .max(300)
  .refine(isOriginPattern, 'an origin as browsers send it: https://news.example or https://*.news.example')

/** Whether a request's `Origin` is one of these. `null` never is: pages in a sandbox of any site send it. */
export function allowsOrigin(patterns: readonly string[], origin: string): boolean {
  if (!ORIGIN.test(origin)) return false
  return patterns.some((pattern) => pattern === origin || isSubdomain(origin, pattern))
}

function isSubdomain(origin: string, pattern: string): boolean {
  const [, scheme = '', domain = ''] = WILDCARD.exec(pattern) ?? []
  // The dot before the domain keeps out a name that only ends with the same letters.
  return scheme !== '' && origin.startsWith(scheme) && origin.slice(scheme.length).endsWith(`.${domain}`)
}

function isOriginPattern(text: string): boolean {
  const [, scheme = '', domain = ''] = WILDCARD.exec(text) ?? []
  // A pattern over a whole top-level domain would allow the sites of everybody in it.
  if (scheme !== '') return domain.includes('.') && !/^[\d.]+(:|$)/.test(domain) && isOrigin(scheme + domain)
  return isOrigin(text)
}

function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text)) return false
  return !/^https?:/.test(text) || parseUrl(text)?.origin === text
}
