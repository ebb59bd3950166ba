import { compose } from './compose'
import { cri } from './cri'
import { fluentBit, fluentd } from './fluentd'
import { kubectl } from './kubectl'
import { loki } from './loki'
import { prefix } from './prefix'
import { stern } from './stern'
import { syslog } from './syslog'
import { svlogd, tai64n } from './tai64n'
import { timestamps } from './timestamps'
import type { HeadWrapper } from './wrapper'

/** Every form that a line's start may have, the more particular before the more general. docs/formats/wrappers.md lists them. */
export const HEAD_WRAPPERS: readonly HeadWrapper[] = [
  cri,
  kubectl,
  tai64n,
  fluentd,
  loki,
  svlogd,
  syslog,
  timestamps,
  fluentBit,
  compose,
  stern,
  prefix,
]
