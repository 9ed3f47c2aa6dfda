const STAYS_MS = 6000

/** Toasts leave after six seconds, not while the pointer or the focus rests on them. */
export function startToasts() {
  document.querySelectorAll('[data-toast]').forEach(arm)
}

function arm(toast) {
  let timer
  const start = () => { timer = setTimeout(() => toast.remove(), STAYS_MS) }
  const hold = () => clearTimeout(timer)
  toast.addEventListener('mouseenter', hold)
  toast.addEventListener('mouseleave', start)
  toast.addEventListener('focusin', hold)
  toast.addEventListener('focusout', start)
  start()
}
