/** The number in each `hello`. Additions do not change it: a reader ignores unknown frames and fields. */
export const PROTOCOL_VERSION = 1
