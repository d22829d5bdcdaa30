import FlashlineOnAir from './flashline-on-air.ts'

// The page /on-air/{feed}, for browser sources: it plays by itself. Its settings are in the address: those of the key
// behind `#`, which browsers do not send to a server.

customElements.define('flashline-on-air', FlashlineOnAir)
const [feed] = location.pathname.split('/').slice(-1)
const secret = new URLSearchParams(location.hash.slice(1))
const data = {
  ...Object.fromEntries(new URLSearchParams(location.search)),
  ...Object.fromEntries(secret),
  feed,
}
const graphic = new FlashlineOnAir()
document.body.append(graphic)
void graphic.load({ data }).then(() => graphic.playAction())
