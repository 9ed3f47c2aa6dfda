import { announce } from './words.js'

/** Buttons with data-copy put their text on the clipboard; where that is refused, the text is selected instead. */
export function startCopies() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    try {
      await navigator.clipboard.writeText(button.dataset.copy || window.location.href)
      button.classList.add('is-copied')
      announce(button.dataset.copied || '✓', { always: true })
    } catch {
      getSelection().selectAllChildren(button.parentElement)
    }
  })
}
