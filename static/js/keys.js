import { openDialog } from './dialog.js'

const STORE = 'evalhub.single-keys'

export function singleKeysAreOn() {
  try {
    return localStorage.getItem(STORE) !== 'off'
  } catch {
    return true
  }
}

export function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.type)
}

/** The keys of lists and forms; the sheet has its own. Keys with Ctrl or Alt stay on when single keys are switched off. */
export function startKeys() {
  const choice = document.querySelector('[data-keys-switch]')
  if (choice) {
    choice.checked = singleKeysAreOn()
    choice.addEventListener('change', () => {
      try { localStorage.setItem(STORE, choice.checked ? 'on' : 'off') } catch { /* a closed store keeps them on */ }
    })
  }
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    if (event.ctrlKey && event.key.toLowerCase() === 'k') act(event, focusSearch)
    else if (event.altKey && event.key.toLowerCase() === 's') act(event, () => press('[data-key-save], .eh-form__foot .eh-button--primary'))
    else if (event.altKey && event.key.toLowerCase() === 'n') act(event, () => press('[data-key-next], a[rel="next"]'))
    else if (!event.ctrlKey && !event.altKey && !event.metaKey && singleKeysAreOn() && !isTyping(event.target)) single(event)
  })
}

function single(event) {
  if (document.querySelector('dialog[open]')) return
  if (event.key === '?') act(event, () => openDialog(document.getElementById('keys')))
  else if (event.key === '/') act(event, focusSearch)
  else if (event.key === 'j') act(event, () => moveRow(1))
  else if (event.key === 'k') act(event, () => moveRow(-1))
  else if (event.key === 'x') act(event, () => inRow('[data-bulk-row]'))
  else if (event.key === 'o') act(event, () => inRow('[data-key-open], .eh-rowlinks a, th a, td a'))
}

function act(event, action) {
  if (action() !== false) event.preventDefault()
}

function focusSearch() {
  const box = document.getElementById('bar-search') || document.querySelector('.eh-query input:not([type="hidden"])')
  if (!box) return false
  box.focus()
  box.select()
  return true
}

function press(selector) {
  const target = document.querySelector(selector)
  if (!target) return false
  target.click()
  return true
}

function moveRow(step) {
  const rows = [...document.querySelectorAll('main .eh-table tbody tr')]
  if (!rows.length) return false
  const at = rows.findIndex((row) => row.classList.contains('is-current'))
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]
  rows.forEach((row) => row.classList.toggle('is-current', row === next))
  next.tabIndex = -1
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
  return true
}

function inRow(selector) {
  const target = document.querySelector('tr.is-current') && document.querySelector('tr.is-current').querySelector(selector)
  if (!target) return false
  target.click()
  return true
}
