import type { Upstream } from '../input.ts';
import { CONFIG_PATH, UPSTREAM_PATH } from './page-server.ts';

/** Headers that every answer carries where the user has none of that name. */
const DEFAULTS: readonly string[] = [
  'X-Content-Type-Options "nosniff"',
  'X-Frame-Options "SAMEORIGIN"',
  'Referrer-Policy "strict-origin-when-cross-origin"',
];

/** The file that each location includes: `add_header` is inherited only where a block has none of its own. */
export function securityHeaders(own: readonly string[]): string {
  const nameOf = (header: string): string => (header.split(/\s/)[0] ?? '').toLowerCase();
  const names = new Set(own.map(nameOf));
  const all = [...own, ...DEFAULTS.filter((header) => !names.has(nameOf(header)))];
  const lines = all.map((header) => `add_header ${header}${/\salways$/.test(header) ? '' : ' always'};`);
  return `# Included by the server and by every location that sets a header of its own: those inherit none.\n${lines.join('\n')}\n`;
}

/** The script that runs before nginx (docker-entrypoint.d) and writes what depends on the installation. POSIX shell. */
export function startScript(upstream: Upstream | undefined, variables: readonly string[]): string {
  const parts = [
    `#!/bin/sh\n# Runs before nginx starts and writes what depends on the installation to /tmp, which is all that may be written to.\nset -eu\n`,
  ];
  if (variables.length > 0) {
    parts.push(`
# Settings of the page, read by /config.js: those of these variables that are set.
{
  printf 'globalThis.__config = {'
  comma=
  for name in ${variables.join(' ')}; do
    eval "set=\\\${$name+yes} value=\\\${$name-}"
    [ -n "$set" ] || continue
    value=$(printf '%s' "$value" | tr -d '\\n\\r' | sed 's/[\\\\"]/\\\\&/g; s/</\\\\u003c/g')
    printf '%s"%s":"%s"' "$comma" "$name" "$value"
    comma=,
  done
  printf '};\\n'
} > ${CONFIG_PATH}
`);
  }
  if (upstream !== undefined) {
    parts.push(`
# Where the API is, and who knows its address now.
nameserver=$(sed -n 's/^nameserver[[:space:]]*\\([^[:space:]]*\\).*/\\1/p' /etc/resolv.conf | head -n 1)
case $nameserver in *:*) nameserver="[$nameserver]" ;; esac
printf 'resolver %s valid=10s;\\nset $api_upstream %s;\\n' "$nameserver" "\${API_UPSTREAM:-${upstream.url}}" > ${UPSTREAM_PATH}
`);
  }
  return parts.join('');
}
