import { openDialog } from './dialog.js'
import { word } from './words.js'

/**
 * A link with data-drawer shows its page in the drawer at right; the address stays its own, so it prints and shares.
 * What is shown is the element `[data-drawer-content]` of that page.
 */
export function startDrawer(htmx) {
  const drawer = document.getElementById('drawer')
  if (!drawer || !drawer.showModal) return
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a[data-drawer]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    const content = await fetchContent(link.href)
    if (!content) {
      window.location.assign(link.href)
      return
    }
    drawer.replaceChildren(...content.childNodes)
    addClose(drawer)
    htmx.process(drawer)
    openDialog(drawer, link)
  })
  drawer.addEventListener('click', (event) => {
    if (event.target === drawer) drawer.close()
  })
}

async function fetchContent(address) {
  try {
    const answer = await fetch(address, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' })
    if (!answer.ok) return null
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    return page.querySelector('[data-drawer-content]')
  } catch {
    return null
  }
}

function addClose(drawer) {
  const head = drawer.querySelector('.eh-drawer__head')
  if (!head) return
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'eh-button eh-button--icon'
  button.setAttribute('aria-label', word('close'))
  button.dataset.dialogClose = ''
  button.autofocus = true
  const sprite = document.querySelector('use').getAttribute('href').split('#')[0]
  button.innerHTML = `<svg class="eh-icon" aria-hidden="true"><use href="${sprite}#x"></use></svg>`
  head.append(button)
}
