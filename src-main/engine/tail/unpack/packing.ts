/** How a file of logs may be packed; `tar` and `zip` hold files of their own. */
export type Packing = 'gzip' | 'zlib' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'tar' | 'zip'

/** Bytes of a file's start that say how it is packed. */
export const PACKING_BYTES = 512

const MAGICS: readonly (readonly [Packing, readonly number[]])[] = [
  // RFC 1952; RFC 8878 (frame and skippable frame); the .xz file format, 2.1.1.1; bzip2; the LZ4 frame format; PKZIP.
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zstd', [0x50, 0x2a, 0x4d, 0x18]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
]

const FOREIGN: readonly (readonly [string, readonly number[]])[] = [
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['RAR', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['compress (.Z)', [0x1f, 0x9d]],
  ['lzop', [0x89, 0x4c, 0x5a, 0x4f, 0x00]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50, 0x01]],
  ['Snappy', [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50]],
  ['LZMA', [0x5d, 0x00, 0x00]],
]

const TAR_MAGIC = Buffer.from('ustar')
const TAR_MAGIC_AT = 257

/** How a file is packed, by its first bytes and not by its name; null for a plain one. */
export function packingOf(head: Buffer): Packing | null {
  for (const [packing, magic] of MAGICS) if (startsWith(head, magic)) return packing
  if (head.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + TAR_MAGIC.length).equals(TAR_MAGIC)) return 'tar'
  return isZlib(head) ? 'zlib' : null
}

/** The name of a packing that is known and can't be read; null for any other file. */
export function foreignPacking(head: Buffer): string | null {
  return FOREIGN.find(([, magic]) => startsWith(head, magic))?.[0] ?? null
}

/** RFC 1950, as pigz -z writes it: a checked header, and no text may follow as its bytes are not printable. */
function isZlib(head: Buffer): boolean {
  const [first, second] = head
  if (first !== 0x78 || second === undefined || ((first << 8) | second) % 31 !== 0) return false
  return head
    .subarray(2, 64)
    .some((byte) => byte >= 0x80 || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d))
}

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte)
}
