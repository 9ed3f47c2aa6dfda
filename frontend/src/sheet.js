import { openDialog } from '../../static/js/dialog.js'
import { singleKeysAreOn } from '../../static/js/keys.js'
import { startAutosave } from '../../static/js/sheet_autosave.js'
import { readPoints, showPoints } from '../../static/js/sheet_points.js'
import { makeView } from '../../static/js/sheet_view.js'
import { announce, fill } from '../../static/js/words.js'

const form = document.querySelector('[data-sheet-form]')
startPanes()
if (form && document.querySelector('[data-saved]')) startSheet()

function startSheet() {
  const view = makeView(form)
  const notices = document.querySelector('[data-notices]')
  const notice = (kind, text, extra) => {
    const box = document.createElement('div')
    box.className = `eh-message eh-message--${kind}`
    box.append(text, ...(extra ? [' ', extra] : []))
    notices.replaceChildren(box)
    announce(text, { urgent: kind !== 'act' })
  }
  const autosave = startAutosave(form, {
    notice,
    clearNotice: () => notices.replaceChildren(),
    afterRestore: () => view.showAll(),
    onConflict: () => notice('bad', view.words.conflict, compareButton(view.words.compare))
  })

  const changed = (row) => { view.showLine(row); view.showSums(); autosave.touch() }
  form.addEventListener('input', (event) => {
    const row = event.target.closest('[data-line]')
    if (row) changed(row)
  })
  form.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-line]')
    if (row) view.open(row)
  })
  form.addEventListener('focusout', (event) => {
    if (!event.target.matches('[data-score]')) return
    const points = readPoints(event.target.value)
    if (Number.isInteger(points)) event.target.value = showPoints(points)
    autosave.flush()
  })
  form.addEventListener('click', (event) => onClick(event, view, changed))
  form.addEventListener('keydown', (event) => onKey(event, view, changed))
  document.addEventListener('evalhub:quote', (event) => place(view, changed, event.detail))
  document.querySelector('[data-next-open]').addEventListener('click', () => nextOpen(view))
  document.querySelector('[data-previous-line]').addEventListener('click', () => step(view, view.current(), -1))
  document.querySelector('[data-check-submit]').addEventListener('click', (event) => check(view, notice, event.currentTarget))
  view.showAll()
  view.open(view.lacking().length ? view.lacking()[0].row : view.rows[0])
}

function compareButton(text) {
  const button = document.createElement('button')
  button.type = 'submit'
  button.setAttribute('form', form.id)
  button.className = 'eh-button eh-button--small'
  button.textContent = text
  return button
}

function onClick(event, view, changed) {
  const row = event.target.closest('[data-line]')
  if (!row) return
  const score = row.querySelector('[data-score]')
  const stepper = event.target.closest('[data-step]')
  const quick = event.target.closest('[data-quick]')
  if (stepper) {
    const points = readPoints(score.value)
    const from = Number.isInteger(points) ? points : 0
    score.value = showPoints(Math.min(Number(row.dataset.full), Math.max(0, from + Number(stepper.dataset.step))))
    changed(row)
  } else if (quick) {
    score.value = showPoints(Number(quick.dataset.quick))
    changed(row)
  } else if (event.target.closest('[data-place-button]')) showPane('papers')
}

function onKey(event, view, changed) {
  const row = event.target.closest('[data-line]')
  if (!row || event.isComposing) return
  if (event.key === 'Enter' && event.ctrlKey) run(event, () => document.querySelector('[data-check-submit]').click())
  else if (!event.target.matches('[data-score]')) return
  else if (event.key === 'Enter') run(event, () => step(view, row, event.shiftKey ? -1 : 1))
  else if (event.key === 'Delete') run(event, () => { event.target.value = ''; changed(row) })
  else if (!singleKeysAreOn() || event.ctrlKey || event.altKey || event.metaKey) return
  else if (event.key.toLowerCase() === 'r') run(event, () => row.querySelector('[data-reason]').focus())
  else if (event.key.toLowerCase() === 'q') run(event, () => document.querySelector('[data-quote]').click())
  else if (event.key.toLowerCase() === 'n' && row.querySelector('[data-na]')) run(event, () => row.querySelector('[data-na]').click())
}

function run(event, action) {
  event.preventDefault()
  action()
}

function step(view, row, by) {
  const at = view.rows.indexOf(row) + by
  if (at >= 0 && at < view.rows.length) goTo(view, view.rows[at])
}

function goTo(view, row) {
  showPane('lines')
  row.closest('details').open = true
  view.open(row)
  const score = row.querySelector('[data-score]')
  score.focus()
  score.select()
  row.scrollIntoView({ block: 'nearest' })
}

/** The next line that lacks something, after the open one and then from the top; on a phone simply the next line. */
function nextOpen(view) {
  const here = view.rows.indexOf(view.current())
  if (window.matchMedia('(max-width: 639px)').matches && here + 1 < view.rows.length) {
    goTo(view, view.rows[here + 1])
    return
  }
  const lacking = view.lacking().map(({ row }) => row)
  const next = lacking.find((row) => view.rows.indexOf(row) > here) || lacking[0]
  if (next) goTo(view, next)
}

function place(view, changed, { document: id, name, page, quote }) {
  const row = view.current()
  const words = row.querySelector('[data-place-words]')
  row.querySelector('[data-place-document]').value = id
  row.querySelector('[data-place-page]').value = page
  row.querySelector('[data-place-quote]').value = quote
  const head = document.createElement('b')
  head.textContent = `${name} ${fill(words.dataset.page, { n: page })}`
  const text = document.createElement('span')
  text.className = 'eh-place__quote'
  text.textContent = quote && `“${quote}”`
  words.replaceChildren(head, text)
  changed(row)
  showPane('lines')
  announce(head.textContent, { always: true })
}

function check(view, notice, opener) {
  const lacking = view.lacking()
  if (lacking.length) {
    const list = document.createElement('ul')
    lacking.forEach(({ row, faults }) => list.append(entry(view, row, faults)))
    notice('warn', view.words.missing, list)
    list.querySelector('a').focus()
    return
  }
  const summary = document.querySelector('[data-submit-summary]')
  const total = view.total()
  summary.textContent = fill(summary.dataset.words, { lines: total.lines, total: document.querySelector('[data-projected]') && showPoints(total.points) })
  openDialog(document.getElementById('submit-sheet'), opener)
}

function entry(view, row, faults) {
  const told = { score: view.words.noScore, reason: view.words.noReason, place: view.words.noPlace, number: view.words.noNumber, high: view.words.noNumber }
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = `#${row.id}`
  link.textContent = `${row.querySelector('.eh-line-row__name').textContent} · ${faults.map((fault) => told[fault]).join(' · ')}`
  link.addEventListener('click', (event) => run(event, () => goTo(view, row)))
  item.append(link)
  return item
}

function startPanes() {
  document.querySelectorAll('[data-view]').forEach((button) => button.addEventListener('click', () => showPane(button.dataset.view)))
  const panes = document.querySelector('.eh-focus-panes')
  document.querySelectorAll('[data-split]').forEach((button) => button.addEventListener('click', () => {
    panes.classList.toggle('is-split-40', button.dataset.split === '40')
    panes.classList.toggle('is-split-50', button.dataset.split === '50')
    window.dispatchEvent(new Event('resize'))
  }))
}

function showPane(name) {
  const panes = document.querySelector('.eh-focus-panes')
  if (panes.dataset.shown === name) return
  panes.dataset.shown = name
  document.querySelectorAll('[data-view]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.view === name)))
  window.dispatchEvent(new Event('resize'))
}
