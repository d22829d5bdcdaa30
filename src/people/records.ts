import type { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { answered } from '../eventlog/store/scripts.ts'

/** A record with the text that was read. A write to the record names this text as the expected value. */
export interface StoredRecord<T> {
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

  async read(id: string): Promise<StoredRecord<T> | undefined> {
    const raw = await answered(this.#store.redis.hget(this.#key, id))
    return raw === null ? undefined : this.#parse(raw)
  }

  /** Without damaged records, so that the others stay in use. */
  async list(): Promise<StoredRecord<T>[]> {
    const values = await answered(this.#store.redis.hgetall(this.#key))
    return Object.entries(values).flatMap(([id, raw]) => {
      return this.#store.faults.read(`${this.#key} ${id}`, () => this.#parse(raw)) ?? []
    })
  }

  /** Whether no record is stored, not even a damaged one. */
  async isEmpty(): Promise<boolean> {
    return (await answered(this.#store.redis.hlen(this.#key))) === 0
  }

  add(record: T): Write {
    return { key: this.#key, field: record.id, expected: null, value: JSON.stringify(record) }
  }

  replace({ raw }: StoredRecord<T>, record: T): Write {
    return { key: this.#key, field: record.id, expected: raw, value: JSON.stringify(record) }
  }

  remove({ raw, record }: StoredRecord<T>): Write {
    return { key: this.#key, field: record.id, expected: raw, value: null }
  }

  /** A write that changes nothing, and makes the whole change fail when the record has changed since it was read. */
  guard({ raw, record }: StoredRecord<T>): Write {
    return { key: this.#key, field: record.id, expected: raw, value: raw }
  }

  #parse(raw: string): StoredRecord<T> {
    return { raw, record: this.#schema.parse(JSON.parse(raw)) }
  }
}
