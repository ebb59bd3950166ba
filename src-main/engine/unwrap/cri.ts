import { isDigit, type HeadWrapper } from './wrapper'

/**
 * CRI, the form of a pod's log on its node (/var/log/pods/…/0.log): `TIME stdout|stderr P|F text`. containerd cuts lines
 * at 16 KiB, CRI-O's conmon at 8 KiB; a piece marked P is followed by another. More tags may follow after colons.
 * Podman's k8s-file driver writes the same. Source: kubernetes/design-proposals, "CRI: Dockershim log format"
 * (kubelet-cri-logging); cri-o/conmon, ctr_logging.c.
 */
const CRI =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) (stdout|stderr) ([PF])(?::[^ ]*)?(?: |$)/

export const cri: HeadWrapper = {
  name: 'cri',
  certain: true,
  startsWith: isDigit,
  head: (start) => {
    const match = CRI.exec(start)
    if (match === null) return null
    const [all, time = null, source = '', tag] = match
    return { bytes: all.length, time, source, part: tag === 'P' ? 'more' : 'end' }
  },
}
