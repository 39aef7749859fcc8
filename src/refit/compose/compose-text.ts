import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import type { Edit } from '../../text/edit.ts';

/** A compose file that is changed by span: its text is never written anew. */
export class ComposeText {
  readonly edits: Edit[] = [];
  readonly #file: string;
  readonly #text: string;
  readonly #root: YAMLMap | undefined;
  readonly #plain: Readonly<Record<string, unknown>>;
  readonly #newline: string;
  readonly problem: string | undefined;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
    const parsed = parseDocument(text, { merge: true, logLevel: 'silent', uniqueKeys: false });
    const [error] = parsed.errors;
    this.problem = error === undefined ? undefined : `it is not valid YAML: ${error.message.split('\n')[0] ?? ''}`;
    this.#root = error === undefined && isMap(parsed.contents) ? parsed.contents : undefined;
    this.#plain = this.#root === undefined ? {} : record(parsed.toJS({ maxAliasCount: 1000 }));
  }

  /** A service as plain data, anchors and merge keys resolved; undefined when the file does not name it. */
  service(name: string): Readonly<Record<string, unknown>> | undefined {
    const services = record(this.#plain['services']);
    return name in services ? record(services[name]) : undefined;
  }

  section(name: string): Readonly<Record<string, unknown>> | undefined {
    return name in this.#plain ? record(this.#plain[name]) : undefined;
  }

  /** Why lines cannot be added to a service, or undefined. */
  refusal(service: string): string | undefined {
    const map = this.#serviceMap(service);
    if (map === undefined) return undefined;
    return map.flow === true || map.items.length === 0 ? `its service ${service} is written in one line` : undefined;
  }

  /** Adds lines at the end of a service, making the service where the file does not name it. Lines are relative to its keys. */
  addToService(service: string, lines: readonly string[]): void {
    const map = this.#serviceMap(service);
    if (map !== undefined) {
      this.#insertAfter(map, lines);
      return;
    }
    const services = this.#map(this.#root, 'services');
    const step = '  ';
    if (services === undefined)
      this.addSection(['services:', `${step}${service}:`, ...lines.map((line) => step + step + line)]);
    else this.#insertAfter(services, ['', `${service}:`, ...lines.map((line) => step + line)]);
  }

  /** Adds lines at the end of the file, behind an empty one. */
  addSection(lines: readonly string[]): void {
    const end = this.#text.length;
    const gap = this.#text.endsWith('\n') || end === 0 ? '' : this.#newline;
    this.edits.push({
      file: this.#file,
      start: end,
      end,
      text: gap + ['', ...lines].join(this.#newline) + this.#newline,
    });
  }

  /** True when a key of a service is an empty list: `ports: []`. */
  isEmptyList(service: string, key: string): boolean {
    const value = this.#pair(service, key)?.value;
    return isSeq(value) && value.items.length === 0 && value.tag !== '!reset' && value.tag !== '!override';
  }

  has(service: string, key: string): boolean {
    return this.#pair(service, key) !== undefined;
  }

  /** Replaces the value of a key of a service. Further lines are relative to the key. */
  replaceValue(service: string, key: string, first: string, more: readonly string[] = []): void {
    const pair = this.#pair(service, key);
    const value = pair?.value;
    if (pair === undefined || (!isSeq(value) && !isScalar(value) && !isMap(value)) || !isScalar(pair.key)) return;
    const [start, end] = value.range ?? [0, 0];
    const indent = this.#indentAt(pair.key.range?.[0] ?? 0);
    const text = [first, ...more.map((line) => indent + line)].join(this.#newline);
    this.edits.push({ file: this.#file, start, end, text });
  }

  /** Removes a key of a service with its value and the comment above it. */
  removeKey(service: string, key: string): void {
    const pair = this.#pair(service, key);
    if (pair === undefined || !isScalar(pair.key)) return;
    const start = this.#lineStart(pair.key.range?.[0] ?? 0);
    this.edits.push({ file: this.#file, start, end: this.#lineEnd(endOf(pair)), text: '' });
  }

  /** Items of a list of a service that are plain scalars, with a way to write them anew. */
  scalars(
    service: string,
    key: string,
  ): readonly { readonly text: string; readonly replace: (text: string) => void }[] {
    const value = this.#pair(service, key)?.value;
    if (!isSeq(value)) return [];
    return value.items.flatMap((item) => {
      if (isScalar(item)) return this.#writable(item);
      if (!isMap(item)) return [];
      const target = item.items.find((pair) => isScalar(pair.key) && pair.key.value === 'target')?.value;
      return isScalar(target) ? this.#writable(target) : [];
    });
  }

  /** A scalar of a service, with a way to write it anew. */
  scalar(
    service: string,
    key: string,
  ): { readonly text: string; readonly replace: (text: string) => void } | undefined {
    const value = this.#pair(service, key)?.value;
    return isScalar(value) ? this.#writable(value)[0] : undefined;
  }

  /** A variable of `environment:`, in either form, with a way to give it another value. */
  variable(
    service: string,
    name: string,
  ): { readonly text: string; readonly replace: (text: string) => void } | undefined {
    const value = this.#pair(service, 'environment')?.value;
    if (isMap(value)) {
      const found = value.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.value;
      return isScalar(found) ? this.#writable(found)[0] : undefined;
    }
    const item = this.scalars(service, 'environment').find((entry) => entry.text.startsWith(`${name}=`));
    return item === undefined
      ? undefined
      : { text: item.text.slice(name.length + 1), replace: (text) => item.replace(`${name}=${text}`) };
  }

  #writable(item: Scalar): { text: string; replace: (text: string) => void }[] {
    const [start, end] = item.range ?? [0, 0];
    const quote = /^["']/.exec(this.#text.charAt(start))?.[0] ?? '';
    const replace = (text: string): void => {
      this.edits.push({ file: this.#file, start, end, text: quote + text + quote });
    };
    return [{ text: String(item.value), replace }];
  }

  #serviceMap(service: string): YAMLMap | undefined {
    return this.#map(this.#map(this.#root, 'services'), service);
  }

  #pair(service: string, key: string): Pair | undefined {
    return this.#serviceMap(service)?.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  }

  #map(parent: YAMLMap | undefined, key: string): YAMLMap | undefined {
    const value = parent?.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
    return isMap(value) ? value : undefined;
  }

  #insertAfter(map: YAMLMap, lines: readonly string[]): void {
    const last = map.items.at(-1);
    const first = map.items[0];
    if (last === undefined || first === undefined || !isScalar(first.key)) return;
    const indent = ' '.repeat((first.key.range?.[0] ?? 0) - this.#lineStart(first.key.range?.[0] ?? 0));
    const at = this.#lineEnd(endOf(last));
    const gap = at === this.#text.length && !this.#text.endsWith('\n') ? this.#newline : '';
    const body = lines.map((line) => (line === '' ? '' : indent + line) + this.#newline).join('');
    this.edits.push({ file: this.#file, start: at, end: at, text: gap + body });
  }

  #indentAt(offset: number): string {
    return ' '.repeat(offset - this.#lineStart(offset));
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Just behind the line that an offset lies in; an offset at the start of a line is already behind one. */
  #lineEnd(offset: number): number {
    if (offset > 0 && this.#text.charAt(offset - 1) === '\n') return offset;
    const end = this.#text.indexOf('\n', offset);
    return end === -1 ? this.#text.length : end + 1;
  }
}

/** Where the last thing of a pair ends, without trailing comments. */
function endOf(pair: Pair): number {
  const value: unknown = pair.value;
  if ((isMap(value) || isSeq(value)) && value.flow !== true) {
    const last: unknown = value.items.at(-1);
    if (isMap(value) && last !== undefined) return endOf(last as Pair);
    if (isMap(last) && last.flow !== true && last.items.length > 0) return endOf(last.items.at(-1) as Pair);
    if ((isScalar(last) || isMap(last) || isSeq(last)) && last.range) return last.range[1];
  }
  if ((isScalar(value) || isMap(value) || isSeq(value)) && value.range) return value.range[1];
  return isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) + 1 : 0;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
