import { z } from 'zod'
import type { Examples } from '../../protocol/operation.ts'
import type { Components } from './components.ts'

/** A frame as a message of AsyncAPI. */
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
  return (stream.options as readonly z.ZodObject[]).map((frame) => {
    const name = typeOf(frame)
    const own = samples.filter(({ type }) => type === name)
    return {
      name,
      ...(frame.description !== undefined && { summary: frame.description }),
      payload: components.schema(frame),
      ...(own.length > 0 && { examples: own.map((payload) => ({ payload })) }),
    }
  })
}

function typeOf({ shape }: z.ZodObject): string {
  if (!(shape.type instanceof z.ZodLiteral)) throw new Error('A frame has a `type` of its own')
  return String(shape.type.value)
}
