/** Points on the sheet are whole hundredths, as on the server. */

/** "4", "4.5", "4.50" -> 400, 450, 450; "" -> null; anything else -> NaN. */
export function readPoints(text) {
  const typed = text.trim().replace('．', '.').replace('。', '.')
  if (typed === '') return null
  const parts = /^(\d{1,4})(?:\.(\d{0,2}))?$/.exec(typed)
  return parts ? Number(parts[1]) * 100 + Number((parts[2] || '').padEnd(2, '0')) : NaN
}

export function showPoints(hundredths) {
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`
}

/** numerator / denominator to the nearest whole number, half up; both are whole and not negative. */
export function halfUp(numerator, denominator) {
  return Math.floor((2 * numerator + denominator) / (2 * denominator))
}

/** One line of the page as plain values. */
export function readLine(row) {
  const na = row.querySelector('[data-na]')
  return {
    code: row.dataset.line,
    full: Number(row.dataset.full),
    points: readPoints(row.querySelector('[data-score]').value),
    isNa: Boolean(na && na.checked),
    reason: row.querySelector('[data-reason]').value.trim(),
    place: row.querySelector('[data-place-document]').value
  }
}

/** What still keeps a line from being handed in: "score", "number", "high", "reason", "place". */
export function faultsOf(line) {
  if (Number.isNaN(line.points)) return ['number']
  if (line.points !== null && line.points > line.full) return ['high']
  if (!line.isNa && line.points === null) return ['score']
  const isOff = !line.isNa && line.points < line.full
  const faults = []
  if ((isOff || line.isNa) && !line.reason) faults.push('reason')
  if (isOff && !line.place) faults.push('place')
  return faults
}

/** Sum, full points, settled and lacking lines of some lines. */
export function addUp(lines) {
  const scored = lines.filter((line) => !line.isNa && Number.isInteger(line.points))
  return {
    points: scored.reduce((sum, line) => sum + line.points, 0),
    full: scored.reduce((sum, line) => sum + line.full, 0),
    settled: lines.filter((line) => line.isNa || Number.isInteger(line.points)).length,
    lines: lines.length,
    lacking: lines.filter((line) => faultsOf(line).some((fault) => fault === 'reason' || fault === 'place')).length
  }
}
