import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import { migrationsOf, toolIn } from './migrations.ts';

/** Something a service certainly does at its start that ends it when the database does not answer. */
export interface FirstConnection {
  /** `alembic upgrade` */
  readonly what: string;
  readonly at: Place;
}

/** Signs of somebody who waits, tries again, or goes on after a failure. */
const WAITS =
  /wait|until|while|retr|sleep|timeout|pg_isready|mysqladmin|dockerize|\bnc\b|\/dev\/tcp|for\s+\w+\s+in|\|\|/i;

/** The migrations in the start command of a service whose failure ends it. Knows nothing of the code. */
export function migrationsThatEnd(service: Service): readonly FirstConnection[] {
  const { process, startTexts } = service;
  if (!process.known || !startTexts.known) return [];
  const said = [...process.value.argv, ...startTexts.value.map((t) => t.text)].join('\n');
  if (WAITS.test(said)) return [];
  const script = packageScript(service, process.value.command);
  if (script !== undefined) {
    const parts = WAITS.test(script) || /[;&|]/.test(script.replaceAll('&&', '')) ? [] : script.split('&&');
    const tool = parts.map((part) => toolIn(part)).find((found) => found !== undefined);
    if (tool !== undefined) return [{ what: tool.command, at: process.value.at }];
  }
  return migrationsOf(service)
    .filter((m) => m.hidden === undefined && !/^npm run/.test(m.command))
    .map(({ command, at }) => ({ what: command, at }));
}

/** The text of the script of package.json that `npm run NAME`, `npm start` or `yarn NAME` as the first process runs. */
function packageScript({ target, stack }: Service, argv: readonly string[]): string | undefined {
  const [manager = '', ...rest] = argv;
  if (target === undefined || !/^(?:npm|yarn|pnpm)$/.test(manager)) return undefined;
  const [first, second] = rest.filter((word) => !word.startsWith('-'));
  const name = first === 'run' || first === 'run-script' ? second : first;
  const folder = target.contextDir === '' || target.contextDir === '.' ? '' : `${target.contextDir}/`;
  const scripts = parsed(stack.repo.text(`${folder}package.json`) ?? '')?.scripts;
  const text = name === undefined ? undefined : scripts?.[name];
  return typeof text === 'string' ? text : undefined;
}

function parsed(text: string): { readonly scripts?: Readonly<Record<string, unknown>> } | undefined {
  try {
    return JSON.parse(text) as { scripts?: Record<string, unknown> };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Makes the tables of SQLAlchemy or SQLModel, for which it connects. */
const CREATES = /\bmetadata\.create_all\b/;
/** A failure is caught, or somebody waits until the database answers. */
const PATIENT = /^\s*(?:except|while)\b|wait_for|sleep\(|retry|tenacity|backoff|sqlite/im;

/** Tables that the code makes when the module of the application is loaded, or in what runs when the application starts. */
export function tablesMadeAtStart(service: Service, file: string): FirstConnection | undefined {
  const { repo } = service.stack;
  const text = repo.text(file) ?? '';
  const lines = text.split('\n');
  const top = lines.findIndex((line) => /^(?:\w+\.)*metadata\.create_all\(/.test(line));
  if (top !== -1) return PATIENT.test(lines.slice(0, top).join('\n')) ? undefined : found(file, lines, top);
  for (const handler of handlersIn(lines)) {
    const body = bodyOf(lines, handler);
    if (PATIENT.test(body.text)) continue;
    if (body.create !== undefined && !conditional(service, lines, handler, body.create))
      return found(file, lines, body.create);
    for (const [offset, line] of body.text.split('\n').entries()) {
      const name = /^\s+(?:await\s+)?(?:\w+\.)*(\w+)\(/.exec(line)?.[1];
      if (name === undefined || conditional(service, lines, handler, handler + 1 + offset)) continue;
      const made = madeIn(service, name);
      if (made !== undefined) return made;
    }
  }
  return undefined;
}

/** Lines of functions that run when a FastAPI application starts. */
function handlersIn(lines: readonly string[]): readonly number[] {
  const lifespan = /\blifespan\s*=\s*(\w+)/.exec(lines.join('\n'))?.[1];
  return lines.flatMap((line, index) => {
    const name = /^(?:async\s+)?def\s+(\w+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const decorated = /^@\w+\.on_event\(["']startup["']\)/.test(lines[index - 1] ?? '');
    return decorated || name === lifespan ? [index] : [];
  });
}

function bodyOf(lines: readonly string[], start: number): { readonly text: string; readonly create?: number } {
  const next = lines.findIndex((line, index) => index > start && /^\S/.test(line) && !/^[)\]#]/.test(line));
  const end = next === -1 ? lines.length : next;
  // What stands behind yield runs when the application ends.
  const pause = lines.findIndex((line, index) => index > start && index < end && /^\s+yield\b/.test(line));
  const body = lines.slice(start + 1, pause === -1 ? end : pause);
  const create = body.findIndex((line) => CREATES.test(line) && !/^\s*#/.test(line));
  return { text: body.join('\n'), ...(create === -1 ? {} : { create: start + 1 + create }) };
}

/** Whether a line runs only under a condition. A flag that is a parameter with the default True, and that nobody sets to False, is none. */
function conditional({ stack }: Service, lines: readonly string[], start: number, index: number): boolean {
  const text = lines.join('\n');
  let depth = indent(lines[index] ?? '');
  for (let i = index - 1; i > start; i--) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || indent(line) >= depth) continue;
    depth = indent(line);
    if (!/^\s*(?:if|elif|else|for|match|case)\b/.test(line)) continue;
    const flag = /^\s*if\s+(\w+)\s*:\s*$/.exec(line)?.[1];
    const on = flag !== undefined && new RegExp(`\\b${flag}\\s*:\\s*bool\\s*=\\s*True\\b`).test(text);
    const off = new RegExp(`\\b${flag ?? ''}\\s*=\\s*False\\b`);
    if (!on || stack.repo.files().some((f) => f.endsWith('.py') && off.test(stack.repo.text(f) ?? ''))) return true;
  }
  return false;
}

function indent(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

/** A function of the same build context that makes the tables, where there is one of this name. */
function madeIn(service: Service, name: string): FirstConnection | undefined {
  const { target, stack } = service;
  if (target === undefined) return undefined;
  const below = target.contextDir === '' || target.contextDir === '.' ? '' : `${target.contextDir}/`;
  const define = new RegExp(`^(?:async\\s+)?def\\s+${name}\\(`);
  const places = stack.repo
    .files()
    .filter((file) => file.startsWith(below) && file.endsWith('.py') && !/(?:^|\/)(?:tests?|node_modules)\//.test(file))
    .flatMap((file) => {
      const text = stack.repo.text(file) ?? '';
      if (!text.includes(`def ${name}(`)) return [];
      const lines = text.split('\n');
      return lines.flatMap((line, index) => (define.test(line) ? [{ file, lines, index }] : []));
    });
  const [place, ...more] = places;
  if (place === undefined || more.length > 0) return undefined;
  const body = bodyOf(place.lines, place.index);
  if (body.create === undefined || PATIENT.test(body.text)) return undefined;
  if (conditional(service, place.lines, place.index, body.create)) return undefined;
  // A decorator may try again.
  if (/^@/.test(place.lines[place.index - 1] ?? '')) return undefined;
  return found(place.file, place.lines, body.create);
}

function found(file: string, lines: readonly string[], index: number): FirstConnection {
  const text = lines[index] ?? '';
  const line = index + 1;
  return { what: text.trim(), at: { file, line, column: 1, endLine: line, endColumn: text.length + 1 } };
}
