/** `https://news.example`, `capacitor://localhost`: nothing that would end the directive or mean something else. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.[\]:-]+$/i

/** Whose pages may read the lines may show them in a frame, too. A page without an origin (`null`) has no name here. */
export function frameAncestors(allowedOrigins: readonly string[]): string[] {
  if (allowedOrigins.includes('*')) return ['*']
  return ["'self'", ...allowedOrigins.filter((origin) => ORIGIN.test(origin))]
}
