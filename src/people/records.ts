import type { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { answered } from '../eventlog/store/scripts.ts'

/** A record as it was read; what is written in its place names what was seen. */
export interface Seen<T> {
  readonly record: T
  readonly raw: string
}

/** Records of one kind: fields of a hash, JSON. */
export class Records<T extends { readonly id: string }> {
  readonly #store: Store
  readonly #key: string
  readonly #schema: z.ZodType<T>

  constructor(store: Store, key: string, schema: z.ZodType<T>) {
    this.#store = store
    this.#key = key
    this.#schema = schema
  }

  async read(id: string): Promise<Seen<T> | undefined> {
    const raw = await answered(this.#store.redis.hget(this.#key, id))
    return raw === null ? undefined : this.#parse(raw)
  }

  async list(): Promise<Seen<T>[]> {
    const all = await answered(this.#store.redis.hvals(this.#key))
    return all.map((raw) => this.#parse(raw))
  }

  add(record: T): Write {
    return { key: this.#key, field: record.id, seen: null, value: JSON.stringify(record) }
  }

  replace({ raw }: Seen<T>, record: T): Write {
    return { key: this.#key, field: record.id, seen: raw, value: JSON.stringify(record) }
  }

  remove({ raw, record }: Seen<T>): Write {
    return { key: this.#key, field: record.id, seen: raw, value: null }
  }

  /** Changes nothing, and holds only while the record is as it was seen. */
  guard({ raw, record }: Seen<T>): Write {
    return { key: this.#key, field: record.id, seen: raw, value: raw }
  }

  #parse(raw: string): Seen<T> {
    return { raw, record: this.#schema.parse(JSON.parse(raw)) }
  }
}
