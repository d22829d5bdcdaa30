/** A browser that a test steers, with no more than the drivers of all browsers can do. */
export interface DrivenBrowser {
  readonly open: (url: string) => Promise<DrivenPage>
  readonly close: () => Promise<void>
}

export interface DrivenPage {
  /** The value of an expression in the page. */
  readonly evaluate: <T>(expression: string) => Promise<T>
  /** Presses the tab key, as a reader does. */
  readonly pressTab: () => Promise<void>
  readonly close: () => Promise<void>
}
