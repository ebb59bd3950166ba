import type { Notice } from '../../contract/index'
import type { Damage } from '../archive/recovery'

const REREAD_HINT = 'All logs that are still there are read again, which brings back what they hold. Check the disk.'

/** What the user is told about damage to the archive. */
export function damageNotice(damage: Damage): Notice {
  const where = `${damage.path} at byte ${String(damage.offset)}`
  switch (damage.kind) {
    case 'torn':
      return {
        level: 'info',
        code: 'corrupt',
        message: `The program was stopped while it wrote ${String(damage.bytes)} bytes; they were taken back.`,
        where,
        hint: 'What they held is read again from the logs.',
      }
    case 'damaged':
      return {
        level: 'error',
        code: 'corrupt',
        message: `${String(damage.bytes)} bytes of the archive are damaged; the requests in them were lost.`,
        where,
        hint: REREAD_HINT,
      }
    case 'missing':
      return {
        level: 'error',
        code: 'corrupt',
        message: `${String(damage.requests)} requests are missing from the archive.`,
        where,
        hint: REREAD_HINT,
      }
  }
}

/** The archive is shorter than the saved index expects. */
export function shortArchiveNotice(archiveFolder: string): Notice {
  return {
    level: 'error',
    code: 'corrupt',
    message: 'The archive ends before the place up to which it was saved; the requests after it were lost.',
    where: archiveFolder,
    hint: 'The logs are read again from there, which brings back what they hold. Check the disk, or the backup this came from.',
  }
}
