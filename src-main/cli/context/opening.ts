import type { Opening } from '../../contract/index'
import { remark } from '../terminal/output'

/** A command that is ready sooner says nothing of it, ms. */
const SILENT_MS = 1500
/** How often it is told where lines can't be written over, ms. */
const EVERY_MS = 10_000

const TEXTS: Readonly<Record<Opening['what'], string>> = {
  index: 'The saved index is not up to date: it is brought there from the archive.',
  'time-zone': 'The saved sums are those of another time zone: they are made anew.',
}
const NOT_SAVED =
  'A command that only reads does so for itself alone; the app, or "monitor" with this data folder, saves it for all.'

/** Where a command's remarks go. */
export interface RemarkStream {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/**
 * Says why a command takes its time to open the store, and how far it is: on a terminal over one line, else now and then.
 * `saves`: whether what is made lasts longer than the command. `clock`: ms.
 */
export function tellOpening(
  saves: boolean,
  stream: RemarkStream = process.stderr,
  clock: () => number = () => performance.now(),
): (told: Opening) => void {
  const started = clock()
  let said: Opening['what'] | null = null
  let last = 0
  return ({ what, share }) => {
    const time = clock()
    if (said !== what) {
      if (share === 1 || time - started < SILENT_MS) return
      said = what
      last = time
      remark(saves ? TEXTS[what] : `${TEXTS[what]} ${NOT_SAVED}`, stream)
    }
    const percent = `${String(Math.floor(share * 100))} %`
    if (stream.isTTY === true) stream.write(share === 1 ? '\r\u001b[K' : `\r${percent}`)
    else if (share < 1 && time - last >= EVERY_MS) {
      last = time
      remark(percent, stream)
    }
  }
}
