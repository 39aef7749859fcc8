/** An HTTP request that a health command makes. */
export interface HealthRequest {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const VALUE_FLAGS: Readonly<Record<string, ReadonlySet<string>>> = {
  curl: new Set([
    '-o',
    '--output',
    '-m',
    '--max-time',
    '-H',
    '--header',
    '-u',
    '--user',
    '-A',
    '--user-agent',
    '-w',
    '--write-out',
    '--connect-timeout',
    '--retry',
    '--retry-delay',
    '-x',
    '--proxy',
    '--cacert',
    '--cert',
    '--key',
    '-e',
    '--referer',
    '--retry-max-time',
    '--resolve',
    '--unix-socket',
    '-d',
    '--data',
    '-X',
    '--request',
    '-b',
    '-c',
  ]),
  wget: new Set([
    '-O',
    '--output-document',
    '-T',
    '--timeout',
    '-t',
    '--tries',
    '--header',
    '-U',
    '--user-agent',
    '-o',
    '--output-file',
    '-Y',
    '--post-data',
    '--user',
    '--password',
    '--waitretry',
  ]),
};

/** The request of a curl, wget, python -c, node -e or like command; undefined when none can be read from its words. */
export function healthRequest(words: readonly (string | undefined)[]): HealthRequest | undefined {
  const [program, ...args] = words;
  const name = program?.split('/').pop() ?? '';
  if (name === 'curl' || name === 'wget' || name === 'wget2') return transfer(name === 'curl' ? 'curl' : 'wget', args);
  if (/^(python[\d.]*|node|bun|deno|ruby|perl|php)$/.test(name)) return inlineCode(args);
  if (name === 'http' || name === 'https' || name === 'xh')
    return args[0] === undefined ? undefined : parseUrl(args.findLast((a) => a?.includes('/')) ?? '', 'GET');
  return undefined;
}

function transfer(tool: 'curl' | 'wget', args: readonly (string | undefined)[]): HealthRequest | undefined {
  const flags = VALUE_FLAGS[tool];
  let method = 'GET';
  const urls: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === undefined) return undefined;
    if (arg === '--unix-socket' || arg.startsWith('--unix-socket=')) return undefined;
    if (arg === '-X' || arg === '--request') method = args[i + 1]?.toUpperCase() ?? method;
    if (arg === '-I' || arg === '--head' || /^-[a-zA-Z]*I/.test(arg)) method = 'HEAD';
    if (tool === 'wget' && arg === '--spider') method = 'HEAD';
    if (/^(-d|--data.*|--post-data.*)$/.test(arg.split('=')[0] ?? '')) method = 'POST';
    if (flags?.has(arg) === true) i++;
    else if (tool === 'curl' && /^-[a-zA-Z]{2,}$/.test(arg) && flags?.has(`-${arg.at(-1)}`) === true) i++;
    else if (tool === 'wget' && /^-[a-zA-Z]{2,}$/.test(arg) && /[OTtUoY]$/.test(arg)) i++;
    else if (arg === '--url') urls.push(args[++i] ?? '');
    else if (!arg.startsWith('-') && !/^[0-9]?>/.test(arg)) urls.push(arg);
  }
  return urls.length === 1 && urls[0] !== undefined ? parseUrl(urls[0], method) : undefined;
}

/** A URL written out in a program text, when there is just one. */
function inlineCode(args: readonly (string | undefined)[]): HealthRequest | undefined {
  const code = args.find((_a, i) => i > 0 && /^(-c|-e|--eval|-p|-r|-ne)$/.test(args[i - 1] ?? ''));
  if (code === undefined) return undefined;
  const urls = [...new Set([...code.matchAll(/https?:\/\/[^\s'"`)\\]+/g)].map((m) => m[0]))];
  if (urls.length === 1 && urls[0] !== undefined)
    return /[{}$+]|%s/.test(urls[0])
      ? undefined
      : parseUrl(urls[0], /method\s*[:=]\s*['"](\w+)/.exec(code)?.[1]?.toUpperCase() ?? 'GET');
  const options = /\b(?:http|require\(['"](?:node:)?http['"]\))\.(?:get|request)\(\s*\{([^}]*)\}/.exec(code)?.[1];
  if (options === undefined) return undefined;
  const port = /port\s*:\s*(\d+)/.exec(options)?.[1];
  const path = /path\s*:\s*['"]([^'"]+)['"]/.exec(options)?.[1];
  const host = /host(?:name)?\s*:\s*['"]([^'"]+)['"]/.exec(options)?.[1] ?? 'localhost';
  return port === undefined || path === undefined ? undefined : { method: 'GET', host, port: Number(port), path };
}

/** curl and wget add `http://` to a name without a scheme. Only http: a TLS port is judged by others. */
function parseUrl(text: string, method: string): HealthRequest | undefined {
  const match =
    /^(?:(https?):\/\/)?(?:[^@/]*@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d+))?(\/[^?#]*)?(?:[?#].*)?$/.exec(text);
  if (match === null) return undefined;
  const [, scheme = 'http', host = '', port, path = '/'] = match;
  return { method, host, port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port), path };
}

/** Whether a host name means the container itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/i.test(host);
}
