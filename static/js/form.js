import { word } from './words.js'

/** Forms marked data-once go out once; the error summary takes the focus; Alt+S is the keys module's. */
export function startForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.matches('form[data-once]') || event.defaultPrevented) return
    if (form.dataset.sent) {
      event.preventDefault()
      return
    }
    form.dataset.sent = 'true'
    const button = event.submitter || form.querySelector('button[type="submit"], button:not([type])')
    if (button) button.setAttribute('aria-busy', 'true')
  })
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => {
      delete form.dataset.sent
      form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'))
    })
  })
  const focused = document.querySelector('[data-focus]')
  if (focused) focused.focus()
  document.addEventListener('htmx:afterSettle', (event) => {
    const heading = event.target.querySelector && event.target.querySelector('[data-focus]')
    if (heading) heading.focus()
  })
  document.addEventListener('htmx:beforeSwap', keepPagesOut)
  document.addEventListener('htmx:responseError', () => failed())
  document.addEventListener('htmx:sendError', () => failed())
}

function failed() {
  const region = document.getElementById('live-assertive')
  if (region) region.textContent = word('failed')
}

/** A whole page in answer to a part means that the session ended: what a person asked for leads to signing in. */
function keepPagesOut(event) {
  const { xhr, requestConfig } = event.detail
  if (!/^\s*<!doctype/i.test(xhr.responseText)) return
  event.detail.shouldSwap = false
  const asked = requestConfig.triggeringEvent
  if (asked && (asked.type === 'click' || asked.type === 'submit')) window.location.reload()
}
