import Alpine from '@alpinejs/csp'
import htmx from 'htmx.org'
import TomSelect from 'tom-select/base'
import { startBulk } from '../../static/js/bulk_bar.js'
import { startChoices } from '../../static/js/choice.js'
import { startDialogs } from '../../static/js/dialog.js'
import { startDrawer } from '../../static/js/drawer.js'
import { startForms } from '../../static/js/form.js'
import { startCopies } from '../../static/js/hash.js'
import { startKeys } from '../../static/js/keys.js'
import { startLoading } from '../../static/js/loading.js'
import { startMenus } from '../../static/js/menu.js'
import { startSelects } from '../../static/js/select.js'
import { startToasts } from '../../static/js/toast.js'
import { startUploads } from '../../static/js/upload.js'

window.htmx = htmx
window.Alpine = Alpine

Alpine.data('reveal', () => ({
  shown: false,
  get pressed() { return String(this.shown) },
  turn() {
    this.shown = !this.shown
    this.$refs.secret.type = this.shown ? 'text' : 'password'
  }
}))
Alpine.data('counter', () => ({
  length: 0,
  init() { this.count() },
  count() { this.length = [...this.$refs.text.value].length }
}))
Alpine.start()

startMenus()
startDialogs()
startDrawer(htmx)
startForms()
startBulk()
startChoices()
startCopies()
startKeys()
startLoading()
startToasts()
startUploads()
startSelects(TomSelect)
