import type { Ajv, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { DescribedDocument } from './described.ts'

/** The schemas of the document, compiled when they are first needed. */
export class AnswerSchemas {
  readonly #exact: Ajv
  /** Values of a query are text: `7` may be a number. */
  readonly #text: Ajv
  readonly #compiled = new Map<string, ValidateFunction>()

  /** OpenAPI 3.1 has schemas of 2020-12, AsyncAPI 3.0 of draft 07. */
  constructor({ whole }: Pick<DescribedDocument, 'whole'>, Dialect: typeof Ajv = Ajv2020) {
    const closed = close(structuredClone(whole)) as object
    const options = { strict: false, allErrors: true, logger: false } as const
    this.#exact = new Dialect(options)
    this.#text = new Dialect({ ...options, coerceTypes: true })
    for (const ajv of [this.#exact, this.#text]) {
      addFormats.default(ajv)
      ajv.addSchema(closed, 'document')
    }
  }

  /** The faults of a value, compared with the schema at a JSON pointer of the document. */
  faults(pointer: string, value: unknown, kind: 'exact' | 'text' = 'exact'): string[] {
    const validate = this.#validate(pointer, kind)
    // Coercion writes into the object around the value.
    const given = kind === 'text' ? { value } : value
    if (validate(given)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }

  #validate(pointer: string, kind: 'exact' | 'text'): ValidateFunction {
    const key = `${kind} ${pointer}`
    const known = this.#compiled.get(key)
    if (known) return known
    const schema = { $ref: `document#${encodeURI(pointer)}` }
    const compiled =
      kind === 'exact'
        ? this.#exact.compile(schema)
        : this.#text.compile({ type: 'object', properties: { value: schema } })
    this.#compiled.set(key, compiled)
    return compiled
  }
}

/** A client takes members that it does not know; the tests do not: what is served is described. */
function close(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(close)
  if (typeof part !== 'object' || part === null) return part
  const closed = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, close(value)]))
  const isObject = closed.type === 'object' && typeof closed.properties === 'object'
  return isObject && !('additionalProperties' in closed) ? { ...closed, additionalProperties: false } : closed
}
