/** The key or token of a request: the header wins over the parameter. */
export function credentialIn(authorization: string | undefined, token: unknown): string | undefined {
  const [, bearer] = /^bearer (.+)$/i.exec(authorization ?? '') ?? []
  return bearer ?? (typeof token === 'string' ? token : undefined)
}
