// A button whose word is the chosen radio's: <button data-choice-of="decision" data-words-confirm="…" …>.
export function startChoices() {
  const name = (button) => {
    const chosen = button.form && button.form.querySelector(`input[name="${button.dataset.choiceOf}"]:checked`)
    const words = chosen && button.getAttribute(`data-words-${chosen.value}`)
    if (words) button.textContent = words
  }
  document.querySelectorAll('[data-choice-of]').forEach(name)
  document.addEventListener('change', (event) => {
    const form = event.target.form
    if (form) form.querySelectorAll('[data-choice-of]').forEach(name)
  })
}
