/**
 * Origins such as `https://news.example` or `capacitor://localhost`, without characters that would end the directive.
 */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.[\]:-]+$/i

/** Origins that may read a feed may also show it in a frame. The origin `null` cannot be named in the directive. */
export function frameAncestors(allowedOrigins: readonly string[]): string[] {
  if (allowedOrigins.includes('*')) return ['*']
  return ["'self'", ...allowedOrigins.filter((origin) => ORIGIN.test(origin))]
}
