import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const DRAWN = / {2}<(?!path stroke="none")[^>]*>/g

/**
 * One SVG of symbols, `<symbol id="lock">`, from Tabler's outline icons; an unknown name stops the build.
 *
 * @param {string[]} names
 * @param {string} folder where `<name>.svg` lie
 */
export async function sprite(names, folder) {
  const symbols = await Promise.all(names.map(async (name) => {
    const source = await readFile(join(folder, `${name}.svg`), 'utf8')
    const shapes = source.match(DRAWN).map((shape) => shape.trim()).join('')
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" ` +
      `stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
  }))
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`
}
