import { announce, fill } from './words.js'

const STORE = 'evalhub.uploads'
const SVG = 'http://www.w3.org/2000/svg'

/**
 * Drop boxes: files go out one after another, each with its bar, seconds left and a way to stop. The answer is the page the
 * route redirects to; its block of the same id takes the place of this one, and with it the next idempotency key. Where more
 * than the box changes, an element around it with an id and `data-upload-renews` is renewed instead.
 */
export function startUploads() {
  document.querySelectorAll('[data-upload]').forEach(showBrokenOff)
  document.addEventListener('change', (event) => {
    const box = event.target.type === 'file' && event.target.closest('[data-upload]')
    if (box) send(box.id, [...event.target.files])
  })
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    document.addEventListener(kind, (event) => {
      const drop = event.target.closest && event.target.closest('.eh-drop')
      if (!drop) return
      event.preventDefault()
      drop.classList.toggle('is-over', kind === 'dragover')
      if (kind === 'drop') send(drop.closest('[data-upload]').id, [...event.dataTransfer.files])
    })
  }
}

async function send(id, files) {
  const waiting = files.map((file) => ({ file, row: addRow(document.getElementById(id), file.name) }))
  for (const { file, row } of waiting) {
    const box = document.getElementById(id)
    const list = box.querySelector('[data-upload-list]')
    if (!row.isConnected) list.append(row)
    const limit = Number(box.dataset.limit)
    if (limit && file.size > limit) {
      refuse(row, fill(box.dataset.wordsLarge, { limit: `${Math.floor(limit / 1048576)} MB` }))
      continue
    }
    await sendOne(box, file, row)
    waiting.forEach((later) => {
      if (!later.row.isConnected && !later.row.dataset.done) {
        document.getElementById(id).querySelector('[data-upload-list]').append(later.row)
      }
    })
  }
}

function sendOne(box, file, row) {
  const form = box.querySelector('[data-upload-form]')
  const body = new FormData(form)
  const field = form.querySelector('input[type="file"]').name
  body.delete(field)
  body.append(field, file)
  const request = new XMLHttpRequest()
  const started = Date.now()
  remember(box.id, file.name, 0)
  return new Promise((resolve) => {
    const finish = () => { forget(box.id, file.name); row.dataset.done = 'true'; resolve() }
    row.querySelector('button').addEventListener('click', () => request.abort())
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress(box, row, file, event.loaded / event.total, started)
    })
    request.addEventListener('load', () => { settle(box, row, request); finish() })
    request.addEventListener('error', () => { refuse(row, box.dataset.wordsFailed); finish() })
    request.addEventListener('abort', () => { row.remove(); finish() })
    request.open('POST', form.action)
    request.send(body)
  })
}

function progress(box, row, file, share, started) {
  const n = Math.floor(share * 100)
  row.querySelector('[data-done]').setAttribute('width', `${n}%`)
  const words = row.querySelector('.eh-file__facts')
  if (share >= 1) {
    words.textContent = box.dataset.wordsChecking
    return
  }
  const seconds = Math.ceil(((Date.now() - started) / 1000) * (1 - share) / Math.max(share, 0.001))
  const left = seconds > 90
    ? fill(box.dataset.wordsMinutes, { n: Math.ceil(seconds / 60) })
    : fill(box.dataset.wordsSeconds, { n: seconds })
  words.textContent = fill(box.dataset.wordsSending, { n, left })
  announce(`${file.name} ${words.textContent}`)
  remember(box.id, file.name, n)
}

function settle(box, row, request) {
  const page = new DOMParser().parseFromString(request.responseText, 'text/html')
  const around = box.closest('[data-upload-renews]') || box
  const renewed = page.getElementById(around.id)
  if (request.status < 400 && renewed) {
    around.replaceWith(renewed)
    announce(row.querySelector('[data-name]').textContent, { always: true })
    return
  }
  refuse(row, faultOf(request, page) || box.dataset.wordsFailed)
  const fresh = page.getElementById(box.id)
  const form = fresh && fresh.querySelector('[data-upload-form]')
  if (form) box.querySelector('[data-upload-form]').replaceWith(form)
}

function faultOf(request, page) {
  if ((request.getResponseHeader('content-type') || '').includes('json')) {
    const told = JSON.parse(request.responseText)
    return [...(told.form || []), ...Object.values(told.fields || {}).flat()].join(' ')
  }
  const told = page.querySelector('[data-upload-error], .eh-field__error, #error-summary b')
  return told && told.textContent.trim()
}

function addRow(box, name) {
  const row = document.createElement('li')
  row.className = 'eh-file'
  const label = document.createElement('span')
  label.dataset.name = ''
  label.textContent = name
  const facts = document.createElement('span')
  facts.className = 'eh-file__facts'
  const stop = document.createElement('button')
  stop.type = 'button'
  stop.className = 'eh-button eh-button--link'
  stop.textContent = box.dataset.wordsCancel
  row.append(label, bar(), facts, stop)
  box.querySelector('[data-upload-list]').append(row)
  return row
}

function bar() {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'eh-file__bar')
  svg.setAttribute('aria-hidden', 'true')
  for (const [css, width] of [['eh-load__off', '100%'], ['eh-load__on', '0%']]) {
    const rect = document.createElementNS(SVG, 'rect')
    rect.setAttribute('class', css)
    rect.setAttribute('width', width)
    rect.setAttribute('height', '6')
    svg.append(rect)
  }
  svg.lastChild.dataset.done = ''
  return svg
}

function refuse(row, reason) {
  row.classList.add('eh-file--refused')
  row.querySelector('.eh-file__facts').textContent = reason
  row.querySelectorAll('svg, button').forEach((part) => part.remove())
  announce(reason, { urgent: true })
}

function stored() {
  try { return JSON.parse(sessionStorage.getItem(STORE) || '{}') } catch { return {} }
}

function remember(id, name, percent) {
  const all = stored()
  all[id] = { ...all[id], [name]: percent }
  try { sessionStorage.setItem(STORE, JSON.stringify(all)) } catch { /* without a store a broken upload is not told */ }
}

function forget(id, name) {
  const all = stored()
  if (all[id]) delete all[id][name]
  try { sessionStorage.setItem(STORE, JSON.stringify(all)) } catch { /* see remember */ }
}

/** After a reload: what was under way says so, and asks for the file again. */
function showBrokenOff(box) {
  for (const [name, n] of Object.entries(stored()[box.id] || {})) {
    refuse(addRow(box, name), fill(box.dataset.wordsCut, { n }))
    forget(box.id, name)
  }
}
