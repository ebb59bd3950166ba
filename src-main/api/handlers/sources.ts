import { ok } from '../../shared/result'
import type { WatchedSources } from '../ports'
import type { EngineClient } from '../../engine/thread/client'
import { droppedPaths, nothing, onePath, pathAndPaused, pathAndSessionKey, sourceKind } from '../schemas/arguments'
import type { Handlers } from '../handler'

type SourcesChannel =
  | 'sources:choose'
  | 'sources:open-sample'
  | 'sources:set-paused'
  | 'sources:set-session-key'
  | 'sources:remove'
  | 'sources:recent'
  | 'sources:open-recent'
  | 'sources:data-size'
  | 'sources:remove-with-data'
  | 'sources:add-dropped'

export function sourcesHandlers(engine: Pick<EngineClient, 'call'>, sources: WatchedSources): Handlers<SourcesChannel> {
  return {
    'sources:choose': { args: sourceKind, run: (kind) => sources.choose(kind), waitsForUser: true },
    'sources:open-sample': { args: nothing, run: () => sources.openSample(), waitsForUser: true },
    'sources:set-paused': { args: pathAndPaused, run: (path, paused) => sources.setPaused(path, paused) },
    'sources:set-session-key': { args: pathAndSessionKey, run: (path, key) => sources.setSessionKey(path, key) },
    'sources:recent': { args: nothing, run: () => ok(sources.recent()) },
    'sources:open-recent': { args: onePath, run: (path) => sources.openRecent(path), waitsForUser: true },
    'sources:remove': { args: onePath, run: (path) => sources.remove(path) },
    'sources:data-size': { args: onePath, run: (source) => engine.call('selectionSize', { source }) },
    'sources:remove-with-data': { args: onePath, run: (path) => sources.removeWithData(path) },
    'sources:add-dropped': { args: droppedPaths, run: (paths) => sources.add(paths), waitsForUser: true },
  }
}
