import type { ApiClient, Outcome } from './api-client.ts'

/** Makes a line the part of its feed in an edition. The same line joins once, so the request needs no key. */
export function joinLine(
  api: ApiClient,
  edition: string,
  { feed, id }: { readonly feed: string; readonly id: string },
): Promise<Outcome<unknown>> {
  return api.call(`/v1/editions/${edition}/parts/${feed}`, { method: 'PUT', body: { headline: id } })
}

const ID_BYTES = 16

/** The id of an edition that begins with a line that is there already. */
export function newEditionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
