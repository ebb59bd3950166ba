/** Values as bars from the floor up, as one path of an SVG: a table has many, and each element costs. */
export function barPath(values: readonly number[], width: number, height: number): string {
  const top = Math.max(...values, 0)
  const step = Math.min(6, width / Math.max(1, values.length))
  return values
    .map((value, index) => {
      const size = top > 0 ? Math.max(1, (value / top) * height) : 1
      return `M${(index * step).toFixed(1)},${height}v${(-size).toFixed(1)}h${Math.max(1, step - 1).toFixed(1)}v${size.toFixed(1)}z`
    })
    .join('')
}
