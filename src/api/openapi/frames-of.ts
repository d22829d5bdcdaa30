import { z } from 'zod'
import type { Examples } from '../../protocol/operation.ts'
import type { Components } from './components.ts'

/** A frame, or the body of a webhook, as a message of AsyncAPI. */
export interface DescribedFrame {
  /** The `type` of the frame. */
  readonly name: string
  readonly summary?: string | undefined
  readonly payload: object
  readonly examples?: readonly object[]
}

/** The frames of a stream, one message for each `type`. Errors: an error where the schema is no union of frames. */
export function framesOf(
  stream: z.ZodType,
  components: Components,
  examples: Examples = {},
): DescribedFrame[] {
  if (!(stream instanceof z.ZodDiscriminatedUnion))
    throw new Error('A stream is a union of frames, by `type`')
  const samples = Object.values(examples).flatMap(({ value }) => value as { readonly type: string }[])
  return (stream.options as readonly z.ZodObject[]).flatMap((frame) =>
    typesOf(frame).map((name) => {
      const own = samples.filter(({ type }) => type === name)
      return {
        name,
        ...(frame.description !== undefined && { summary: frame.description }),
        payload: components.schema(frame),
        ...(own.length > 0 && { examples: own.map((payload) => ({ payload })) }),
      }
    }),
  )
}

function typesOf({ shape: { type } }: z.ZodObject): string[] {
  if (type instanceof z.ZodLiteral) return [String(type.value)]
  if (type instanceof z.ZodEnum) return type.options.map(String)
  throw new Error('A frame has a `type` of its own')
}
