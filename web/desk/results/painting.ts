/** Words of a line on an output on air, as receipts have them. */
export interface Painting {
  readonly output: string
  readonly name: string
  readonly version: number
  readonly first: string
  /** Absent while the output has reported no last frame. */
  readonly last?: string
}
