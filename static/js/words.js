/** A phrase of the page's language from `#words`, with `{n}` and the like filled in. */
export function word(name, figures = {}) {
  const holder = document.getElementById('words')
  const text = (holder && holder.dataset[name]) || ''
  return fill(text, figures)
}

export function fill(text, figures) {
  return Object.entries(figures).reduce((said, [key, value]) => said.replace(`{${key}}`, value), text)
}

const lastSaid = { polite: 0, assertive: 0 }

/** Tell a screen reader; politely at most once in 20 seconds unless `always`. */
export function announce(text, { urgent = false, always = false } = {}) {
  const manner = urgent ? 'assertive' : 'polite'
  const now = Date.now()
  if (!urgent && !always && now - lastSaid.polite < 20000) return
  lastSaid[manner] = now
  const region = document.getElementById(`live-${manner}`)
  if (region) region.textContent = text
}
