import { DamagedError, messageOf, UnavailableError } from '../../platform/errors.ts'
import type { Store } from './store.ts'

/**
 * Reads a stored record; `key` is its Redis key. A record that cannot be read is named in the store's faults until it
 * can be read again. Errors: UnavailableError, DamagedError.
 */
export async function readStored<T>(
  store: Pick<Store, 'faults'>,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  const { faults } = store
  try {
    const record = await read()
    faults.mended('record', key)
    return record
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    faults.found('record', key, error, () => readStored(store, key, read).catch(() => undefined))
    throw new DamagedError(key, `${key} cannot be read: ${messageOf(error)}`, error)
  }
}
