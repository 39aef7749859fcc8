export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;

/** One line of PEP 508: name, extras and clause; markers cut off. Undefined for URLs and options. */
export function parseRequirement(text: string): { name: string; extras: string[]; clause: string } | undefined {
  const match = REQUIREMENT.exec((text.split(';')[0] ?? '').trim());
  if (!match?.[1]) return undefined;
  const rest = (match[3] ?? '').trim();
  // `https://…`, `git+https://…`, `folder/x.whl`
  if (rest !== '' && !/^[<>=!~(@]/.test(rest)) return undefined;
  return {
    name: normalName(match[1]),
    extras: (match[2] ?? '')
      .split(',')
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ''),
    clause: rest.startsWith('@') ? rest : rest.replace(/^\(|\)$/g, ''),
  };
}
