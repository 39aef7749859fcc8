import type { Service } from '../model/types.ts';
import type { Command } from '../shell/ast.ts';
import { parseShell } from '../shell/parse.ts';
import type { Place } from '../text/place.ts';

/** A command that changes the shape of a database to what the code wants. */
export interface Migration {
  readonly command: string;
  readonly at: Place;
  /** It takes a lock in the database, so that several may run at once. */
  readonly locks: boolean;
  /** The start goes on when it fails, and how that is written. */
  readonly hidden?: '|| true' | ';' | 'the next line';
}

const TOOLS: readonly { readonly words: RegExp; readonly locks: boolean }[] = [
  { words: /\balembic(\s+-\S+(\s+[\w./-]+\.(ini|toml))?)*\s+upgrade\b/, locks: false },
  { words: /\bmanage\.py\s+migrate\b(?!\s+--(check|plan))/, locks: false },
  { words: /\bdjango-admin\s+migrate\b/, locks: false },
  { words: /\bflask\s+db\s+upgrade\b/, locks: false },
  { words: /\bsequelize(-cli)?\s+db:migrate(?!:)/, locks: false },
  { words: /\btypeorm\S*\s+migration:run\b/, locks: false },
  { words: /\bprisma\s+(migrate\s+deploy|db\s+push)\b/, locks: true },
  { words: /\bknex\s+migrate:latest\b/, locks: true },
  { words: /\brails\s+db:migrate\b/, locks: true },
  { words: /\bnpm\s+run\s+\S*migrat\S*/, locks: true },
];

/** Migrations that a service certainly runs at its start: not those behind a condition, in a loop or in a function. */
export function migrationsOf({ process, startTexts }: Service): readonly Migration[] {
  const out: Migration[] = [];
  if (process.known && process.value.form === 'exec') {
    const found = toolIn(process.value.argv.join(' '));
    if (found !== undefined && process.value.argv.every((word) => !/\s/.test(word)))
      out.push({ ...found, at: process.value.at });
  }
  for (const { text, place } of startTexts.known ? startTexts.value : []) {
    const script = parseShell(text);
    if (script.errors.length > 0) continue;
    let stops = /^#!\S*\/(?:env\s+)?\w*sh\s+-\w*e/.test(text);
    const { items } = script.body;
    for (const [index, { command }] of items.entries()) {
      const own = text.slice(command.span.start, command.span.end);
      if (/^set\s+(-\w*e|-o\s+errexit)/.test(own)) stops = true;
      if (/^set\s+\+\w*e/.test(own)) stops = false;
      const ran = ranBy(command, text);
      if (ran === undefined) continue;
      const next = items[index + 1]?.command;
      const after = next === undefined ? undefined : text.slice(next.span.start, next.span.end);
      // What looks at the result, or ends with it, hides nothing.
      const goesOn = after !== undefined && !stops && !/^exit\b|\$\?/.test(after) && !ran.stops;
      const between = next === undefined ? '' : text.slice(command.span.end, next.span.start);
      const hidden = ran.hidden ? '|| true' : goesOn ? (between.includes('\n') ? 'the next line' : ';') : undefined;
      out.push({ ...ran.tool, at: place(ran.start), ...(hidden === undefined ? {} : { hidden }) });
    }
  }
  return out;
}

interface Ran {
  readonly tool: { readonly command: string; readonly locks: boolean };
  readonly start: number;
  readonly hidden: boolean;
  /** A failure ends the script whatever follows (`|| exit 1`). */
  readonly stops: boolean;
}

/** The migration in a command that always runs: a simple one, or one in a chain of `&&`. */
function ranBy(command: Command, text: string): Ran | undefined {
  if (command.kind === 'group') return command.body.kind === 'sequence' ? undefined : ranBy(command.body, text);
  const chain = command.kind === 'and-or' ? [command.first, ...command.rest.map((r) => r.command)] : [command];
  const alternatives = command.kind === 'and-or' ? command.rest.filter((r) => r.operator === '||') : [];
  for (const [index, one] of chain.entries()) {
    if (one.kind !== 'simple') continue;
    if (command.kind === 'and-or' && index > 0 && command.rest[index - 1]?.operator === '||') continue;
    const tool = toolIn(text.slice(one.span.start, one.span.end));
    if (tool === undefined) continue;
    // What stands in front of `&&` may keep it from running.
    if (
      index > 0 &&
      !chain
        .slice(0, index)
        .every((c) => c.kind === 'simple' && /^(cd|echo|export|set|source|\.)\b/.test(wordsAt(c, text)))
    )
      return undefined;
    const [first] = alternatives;
    const answer = first === undefined ? '' : wordsAt(first.command, text);
    return {
      tool,
      start: one.span.start,
      hidden: /^(true|:|echo\b|printf\b)/.test(answer),
      stops: first !== undefined && !/^(true|:|echo\b|printf\b)/.test(answer),
    };
  }
  return undefined;
}

function wordsAt(command: Command, text: string): string {
  return text.slice(command.span.start, command.span.end);
}

/** The migration that a simple command is; undefined: none. */
export function toolIn(text: string): Ran['tool'] | undefined {
  for (const { words, locks } of TOOLS) {
    const found = words.exec(text);
    if (found !== null && !/^\s*(echo|printf)\b/.test(text)) return { command: found[0].replace(/\s+/g, ' '), locks };
  }
  return undefined;
}
