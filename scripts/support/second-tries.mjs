/**
 * Replaces the imports on demand, so that a failed one can be tried again. Browsers keep the failure of an import for the
 * life of the page (the HTML Standard before 2026; Chromium 150), but not for another address: the next try has a query.
 *
 * @param {string} module
 * @param {string} [address] the address of a part, from `name` and `tried[name]`
 * @returns {{ text: string, load: string }} `load` declares what `text` uses
 */
export function withSecondTries(module, address = 'name+[tried[name]]') {
  return {
    text: module.replace(/\bimport\((["'`])(\.\/[^"'`]+)\1\)/g, 'LOAD("$2")'),
    load:
      `tried={},LOAD=name=>import(${address})` +
      // An array of nothing is an empty text.
      '.catch(fault=>{tried[name]=[tried[name]]+"?";throw fault})',
  }
}
