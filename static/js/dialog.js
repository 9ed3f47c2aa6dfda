const openers = new WeakMap()

/** Opens a dialog as a modal; on closing, focus goes back to what opened it. */
export function openDialog(dialog, opener = document.activeElement) {
  if (dialog.open) return
  openers.set(dialog, opener)
  dialog.showModal()
  const first = dialog.querySelector('[autofocus]')
  if (first) first.focus()
}

export function startDialogs() {
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-dialog-open]')
    const dialog = opener && document.getElementById(opener.dataset.dialogOpen)
    if (dialog) {
      event.preventDefault()
      openDialog(dialog, opener)
      return
    }
    const closer = event.target.closest('[data-dialog-close]')
    if (closer && closer.closest('dialog')) {
      event.preventDefault()
      closer.closest('dialog').close()
    }
  })
  document.addEventListener('close', (event) => {
    const opener = openers.get(event.target)
    if (opener && opener.isConnected) opener.focus()
  }, true)
}
