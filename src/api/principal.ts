import type { Request } from 'express'
import { principalOfKey } from '../people/api-keys.ts'
import type { People } from '../people/people.ts'
import type { Principal } from '../people/principal.ts'

export type { Principal } from '../people/principal.ts'

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i

/** Who calls, by an API key; undefined for a stranger. */
export async function whoCalls(people: People, { headers }: Request): Promise<Principal | undefined> {
  const key = BEARER.exec(headers.authorization ?? '')?.[1]
  return key === undefined ? undefined : principalOfKey(people, key)
}
