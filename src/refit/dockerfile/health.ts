import type { HealthcheckInstruction } from '../../dockerfile/types.ts';

/** How a check without any package of its own is written in an image of a language. */
export function healthCommand(
  language: 'python' | 'node' | 'nginx',
  port: number,
  path: string | undefined,
): readonly string[] {
  const url = `http://127.0.0.1:${port}${path ?? '/'}`;
  if (language === 'nginx') return ['curl', '--fail', '--silent', '--show-error', '--output', '/dev/null', url];
  if (language === 'python') {
    return path === undefined
      ? ['python', '-c', `import socket; socket.create_connection(("127.0.0.1", ${port}), 2).close()`]
      : ['python', '-c', `import urllib.request; urllib.request.urlopen("${url}", timeout=2)`];
  }
  return path === undefined
    ? [
        'node',
        '-e',
        `require("node:net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`,
      ]
    : ['node', '-e', `fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
}

/** Times of a health check: the user's own where they are set. A start interval makes the first answer count within a second. */
export function healthFlags(found: HealthcheckInstruction | undefined): string {
  const own = new Map(found?.flags.map((flag) => [flag.name, flag.value ?? '']) ?? []);
  const value = (name: string, otherwise: string): string => `--${name}=${own.get(name) ?? otherwise}`;
  return [
    value('interval', '10s'),
    value('timeout', '3s'),
    value('start-period', '20s'),
    value('start-interval', '1s'),
    value('retries', '3'),
  ].join(' ');
}
