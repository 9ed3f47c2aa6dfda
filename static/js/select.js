/** A <select data-search> becomes a list one can type in; without script it stays a plain select. */
export function startSelects(TomSelect) {
  const dress = (root) => root.querySelectorAll('select[data-search]').forEach((select) => {
    if (select.tomselect) return
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`)
    const made = new TomSelect(select, { maxOptions: 300, hideSelected: false, render: { no_results: null } })
    if (label) {
      select.setAttribute('aria-label', label.textContent.trim())
      made.control_input.setAttribute('aria-label', label.textContent.trim())
    }
  })
  dress(document)
  document.addEventListener('htmx:afterSettle', (event) => dress(event.target))
}
