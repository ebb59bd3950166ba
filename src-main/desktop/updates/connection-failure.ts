import type { AppError } from '../../contract/index'
import { systemCode } from '../../shared/system-errors'

/** What a connection failed for, and what can be done about it. */
interface Cause {
  /** Found in the words of Chromium (`net::ERR_CERT_DATE_INVALID`) or the code of Node (`CERT_HAS_EXPIRED`). */
  readonly sign: RegExp
  readonly told: Pick<AppError, 'message' | 'hint'>
}

/** The first that fits holds. */
const causes: readonly Cause[] = [
  {
    sign: /ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    told: {
      message: 'The server’s certificate has expired or is not valid yet.',
      hint: 'Check the date of this computer; where that is right, whoever runs the server has to renew the certificate.',
    },
  },
  {
    sign: /ERR_CERT_COMMON_NAME_INVALID|CERT_ALTNAME_INVALID/,
    told: {
      message: 'The certificate of the server is for another name.',
      hint: 'Use the name it was issued for in the address, or have one issued for this name.',
    },
  },
  {
    sign: /ERR_CERT_|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_/,
    told: {
      message: 'The certificate of the server is not trusted on this computer.',
      hint: 'Of a server of your own, add the authority that issued it to the certificates your system trusts, and start the program again. Of another server, do not: somebody may stand in between.',
    },
  },
  {
    sign: /ERR_SSL_|EPROTO|ERR_TLS_/,
    told: {
      message: 'The server does not speak the encryption that https asks for.',
      hint: 'Check the port in the address, and how the server is set up.',
    },
  },
  {
    sign: /ERR_NAME_NOT_RESOLVED|ENOTFOUND|EAI_AGAIN/,
    told: {
      message: 'There is no server of this name.',
      hint: 'Check the spelling of the address and, for a name of your own network, that you are connected to it.',
    },
  },
  {
    sign: /ERR_CONNECTION_REFUSED|ECONNREFUSED/,
    told: {
      message: 'Nothing answers at this address: the connection was refused.',
      hint: 'Check the port in the address, and that the server is running.',
    },
  },
  {
    sign: /ERR_PROXY_|ERR_TUNNEL_/,
    told: {
      message: 'The proxy of your system does not lead to this address.',
      hint: 'Check the proxy in the settings of your system, or ask whoever runs it.',
    },
  },
]

const unknown: Cause['told'] = {
  message: 'The address could not be reached.',
  hint: 'Check the address and the connection; then check again.',
}

/** Why there was no answer from `where`, in words. */
export function connectionFailure(error: unknown, where: string): AppError {
  const words = `${systemCode(error) ?? ''} ${error instanceof Error ? error.message : ''}`
  return { code: 'unreachable', where, ...(causes.find(({ sign }) => sign.test(words))?.told ?? unknown) }
}
