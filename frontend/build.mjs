// Writes static/dist: app.css, the scripts, the icon sprite and what pdf.js reads at run time.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sprite } from './sprite.mjs'
import { pickTabler } from './tabler.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const dist = join(here, '..', 'static', 'dist')

const tabler = {
  name: 'tabler',
  setup(builder) {
    builder.onResolve({ filter: /^tabler-picked$/ }, () => ({ path: 'tabler-picked', namespace: 'tabler' }))
    builder.onLoad({ filter: /.*/, namespace: 'tabler' }, async () => ({
      contents: pickTabler(await readFile(join(modules, '@tabler/core/dist/css/tabler.css'), 'utf8')),
      loader: 'css'
    }))
  }
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })

await build({
  entryPoints: {
    start: join(here, 'src/start.js'),
    app: join(here, 'src/app.js'),
    sheet: join(here, 'src/sheet.js'),
    pdf: join(here, 'src/pdf.js'),
    'pdf.worker': join(here, 'src/pdf.worker.js')
  },
  outdir: dist,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'chrome86',
  legalComments: 'linked',
  nodePaths: [modules],
  define: { 'import.meta.url': '"/"' },
  external: ['fs', 'http', 'https', 'url', 'module', 'canvas', 'path2d'],
  logLevel: 'warning'
})
await build({
  entryPoints: { app: join(here, 'src/app.css') },
  outdir: dist,
  bundle: true,
  minify: true,
  target: 'chrome86',
  legalComments: 'linked',
  nodePaths: [modules],
  external: ['*.svg', '*.png'],
  plugins: [tabler],
  logLevel: 'warning'
})

const names = (await readFile(join(here, 'icons.txt'), 'utf8')).split('\n').filter(Boolean)
await writeFile(join(dist, 'icons.svg'), await sprite(names, join(modules, '@tabler/icons/icons/outline')))
for (const folder of ['cmaps', 'standard_fonts']) {
  await cp(join(modules, 'pdfjs-dist', folder), join(dist, folder), { recursive: true })
}
