document.documentElement.classList.remove('eh-plain')
