import { word } from './words.js'

/** While htmx fetches: old content at 60 %, after 2 s words and seconds, after 10 s a way to stop. */
export function startLoading() {
  document.addEventListener('htmx:beforeRequest', (event) => begin(event.detail))
  document.addEventListener('htmx:afterRequest', (event) => end(event.detail.target))
}

const running = new WeakMap()

function begin({ target, elt }) {
  if (!target || running.has(target)) return
  target.setAttribute('aria-busy', 'true')
  const started = Date.now()
  const line = document.createElement('p')
  line.className = 'eh-loading-line'
  line.setAttribute('role', 'status')
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000)
    if (seconds < 2) return
    if (!line.isConnected) target.before(line)
    if (!line.firstChild) line.append(document.createElement('span'))
    line.firstChild.textContent = word('loading', { n: seconds })
    if (seconds >= 10 && !line.querySelector('button')) line.append(stopButton(elt))
  }, 500)
  running.set(target, { timer, line })
}

function stopButton(elt) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'eh-button eh-button--small'
  button.textContent = word('cancel')
  button.addEventListener('click', () => window.htmx.trigger(elt, 'htmx:abort'))
  return button
}

function end(target) {
  const state = target && running.get(target)
  if (!state) return
  clearInterval(state.timer)
  state.line.remove()
  target.removeAttribute('aria-busy')
  running.delete(target)
}
