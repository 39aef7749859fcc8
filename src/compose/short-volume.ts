export interface VolumeParts {
  readonly source?: string;
  readonly target: string;
  readonly options: readonly string[];
}

/** Splits `source:target:options`. A colon of a Windows drive or inside `${…}` does not split. Undefined when Compose refuses it. */
export function volumeParts(spec: string): VolumeParts | undefined {
  if (spec === '') return undefined;
  if (spec.length <= 2) return { target: spec, options: [] };
  const parts: string[] = [];
  let current = '';
  let hidden = false;
  for (const char of spec) {
    if (char === '\u{E000}') hidden = true;
    if (char === '\u{E001}') hidden = false;
    const drive = char === ':' && /^[A-Za-z]$/.test(current);
    if (char === ':' && !drive && !hidden) {
      parts.push(current);
      current = '';
    } else current += char;
  }
  parts.push(current);
  const [first, second, third] = parts;
  if (parts.some((part) => part === '') || parts.length > 3 || first === undefined) return undefined;
  if (second === undefined) return { target: first, options: [] };
  return { source: first, target: second, options: third === undefined ? [] : third.split(',') };
}

/** Whether a volume's source is a path of the host (and not the name of a volume). */
export function isHostPath(source: string): boolean {
  return /^[./~]/.test(source) || /^[A-Za-z]:/.test(source) || source.startsWith('\\\\');
}
