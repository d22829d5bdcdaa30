/** The parts of an OpenAPI document that the checks read. */
export interface DescribedOperation {
  readonly operationId: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
  }[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, DescribedResponse>>
}

export interface DescribedResponse {
  readonly headers?: Readonly<Record<string, DescribedHeader>>
  readonly content?: Readonly<Record<string, object>>
}

export interface DescribedHeader {
  readonly required?: boolean
}

export interface DescribedDocument {
  readonly whole: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  /** Follows a reference to a shared header. */
  resolve<T extends object>(described: T): T
}

/** The document with its shared responses put where they are referred to. */
export function readDocument(document: object): DescribedDocument {
  const whole = structuredClone(document) as Record<string, unknown>
  const resolve = <T extends object>(described: T): T => {
    const reference = (described as { $ref?: string }).$ref
    if (reference === undefined) return described
    const steps = reference.slice(2).split('/')
    return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], whole) as T
  }
  const paths = whole.paths as Record<string, Record<string, DescribedOperation>>
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations)) {
      const responses = operation.responses as Record<string, DescribedResponse>
      for (const [status, response] of Object.entries(responses)) responses[status] = resolve(response)
    }
  return { whole, paths, resolve }
}
