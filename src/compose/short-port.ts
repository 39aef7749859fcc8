export interface PortParts {
  readonly hostIp: string;
  /** Empty: chosen by the engine. May be a range when the container side is one port. */
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

/** Splits the short form `[[ip:]published:]target[/protocol]`, ranges expanded, in the order Compose lists them.
 * An error text when Compose refuses it. Unknown parts stay in the part they belong to. */
export function portParts(spec: string): readonly PortParts[] | string {
  const { rest, protocol } = cutProtocol(spec);
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase()) && !protocol.includes('\u{E000}'))
    return `invalid protocol ${protocol}`;
  const parts = splitColons(rest);
  const target = parts.pop() ?? '';
  const published = parts.pop() ?? '';
  const hostIp = parts.join(':').replace(/^\[(.*)\]$/, '$1');
  if (target === '') return `no container port in ${spec}`;
  const to = range(target);
  const from = range(published);
  const proto = protocol.toLowerCase();
  if (to === undefined || from === undefined) return `invalid port range in ${spec}`;
  if (to === 'open' || from === 'open') return [{ hostIp, published, target, protocol: proto }];
  const count = to === 'none' ? 0 : to.end - to.start;
  if (to === 'none') return `no container port in ${spec}`;
  if (from !== 'none' && count !== from.end - from.start) {
    // One container port may take any free port of a range.
    if (count !== 0) return `the ranges of ${spec} differ in length`;
    return [{ hostIp, published, target: String(to.start), protocol: proto }];
  }
  const out: PortParts[] = [];
  for (let i = 0; i <= Math.min(count, 65_535); i++) {
    out.push({
      hostIp,
      published: from === 'none' ? '' : String(from.start + i),
      target: String(to.start + i),
      protocol: proto,
    });
  }
  return out.sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}

function cutProtocol(spec: string): { rest: string; protocol: string } {
  const slash = spec.lastIndexOf('/');
  return slash === -1
    ? { rest: spec, protocol: 'tcp' }
    : { rest: spec.slice(0, slash), protocol: spec.slice(slash + 1) };
}

function splitColons(text: string): string[] {
  const parts: string[] = [];
  let current = '';
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '\u{E000}') depth++;
    if (char === ']' || char === '\u{E001}') depth--;
    if (char === ':' && depth === 0) {
      parts.push(current);
      current = '';
    } else current += char;
  }
  parts.push(current);
  return parts;
}

function range(text: string): { start: number; end: number } | 'none' | 'open' | undefined {
  if (text === '') return 'none';
  if (text.includes('\u{E000}')) return 'open';
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === undefined ? start : Number(match[2]);
  return end < start || end > 65_535 ? undefined : { start, end };
}
