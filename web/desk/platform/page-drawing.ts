import { Drawing } from './drawing.ts'

/** All parts of the page share one, so that one event is drawn once. */
export const pageDrawing = new Drawing(globalThis)
