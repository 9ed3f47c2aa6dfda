import { addUp, faultsOf, halfUp, readLine, showPoints } from './sheet_points.js'
import { fill } from './words.js'

/** Shows what the lines say: their state, the sums of branches, the total and the grade line. */
export function makeView(form) {
  const words = document.querySelector('[data-notices]').dataset
  const rows = [...form.querySelectorAll('[data-line]')]

  function showLine(row) {
    const score = row.querySelector('[data-score]')
    const na = row.querySelector('[data-na]')
    if (na && na.checked) score.value = ''
    score.placeholder = na && na.checked ? words.na : '—'
    const line = readLine(row)
    const faults = faultsOf(line)
    const isWrong = faults.includes('number') || faults.includes('high')
    score.setAttribute('aria-invalid', String(isWrong))
    score.readOnly = line.isNa
    const isOff = !line.isNa && Number.isInteger(line.points) && line.points < line.full
    row.querySelector('[data-reason-star]').hidden = !(isOff || line.isNa)
    row.querySelector('[data-place-star]').hidden = !isOff
    const label = row.querySelector('[data-reason-label]')
    label.textContent = isOff ? fill(label.dataset.off, { n: showPoints(line.full - line.points) })
      : line.isNa ? label.dataset.na : label.dataset.plain
    row.querySelector('[data-state]').replaceChildren(stateOf(line, faults))
    row.querySelectorAll('[data-quick]').forEach((quick) => {
      quick.setAttribute('aria-pressed', String(Number(quick.dataset.quick) === line.points))
    })
  }

  function stateOf(line, faults) {
    const span = document.createElement('span')
    const told = {
      number: words.noNumber, high: fill(words.tooHigh, { n: showPoints(line.full) }), reason: words.noReason, place: words.noPlace
    }[faults[0]]
    if (told) {
      span.className = faults[0] === 'number' || faults[0] === 'high' ? 'eh-bad' : 'eh-warn'
      span.textContent = told
    } else if (line.isNa) span.textContent = words.notApplicable
    else if (line.points !== null) {
      span.className = 'eh-ok'
      span.textContent = '✓'
    }
    return span
  }

  function showSums() {
    form.querySelectorAll('[data-branch]').forEach((branch) => {
      const sum = addUp([...branch.querySelectorAll('[data-line]')].map(readLine))
      branch.querySelector('[data-settled]').textContent = sum.settled
      branch.querySelector('[data-sum]').textContent = sum.settled ? showPoints(sum.points) : '—'
      branch.querySelector('[data-done]').hidden = sum.settled < sum.lines
      branch.querySelectorAll('[data-group]').forEach(showGroup)
    })
    showTotal(addUp(rows.map(readLine)))
  }

  function showGroup(group) {
    const place = group.querySelector('[data-group-sum]')
    if (!place) return
    const sum = addUp([...group.querySelectorAll('[data-line]')].map(readLine))
    const full = place.textContent.split('/').pop().trim()
    place.textContent = `${sum.settled === sum.lines ? showPoints(sum.points) : place.dataset.open} / ${full}`
  }

  function showTotal(sum) {
    document.querySelector('[data-total]').textContent = showPoints(sum.points)
    document.querySelector('[data-total-full]').textContent = showPoints(sum.full)
    document.querySelector('[data-total-settled]').textContent = sum.settled
    document.querySelector('[data-total-missing]').textContent = sum.lacking ? ` · ${fill(words.linesLeft, { n: sum.lacking })}` : ''
    showGrade(sum.full ? halfUp(sum.points * Number(form.dataset.full), sum.full) : null)
  }

  function showGrade(projected) {
    const drawing = document.querySelector('[data-grade-line]')
    const text = document.querySelector('[data-projected]')
    const marks = [...drawing.querySelectorAll('[data-grade-from]')]
    const reached = projected === null ? undefined : marks.filter((mark) => Number(mark.dataset.gradeFrom) <= projected).pop()
    marks.forEach((mark) => mark.classList.toggle('is-here', mark === reached))
    const share = projected === null ? '0%' : `${projected / (Number(form.dataset.full) / 100)}%`
    drawing.querySelector('[data-here]').setAttribute('cx', share)
    drawing.querySelector('[data-reached]').setAttribute('width', share)
    text.textContent = reached ? fill(text.dataset.words, { total: showPoints(projected), grade: reached.textContent }) : ''
  }

  function open(row) {
    rows.forEach((each) => each.classList.toggle('is-open', each === row))
    row.closest('details').open = true
    const where = row.querySelector('[data-where]')
    where.textContent = `· ${fill(words.placeInSheet, { n: rows.indexOf(row) + 1, total: rows.length })}`
  }

  return {
    rows,
    words,
    open,
    showLine,
    showSums,
    showAll() { rows.forEach(showLine); showSums() },
    current: () => rows.find((row) => row.classList.contains('is-open')) || rows[0],
    lacking: () => rows.map((row) => ({ row, faults: faultsOf(readLine(row)) })).filter(({ faults }) => faults.length),
    total: () => addUp(rows.map(readLine))
  }
}
