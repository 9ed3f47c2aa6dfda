import { announce, fill } from './words.js'

/** Ticks of a table and the bar on its head: how many, and what differs among them. */
export function startBulk() {
  document.addEventListener('change', (event) => {
    const card = event.target.closest('.eh-table-card')
    if (!card || !card.querySelector('[data-bulk]')) return
    if (event.target.matches('[data-bulk-all]')) setAll(card, event.target.checked)
    if (event.target.matches('[data-bulk-all], [data-bulk-row]')) show(card)
  })
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-bulk-clear]')) return
    const card = event.target.closest('.eh-table-card')
    setAll(card, false)
    show(card)
    card.querySelector('[data-bulk-all]').focus()
  })
  document.querySelectorAll('.eh-table-card').forEach((card) => card.querySelector('[data-bulk]') && show(card, true))
}

function rows(card) {
  return [...card.querySelectorAll('[data-bulk-row]')]
}

function setAll(card, checked) {
  rows(card).forEach((box) => { box.checked = checked })
}

function show(card, isFirst = false) {
  const boxes = rows(card)
  const chosen = boxes.filter((box) => box.checked)
  boxes.forEach((box) => box.closest('tr').classList.toggle('is-selected', box.checked))
  const bar = card.querySelector('[data-bulk]')
  const all = bar.querySelector('[data-bulk-all]')
  const count = bar.querySelector('[data-bulk-count]')
  const differs = bar.querySelector('[data-bulk-differs]')
  bar.classList.toggle('eh-bulk--idle', chosen.length === 0)
  all.checked = chosen.length > 0 && chosen.length === boxes.length
  all.indeterminate = chosen.length > 0 && chosen.length < boxes.length
  count.textContent = fill(count.dataset.words, { n: chosen.length })
  differs.textContent = chosen.length ? differences(chosen, differs.dataset.words) : differs.dataset.idle
  if (!isFirst) announce(`${count.textContent} ${differs.textContent}`, { always: true })
}

function differences(chosen, words) {
  const counts = new Map()
  chosen.forEach((box) => {
    const fact = box.closest('tr').dataset.differs
    if (fact) counts.set(fact, (counts.get(fact) || 0) + 1)
  })
  return [...counts].map(([fact, n]) => fill(words, { n, fact })).join(' · ')
}
