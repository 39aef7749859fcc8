/** Why a host of a URL can be found only from the machine or network that wrote it down; undefined for hosts that may be public. */
export function privateHost(host: string): string | undefined {
  const bare = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  if (/^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0)$/.test(bare) || bare.endsWith('.localhost'))
    return 'the machine itself';
  if (/^(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2})$/.test(bare))
    return 'an address of a private network';
  // Names that are never delegated in the public DNS (RFC 6762, ICANN's reserved `internal`, RFC 8375, RFC 6762 appendix G).
  const ending = /\.(local|internal|lan|intranet|localdomain|private|corp|home|home\.arpa|test|invalid)$/.exec(
    bare,
  )?.[1];
  if (ending !== undefined) return `a name below .${ending}, which the public DNS does not have`;
  return /^[a-z0-9_-]+$/.test(bare) && bare !== '' ? 'a name without a domain' : undefined;
}
