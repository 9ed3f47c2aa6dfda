// What is kept of Tabler: the reset of bare elements, the grid and the utilities. Its components (.card,
// .btn, .steps, .toast ...) bring 40 px buttons, data: images and shadows that the design does not have.

const UTILITY = new RegExp('^\\.(' + [
  'container(-fluid)?', 'row', 'col', 'col-\\w+', 'col-\\w+-\\w+', 'g[xy]?-\\d', 'd-[\\w-]+', 'flex-[\\w-]+',
  '(align|justify)-[\\w-]+', 'gap-\\d', 'm[tbsexy]?-(\\d|auto)', 'p[tbsexy]?-\\d', 'w-100', 'h-100', 'list-unstyled',
  'text-(start|end|center|nowrap|break|truncate)', 'visually-hidden(-focusable)?', 'overflow-[\\w-]+', 'order-\\w+'
].join('|') + ')(>\\*)?(:not\\([^)]*\\))*$')
const BARE = /^(\*|::?[\w-]+|\[hidden\]|[a-z][a-z0-9]*)([ >+~]*(\*|::?(?!root)[\w-]+(\([^)]*\))?|\[[^\]]*\]|[a-z][a-z0-9]*))*$/

/** Splits style text into [head, body] of its outermost blocks; statements without a block are dropped. */
function blocks(text) {
  const found = []
  let depth = 0
  let start = 0
  let open = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = text.indexOf('"', at + 1)
    else if (text[at] === ';' && depth === 0) start = at + 1
    else if (text[at] === '{' && depth++ === 0) open = at
    else if (text[at] === '}' && --depth === 0) {
      found.push([text.slice(start, open).trim(), text.slice(open + 1, at)])
      start = at + 1
    }
  }
  return found
}

function kept(selectors) {
  return selectors.split(',').map((one) => one.trim()).filter((one) =>
    BARE.test(one) || UTILITY.test(one)).join(',')
}

/** The rules of `css` that evalhub uses, in their order. */
export function pickTabler(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@(charset|import)[^;]*;/g, '')
  return blocks(plain).map(([head, body]) => {
    if (head.startsWith('@media')) {
      const inner = pickTabler(body)
      return inner && `${head}{${inner}}`
    }
    const selectors = head.startsWith('@') || head === ':root' ? '' : kept(head)
    return selectors && !body.includes('data:') ? `${selectors}{${body}}` : ''
  }).filter(Boolean).join('\n')
}
