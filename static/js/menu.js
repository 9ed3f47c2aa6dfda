/** Menus are <details>: they open without script; with it they also close on a click elsewhere and on Esc. */
export function startMenus() {
  const close = (except) => {
    document.querySelectorAll('details.eh-menu[open]').forEach((menu) => {
      if (menu !== except) menu.open = false
    })
  }
  document.addEventListener('click', (event) => close(event.target.closest('details.eh-menu')))
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = event.target.closest && event.target.closest('details.eh-menu[open]')
    if (!menu) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  startNavigation()
}

function startNavigation() {
  const toggle = document.querySelector('[data-nav-toggle]')
  const nav = document.getElementById('nav')
  if (!toggle || !nav) return
  const show = (open) => {
    nav.classList.toggle('is-open', open)
    toggle.setAttribute('aria-expanded', String(open))
    const first = open && nav.querySelector('a')
    if (first) first.focus()
  }
  toggle.addEventListener('click', () => show(!nav.classList.contains('is-open')))
  nav.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && nav.classList.contains('is-open')) {
      show(false)
      toggle.focus()
    }
  })
  document.addEventListener('click', (event) => {
    if (nav.classList.contains('is-open') && !nav.contains(event.target) && !toggle.contains(event.target)) show(false)
  })
}
