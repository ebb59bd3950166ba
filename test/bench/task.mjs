/** One measured task of bench.mjs, in a process of its own: node task.mjs NAME LOG STORE. Prints its figures as JSON. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [name, log = '', store = ''] = process.argv.slice(2)

const tasks = {
  async bare() {
    for await (const line of createInterface({ input: createReadStream(log) })) {
      const { ai_log: text } = JSON.parse(line)
      if (text !== '-') JSON.parse(text)
    }
  },

  newlines() {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    const fd = openSync(log, 'r')
    let lines = 0
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
      const chunk = buffer.subarray(0, length)
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
    }
    closeSync(fd)
    return lines
  },

  async ingest() {
    const engine = await Engine.open({ dataFolder: store, timeZone: 'UTC' })
    await engine.readOnce([log])
    await engine.close()
  },
}

// Loading the program is not reading the log.
const { Engine } = name === 'ingest' ? await import('../../out/main/engine.js') : { Engine: undefined }
const started = performance.now()
await tasks[name]()
const seconds = (performance.now() - started) / 1000
console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }))
