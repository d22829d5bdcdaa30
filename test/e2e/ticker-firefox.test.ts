import { openFirefox } from '../support/firefox.ts'
import { testTickerIn } from '../support/ticker-in.ts'

testTickerIn('Firefox', process.env.FIREFOX_PATH, openFirefox)
