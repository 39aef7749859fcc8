const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0', '\n': '' };

/** The value behind the escapes of a JavaScript string or template piece, quotes already removed. */
export function unescapeScript(inner: string): string {
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/g, (_, code: string) => {
    if (code.length > 1) return String.fromCodePoint(Number.parseInt(code.replace(/[ux{}]/g, ''), 16));
    return ESCAPES[code] ?? code;
  });
}
