/** `80`, `80/udp`, `8000-8010/tcp`, `127.0.0.1:80:80`: what one word of EXPOSE, already expanded, opens. */
export interface ExposedPorts {
  readonly first: number;
  readonly last: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** A host part is accepted and has no effect. */
  readonly hostPart: boolean;
}

/** Reads one word of EXPOSE as the engine does; an error in its words. */
export function parsePorts(word: string): ExposedPorts | { readonly error: string } {
  const slash = word.indexOf('/');
  const written = slash === -1 ? word : word.slice(0, slash);
  const protocol = slash === -1 || slash === word.length - 1 ? 'tcp' : word.slice(slash + 1).toLowerCase();
  if (written === '') return { error: `no port specified: ${word}` };
  const colon = written.lastIndexOf(':');
  const range = written.slice(colon + 1);
  if (range === '') return { error: `no port specified: ${word}` };
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') {
    return { error: `invalid proto: ${word.slice(slash + 1)}` };
  }
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  const first = Number(match?.[1]);
  const last = match?.[2] === undefined ? first : Number(match[2]);
  if (match === null || first > 65535 || last > 65535 || last < first)
    return { error: `invalid containerPort: ${range}` };
  return { first, last, protocol, hostPart: colon !== -1 };
}
