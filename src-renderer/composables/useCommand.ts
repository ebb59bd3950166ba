import { onScopeDispose } from 'vue'
import type { PageCommand } from '@contract'

const handlers = new Map<PageCommand, Set<() => void>>()

/** Answers a command of the menu for as long as the calling component lives; the one mounted last goes first. */
export function useCommand(command: PageCommand, handler: () => void): void {
  const known = handlers.get(command) ?? new Set()
  handlers.set(command, known.add(handler))
  onScopeDispose(() => known.delete(handler))
}

/** Says whether anything on screen answers the command. */
export function runCommand(command: PageCommand): boolean {
  const handler = [...(handlers.get(command) ?? [])].at(-1)
  handler?.()
  return handler !== undefined
}
