import { goQuote } from './go-text.ts';
import type { Mount, MountType } from './mount.ts';
import { didYouMean } from './suggest.ts';
import type { Flag } from './syntax.ts';

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
const SHARING = ['shared', 'private', 'locked'] as const;
const KEYS =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  );

/** Reads one `--mount` value: a line of comma-separated fields, quoted as in CSV. Values with variables are kept as
 * written and not judged. */
export function parseMount(flag: Flag): Mount {
  const text = flag.value ?? '';
  const start = flag.valueSpan.start;
  const fields = csvFields(text);
  const draft: Draft = { type: 'bind', required: false };
  if ('error' in fields) {
    const error = `failed to parse csv mounts: ${fields.error}`;
    return { ...finish(draft), span: flag.span, options: [], error };
  }
  const options: { key: string; value?: string; span: { start: number; end: number } }[] = [];
  let error: string | undefined;
  for (const field of fields) {
    const equals = field.text.indexOf('=');
    const key = (equals === -1 ? field.text : field.text.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? undefined : field.text.slice(equals + 1);
    const span = {
      start: Math.min(start + field.start, flag.span.end),
      end: Math.min(start + field.end, flag.span.end),
    };
    options.push({ key, ...(value === undefined ? {} : { value }), span });
    error ??= apply(draft, key, value, field.text);
  }
  error ??= conflict(draft);
  const mount = { ...finish(draft), span: flag.span, options };
  return error === undefined ? mount : { ...mount, error };
}

interface Draft {
  type: MountType;
  from?: string;
  source?: string;
  target?: string;
  readOnly?: boolean;
  size?: number;
  id?: string;
  sharing?: 'shared' | 'private' | 'locked';
  required: boolean;
  env?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  /** The type is a variable: nothing that depends on it can be judged. */
  openType?: boolean;
}

function finish(draft: Draft) {
  const { openType: _, readOnly, ...rest } = draft;
  return { ...rest, readOnly: readOnly ?? (draft.type !== 'cache' && draft.type !== 'tmpfs') };
}

const invalidValue = (key: string, value: string): string => `invalid value for ${key}: ${value}`;

function apply(draft: Draft, key: string, value: string | undefined, field: string): string | undefined {
  if (value === undefined) {
    if (key === 'readonly' || key === 'ro') draft.readOnly = true;
    else if (key === 'readwrite' || key === 'rw') draft.readOnly = false;
    else if (key === 'required') return require(draft, true);
    else return `invalid field '${field}' must be a key=value pair`;
    return undefined;
  }
  const dollar = value.indexOf('$');
  if (key === 'from' && dollar !== -1 && dollar !== value.length - 1) {
    return `'from' doesn't support variable expansion, define alias stage instead`;
  }
  if (!KEYS.includes(key)) return `unexpected key '${key}' in '${field}'${didYouMean(key, KEYS, true)}`;
  const textKey = TEXT_KEYS[key];
  if (textKey !== undefined) draft[textKey] = value;
  else if (dollar === -1) return applyTyped(draft, key, value);
  else if (key === 'type') draft.openType = true;
  return undefined;
}

/** Options that any text fits. */
const TEXT_KEYS: Readonly<Record<string, 'from' | 'source' | 'target' | 'id' | 'env'>> = {
  from: 'from',
  source: 'source',
  src: 'source',
  target: 'target',
  dst: 'target',
  destination: 'target',
  id: 'id',
  env: 'env',
};

function applyTyped(draft: Draft, key: string, value: string): string | undefined {
  switch (key) {
    case 'type': {
      const type = TYPES.find((known) => known === value.toLowerCase());
      if (type === undefined) return `unsupported mount type ${goQuote(value)}${didYouMean(value, TYPES, true)}`;
      draft.type = type;
      return undefined;
    }
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw': {
      const parsed = parseBool(value);
      if (parsed === undefined) return invalidValue(key, value);
      draft.readOnly = key.startsWith('reado') || key === 'ro' ? parsed : !parsed;
      return undefined;
    }
    case 'required': {
      const parsed = parseBool(value);
      if (!takesRequired(draft)) return require(draft, true);
      return parsed === undefined ? invalidValue(key, value) : require(draft, parsed);
    }
    case 'size': {
      if (draft.type !== 'tmpfs' && draft.openType !== true) {
        return `unexpected key 'size' for mount type '${draft.type}'`;
      }
      const bytes = parseSize(value);
      if (bytes === undefined) return invalidValue(key, value);
      draft.size = bytes;
      return undefined;
    }
    case 'sharing': {
      const sharing = SHARING.find((known) => known === value.toLowerCase());
      if (sharing === undefined)
        return `unsupported sharing value ${goQuote(value)}${didYouMean(value, SHARING, true)}`;
      draft.sharing = sharing;
      return undefined;
    }
    case 'mode':
    case 'uid':
    case 'gid': {
      const valid = (key === 'mode' ? /^[0-7]+$/ : /^[0-9]+$/).test(value);
      const parsed = Number.parseInt(value, key === 'mode' ? 8 : 10);
      if (!valid || parsed > 0xffffffff) return `invalid value ${value} for ${key}`;
      draft[key] = parsed;
      return undefined;
    }
    default:
      return undefined;
  }
}

