import { announce } from './words.js'

const PDF = 'application/pdf'

/** One viewer: names of papers, page, search, "quote this place"; a page is a canvas with its text laid over it. */
export function startViewer(viewer, pdfjs) {
  pdfjs.GlobalWorkerOptions.workerSrc = viewer.dataset.worker
  const part = (name) => viewer.querySelector(`[data-${name}]`)
  const state = { file: null, id: '', name: '', page: 1, found: '', turn: 0 }

  viewer.querySelector('.eh-viewer__tabs').addEventListener('click', (event) => {
    const tab = event.target.closest('[data-document]')
    if (!tab || tab.dataset.type !== PDF) return
    event.preventDefault()
    open(tab)
  })
  viewer.querySelectorAll('[data-turn]').forEach((button) => button.addEventListener('click', () => show(state.page + Number(button.dataset.turn))))
  part('page').addEventListener('change', (event) => show(Number(event.target.value)))
  part('find').addEventListener('submit', (event) => {
    event.preventDefault()
    find(event.target.querySelector('input').value.trim())
  })
  part('desk').addEventListener('keydown', (event) => {
    if (event.key === 'PageDown') show(state.page + 1)
    else if (event.key === 'PageUp') show(state.page - 1)
  })
  if (part('quote')) part('quote').addEventListener('click', quote)
  let waiting
  window.addEventListener('resize', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => state.file && show(state.page), 150)
  })
  const first = viewer.querySelector(`.eh-viewer__tab[aria-current][data-type="${PDF}"]`)
  if (first) open(first)

  async function open(tab) {
    viewer.querySelectorAll('.eh-viewer__tab').forEach((each) => each.removeAttribute('aria-current'))
    tab.setAttribute('aria-current', 'true')
    tell(viewer.dataset.wordsLoading)
    const turn = ++state.turn
    if (state.file) state.file.destroy()
    state.file = null
    try {
      const file = await pdfjs.getDocument({
        url: tab.href, isEvalSupported: false, cMapUrl: viewer.dataset.cmaps, cMapPacked: true,
        standardFontDataUrl: viewer.dataset.fonts, withCredentials: true
      }).promise
      if (turn !== state.turn) return
      Object.assign(state, { file, id: tab.dataset.document, name: tab.textContent.trim(), found: '' })
      part('pages').textContent = file.numPages
      part('page').max = file.numPages
      tell('')
      await show(remembered(state.id))
    } catch {
      tell(viewer.dataset.wordsFailed)
    }
  }

  async function show(number) {
    if (!state.file || !(number >= 1 && number <= state.file.numPages)) return
    const turn = ++state.turn
    const page = await state.file.getPage(number)
    const width = part('desk').clientWidth - 2 * parseFloat(getComputedStyle(part('desk')).paddingLeft)
    if (turn !== state.turn || width < 40) return
    state.page = number
    part('page').value = number
    remember(state.id, number)
    const viewport = page.getViewport({ scale: Math.min(width, 900) / page.getViewport({ scale: 1 }).width })
    await draw(page, viewport, turn)
  }

  async function draw(page, viewport, turn) {
    const sheet = part('sheet')
    const canvas = part('canvas')
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    const text = part('text')
    sheet.hidden = false
    sheet.style.width = `${Math.floor(viewport.width)}px`
    sheet.style.height = `${Math.floor(viewport.height)}px`
    const fresh = canvas.cloneNode()
    fresh.width = Math.floor(viewport.width * ratio)
    fresh.height = Math.floor(viewport.height * ratio)
    canvas.replaceWith(fresh)
    text.replaceChildren()
    text.style.setProperty('--scale-factor', viewport.scale)
    await page.render({
      canvasContext: fresh.getContext('2d'), viewport, transform: ratio === 1 ? null : [ratio, 0, 0, ratio, 0, 0]
    }).promise
    if (turn !== state.turn) return
    await new pdfjs.TextLayer({ textContentSource: await page.getTextContent(), container: text, viewport }).render()
    mark()
  }

  async function find(sought) {
    state.found = sought
    const said = part('found')
    said.textContent = ''
    if (!sought || !state.file) {
      mark()
      return
    }
    for (let ahead = 0; ahead < state.file.numPages; ahead += 1) {
      const number = (state.page - 1 + (mark.count && state.asked === sought ? 1 : 0) + ahead) % state.file.numPages + 1
      const content = await (await state.file.getPage(number)).getTextContent()
      if (flat(content.items.map((item) => item.str).join('')).includes(flat(sought))) {
        state.asked = sought
        await show(number)
        return
      }
    }
    said.textContent = viewer.dataset.wordsNone
  }

  function mark() {
    const sought = flat(state.found)
    mark.count = 0
    const spans = [...part('text').querySelectorAll('span')]
    spans.forEach((span) => span.classList.remove('is-found'))
    if (!sought) return
    const whole = spans.map((span) => flat(span.textContent))
    const joined = whole.join('')
    for (let at = joined.indexOf(sought); at >= 0; at = joined.indexOf(sought, at + 1)) {
      let start = 0
      whole.forEach((piece, index) => {
        if (start < at + sought.length && start + piece.length > at) spans[index].classList.add('is-found')
        start += piece.length
      })
      mark.count += 1
    }
  }

  function quote() {
    if (!state.file) return
    const chosen = window.getSelection()
    const inside = chosen.rangeCount && part('text').contains(chosen.anchorNode)
    const text = inside ? chosen.toString().replace(/\s+/g, ' ').trim().slice(0, 200) : ''
    viewer.dispatchEvent(new CustomEvent('evalhub:quote', {
      bubbles: true, detail: { document: state.id, name: state.name, page: state.page, quote: text }
    }))
  }

  function tell(text) {
    const line = part('status')
    line.textContent = text
    line.hidden = !text
    if (text) announce(text)
  }
}

const flat = (text) => text.replace(/\s+/g, '').toLowerCase()

function remembered(id) {
  try { return Number(sessionStorage.getItem(`evalhub.page.${id}`)) || 1 } catch { return 1 }
}

function remember(id, page) {
  try { sessionStorage.setItem(`evalhub.page.${id}`, page) } catch { /* the next visit begins on page 1 */ }
}
