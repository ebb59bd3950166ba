/**
 * node scripts/icons.mjs: draws resources/icons again after the SVGs were changed. The result is committed.
 * Small sizes come from a drawing of their own; macOS gets the margin its icons have.
 */
import './lib/node-version.mjs'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from './lib/child.mjs'
import { hasDisplay, withDisplay } from './lib/display.mjs'
import { closeApp, launchApp } from './lib/driven-app.mjs'
import { findElectron } from './lib/electron.mjs'
import { inRoot } from './lib/paths.mjs'
import { prepareElectron } from './lib/prepare.mjs'
import { run, say } from './lib/say.mjs'

const folder = inRoot('resources', 'icons')
const largestSmall = 32
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const icoSizes = [16, 24, 32, 48, 64, 128, 256]

/** Apple's element types for PNG data, with the pixels each holds. @type {readonly [type: string, size: number][]} */
const icnsElements = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

/** Apple's grid leaves a tenth free on each side, ours a thirty-second. */
const appleScale = 824 / 960

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page @param {number} size @param {number} [scale] @returns {Promise<Buffer>} a PNG */
async function draw(page, size, scale = 1) {
  const svg = readFileSync(join(folder, size <= largestSmall ? 'icon-small.svg' : 'icon.svg'), 'utf8')
  const dataUrl = await page.evaluate(
    async ({ source, pixels, part }) => {
      const image = new Image()
      image.src = `data:image/svg+xml,${encodeURIComponent(source)}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = pixels
      const margin = (pixels * (1 - part)) / 2
      canvas.getContext('2d')?.drawImage(image, margin, margin, pixels * part, pixels * part)
      return canvas.toDataURL('image/png')
    },
    { source: svg, pixels: size, part: scale },
  )
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
}

/** Windows' container: a directory of sixteen bytes an image, then the images. @param {readonly { size: number, png: Buffer }[]} images */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  images.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index
    // 0 means 256.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...images.map(({ png }) => png)])
}

/** Apple's container: type and length before each image. @param {readonly { type: string, png: Buffer }[]} images */
function icns(images) {
  /** @param {string} type @param {Buffer} body */
  const element = (type, body) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(8 + body.length, 4)
    return Buffer.concat([head, body])
  }
  return element('icns', Buffer.concat(images.map(({ type, png }) => element(type, png))))
}

async function drawAll() {
  const electron = await findElectron()
  const app = mkdtempSync(join(tmpdir(), 'agent-session-monitor-icons-'))
  writeFileSync(join(app, 'package.json'), '{ "main": "main.cjs" }')
  writeFileSync(
    join(app, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron')
     app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('about:blank'))`,
  )
  const running = await launchApp({ electron, application: app, args: [`--user-data-dir=${join(app, 'data')}`] })
  try {
    const page = await running.firstWindow()
    const pngs = new Map()
    for (const size of sizes) {
      const png = await draw(page, size)
      pngs.set(size, png)
      writeFileSync(join(folder, `${size}x${size}.png`), png)
    }
    const forApple = []
    for (const [type, size] of icnsElements) forApple.push({ type, png: await draw(page, size, appleScale) })
    writeFileSync(join(folder, 'icon.png'), pngs.get(512))
    writeFileSync(join(folder, 'icon.ico'), ico(icoSizes.map((size) => ({ size, png: pngs.get(size) }))))
    writeFileSync(join(folder, 'icon.icns'), icns(forApple))
    say('Drew resources/icons.')
  } finally {
    await closeApp(running)
    rmSync(app, { recursive: true, force: true })
  }
}

await run(async () => {
  if (!process.argv.includes('--prepared')) await prepareElectron()
  if (hasDisplay()) return drawAll()
  const itself = [inRoot('scripts', 'icons.mjs'), '--prepared']
  const { code } = await withDisplay((env) => start(process.execPath, itself, { env }))
  return code
})
