import { z } from 'zod'
import { problemBody, problems, type ProblemCode } from '../../protocol/problems.ts'
import { answerHeaders, type AnswerHeader } from '../../protocol/http-headers.ts'

/** OpenAPI 3.1 reads JSON Schema 2020-12, AsyncAPI 3.0 reads draft 07. */
type SchemaDialect = 'draft-2020-12' | 'draft-07'

/** The parts of the document that operations refer to: named schemas, headers, problem responses and examples. */
export class Components {
  readonly #dialect: SchemaDialect
  readonly #schemas: Record<string, unknown> = {}
  readonly #headers: Record<string, object> = {}
  readonly #responses: Record<string, object> = {}
  readonly #examples: Record<string, object> = {}

  constructor(dialect: SchemaDialect = 'draft-2020-12') {
    this.#dialect = dialect
  }

  described(): object {
    return {
      schemas: this.schemas(),
      responses: inOrder(this.#responses),
      headers: inOrder(this.#headers),
      examples: inOrder(this.#examples),
    }
  }

  schemas(): object {
    return inOrder(this.#schemas)
  }

  /** A JSON schema, with references where a schema in it has a name. */
  schema(schema: z.core.$ZodType): object {
    // Our transformations keep the JSON type, which zod cannot know: so the input describes answers too.
    const {
      $schema: _,
      $defs = {},
      definitions = {},
      ...described
    } = z.toJSONSchema(schema, { io: 'input', target: this.#dialect, override: tidy })
    for (const [name, definition] of Object.entries({ ...$defs, ...(definitions as object) }))
      this.#schemas[name] = referring(definition)
    return referring(described)
  }

  headers(names: readonly AnswerHeader[], isCertain: boolean): object {
    return Object.fromEntries(
      [...new Set(names)].map((name) => {
        const { description, example, always }: HeaderText = answerHeaders[name]
        const required = isCertain && always === true
        const component = always && !required ? `${name}-at-times` : name
        this.#headers[component] = {
          description,
          required,
          schema: { type: 'string' },
          ...(example !== undefined && { example }),
        }
        return [name, { $ref: `#/components/headers/${component}` }]
      }),
    )
  }

  /** Answers of one name are the same, and stand in the document once. */
  response(name: string, make: () => object): object {
    this.#responses[name] ??= make()
    return { $ref: `#/components/responses/${name}` }
  }

  problemExample(code: ProblemCode): object {
    this.#examples[code] ??= { summary: problems[code].title, value: problemBody(code).body }
    return { $ref: `#/components/examples/${code}` }
  }
}

interface HeaderText {
  readonly description: string
  readonly example?: string
  readonly always?: true
}

/** Removes what no client needs: bounds that every whole number has, and the pattern of a format. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
}

function referring(schema: object): object {
  const text = JSON.stringify(schema).replaceAll(/"#\/(?:\$defs|definitions)\//g, '"#/components/schemas/')
  return JSON.parse(text) as object
}

function inOrder<T>(named: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}
