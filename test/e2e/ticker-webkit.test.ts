import { testTickerIn } from '../support/ticker-in.ts'
import { openWebKit } from '../support/webkit.ts'

testTickerIn('WebKit', process.env.WEBKIT_DRIVER_PATH, openWebKit)
