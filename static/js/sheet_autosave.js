import { announce, fill } from './words.js'

const QUIET_MS = 1200
const RETRY_MS = 8000

/**
 * Keeps the sheet on the server: a moment after typing, one request at a time, each with the next idempotency key and
 * version. What has not arrived stays in this tab's store, so a reload or signing in again loses nothing.
 */
export function startAutosave(form, { onConflict, notice, clearNotice, afterRestore }) {
  const saved = document.querySelector('[data-saved]')
  const words = document.querySelector('[data-notices]').dataset
  const store = `evalhub.sheet.${new URL(form.action).pathname}`
  const state = { timer: null, isSending: false, isDirty: false, isStopped: false }

  function touch() {
    state.isDirty = true
    keep()
    show('open')
    clearTimeout(state.timer)
    state.timer = setTimeout(send, QUIET_MS)
  }

  async function send() {
    if (state.isSending || state.isStopped || !state.isDirty) return
    state.isSending = true
    state.isDirty = false
    show('saving')
    const outcome = await post(form)
    state.isSending = false
    if (outcome.kind === 'saved') settle(outcome.told)
    else if (outcome.kind === 'conflict') stop(() => onConflict())
    else if (outcome.kind === 'refused') retry(fill(words.refused, { reason: outcome.reason }), false)
    else retry(outcome.kind === 'signed-out' ? words.signedOut : words.offline, true)
    if (state.isDirty && outcome.kind === 'saved') send()
  }

  function settle(told) {
    setField('idempotency_key', told.idempotency_key)
    setField('version', told.version)
    clearNotice()
    if (!state.isDirty) forget()
    show('saved', told.saved_at)
  }

  function retry(text, again) {
    state.isDirty = true
    show('open')
    notice('warn', text)
    if (again) state.timer = setTimeout(async () => { await renewToken(form); send() }, RETRY_MS)
  }

  function stop(tell) {
    state.isStopped = true
    keep()
    show('open')
    tell()
  }

  function show(kind, time) {
    saved.classList.toggle('is-open', kind === 'open')
    const text = { saving: saved.dataset.wordsSaving, open: saved.dataset.wordsOpen }[kind] || fill(saved.dataset.wordsSaved, { time })
    saved.querySelector('[data-saved-words]').textContent = text
    if (kind === 'saved') announce(text)
  }

  function setField(name, value) {
    form.querySelector(`[name="${name}"]`).value = value
  }

  function keep() {
    const values = [...new FormData(form)].filter(([name]) => /^(points|na|reason|document|page|quote)\./.test(name))
    try { sessionStorage.setItem(store, JSON.stringify(values)) } catch { /* the page itself still holds it */ }
  }

  function forget() {
    try { sessionStorage.removeItem(store) } catch { /* nothing was kept */ }
  }

  function restore() {
    let values
    try { values = JSON.parse(sessionStorage.getItem(store)) } catch { values = null }
    if (!values) return
    const typed = new Map(values)
    form.querySelectorAll('[data-line] [name]').forEach((field) => {
      if (field.type === 'checkbox') field.checked = typed.has(field.name)
      else if (typed.has(field.name)) field.value = typed.get(field.name)
    })
    afterRestore()
    notice('act', words.restored)
    touch()
  }

  window.addEventListener('beforeunload', (event) => {
    if ((state.isDirty || state.isSending) && !form.dataset.submitting) event.preventDefault()
  })
  window.addEventListener('online', send)
  form.addEventListener('submit', () => { form.dataset.submitting = 'true'; forget() })
  restore()
  return { touch, flush: send, isClean: () => !state.isDirty && !state.isSending }
}

async function post(form) {
  try {
    const answer = await fetch(form.action, {
      method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, credentials: 'same-origin'
    })
    if (answer.status === 409) return { kind: 'conflict' }
    const isJson = (answer.headers.get('content-type') || '').includes('json')
    if (answer.ok && isJson && !answer.redirected) return { kind: 'saved', told: await answer.json() }
    if (answer.status === 422 && isJson) return { kind: 'refused', reason: reasonOf(await answer.json()) }
    if (answer.status === 429 || answer.status >= 500) return { kind: 'offline' }
    return { kind: 'signed-out' }
  } catch {
    return { kind: 'offline' }
  }
}

function reasonOf(told) {
  return [...(told.form || []), ...Object.values(told.fields || {}).flat()].join(' ')
}

/** After signing in again the token is another one; the version stays that of what was read. */
async function renewToken(form) {
  try {
    const answer = await fetch(window.location.href, { credentials: 'same-origin' })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.getElementById(form.id)
    if (!fresh) return
    for (const name of ['csrf_token', 'idempotency_key']) {
      form.querySelector(`[name="${name}"]`).value = fresh.querySelector(`[name="${name}"]`).value
    }
  } catch { /* still offline; the next try asks again */ }
}
