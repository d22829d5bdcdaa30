import { openFirefox } from '../support/firefox.ts'
import { testPartnerTickerIn } from '../support/partner-ticker-in.ts'

testPartnerTickerIn('Firefox', process.env.FIREFOX_PATH, openFirefox)
