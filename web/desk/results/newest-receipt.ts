/** Counts of the newest release, as the gateways report them. */
export interface NewestReceipt {
  readonly position: string
  readonly written: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly cleared?: { readonly screens: number; readonly cleared: number }
  readonly gateways: readonly { readonly readers: number }[]
}