function takesRequired(draft: Draft): boolean {
  return draft.openType === true || draft.type === 'secret' || draft.type === 'ssh';
}

function require(draft: Draft, value: boolean): string | undefined {
  if (!takesRequired(draft)) return `unexpected key 'required' for mount type '${draft.type}'`;
  draft.required = value;
  return undefined;
}

/** Options that do not go together. */
function conflict(draft: Draft): string | undefined {
  if (draft.openType === true) return undefined;
  const { type } = draft;
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid'] as const) {
      if (draft[key] !== undefined) return `${key} not allowed for "${type}" type mounts`;
    }
  }
  if (type === 'secret') {
    if (draft.from !== undefined && draft.from !== '') return 'secret mount should not have a from';
    if (draft.sharing !== undefined) return 'secret mount should not define sharing';
    const has = (value: string | undefined): boolean => value !== undefined && value !== '';
    if (!has(draft.source) && !has(draft.target) && !has(draft.id)) {
      return 'invalid secret mount. one of source, target required';
    }
    if (has(draft.source) && has(draft.id)) return "both source and id can't be set";
  }
  if (draft.sharing !== undefined && type !== 'cache') return `invalid cache sharing set for ${type} mount`;
  return undefined;
}

/** Go's `strconv.ParseBool`. */
function parseBool(value: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value) ? false : undefined;
}

/** `units.RAMInBytes`: `64m`, `1.5GiB`; bytes. */
function parseSize(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp])?(?:i?b)?$/i.exec(value) ?? /^(\d+(?:\.\d+)?)(b)$/i.exec(value);
  if (match === null) return undefined;
  const power = 'kmgtp'.indexOf((match[2] ?? '').toLowerCase()) + 1;
  return Math.trunc(Number(match[1]) * 1024 ** (match[2] === undefined ? 0 : power));
}

interface Field {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The fields of one CSV line, quotes doubled inside quotes. */
export function csvFields(text: string): readonly Field[] | { readonly error: string } {
  const fields: Field[] = [];
  for (let at = 0; at <= text.length; ) {
    const start = at;
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      const end = comma === -1 ? text.length : comma;
      const field = text.slice(at, end);
      const quote = field.indexOf('"');
      if (quote !== -1) return { error: `parse error on line 1, column ${at + quote + 1}: bare " in non-quoted-field` };
      fields.push({ text: field, start, end });
      at = end + 1;
      continue;
    }
    let field = '';
    for (at++; ; at++) {
      const close = text.indexOf('"', at);
      if (close === -1) {
        return { error: `parse error on line 1, column ${text.length + 1}: extraneous or missing " in quoted-field` };
      }
      field += text.slice(at, close);
      at = close + 1;
      if (text[at] !== '"') break;
      field += '"';
    }
    if (at < text.length && text[at] !== ',') {
      return { error: `parse error on line 1, column ${at + 1}: extraneous or missing " in quoted-field` };
    }
    fields.push({ text: field, start, end: at });
    at++;
  }
  return fields;
}
