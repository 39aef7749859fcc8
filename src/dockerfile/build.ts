import type { LineNode } from './ast.ts';
import { buildCmd, buildEntrypoint, buildRun, buildShell } from './build-command.ts';
import { buildAdd, buildCopy } from './build-copy.ts';
import { buildHealthcheck } from './build-healthcheck.ts';
import { buildArg, buildEnv, buildFrom, buildLabel } from './build-variables.ts';
import { isAsciiSpace, trimSpace } from './go-text.ts';
import { type InstructionBase, type InstructionInput, innerInstruction, type Refusal } from './instruction.ts';
import type { Instruction, Word } from './types.ts';

export interface Draft {
  readonly node: LineNode;
  readonly input: InstructionInput;
  readonly base: InstructionBase;
  readonly flagRefusal: Refusal | undefined;
}

type Built = Instruction | Refusal;

/** One typed instruction, or why BuildKit refuses it. Checks are made in BuildKit's order: its first complaint is ours. */
export function build(keyword: string, draft: Draft): Built {
  switch (keyword) {
    case 'ADD':
      return buildAdd(draft);
    case 'ARG':
      return buildArg(draft);
    case 'CMD':
      return buildCmd(draft);
    case 'COPY':
      return buildCopy(draft);
    case 'ENTRYPOINT':
      return buildEntrypoint(draft);
    case 'ENV':
      return buildEnv(draft);
    case 'EXPOSE':
      return atLeastOne(draft, 'EXPOSE') ?? draft.flagRefusal ?? { ...draft.base, keyword: 'EXPOSE' };
    case 'FROM':
      return buildFrom(draft);
    case 'HEALTHCHECK':
      return buildHealthcheck(draft);
    case 'LABEL':
      return buildLabel(draft);
    case 'MAINTAINER':
      return one(draft, 'MAINTAINER', (name) => ({ ...draft.base, keyword: 'MAINTAINER', name }));
    case 'ONBUILD':
      return buildOnbuild(draft);
    case 'RUN':
      return buildRun(draft);
    case 'SHELL':
      return buildShell(draft);
    case 'STOPSIGNAL':
      return one({ ...draft, flagRefusal: undefined }, 'STOPSIGNAL', (signal) => ({
        ...draft.base,
        keyword: 'STOPSIGNAL',
        signal,
      }));
    case 'USER':
      return one(draft, 'USER', (user) => ({ ...draft.base, keyword: 'USER', user }));
    case 'VOLUME':
      return buildVolume(draft);
    default:
      return one(draft, 'WORKDIR', (path) => ({ ...draft.base, keyword: 'WORKDIR', path }));
  }
}

export function atLeastOne(draft: Draft, keyword: string): Refusal | undefined {
  return draft.node.words.length === 0 ? { error: `${keyword} requires at least one argument` } : undefined;
}

function one(draft: Draft, keyword: string, make: (word: Word) => Instruction): Built {
  const [word] = draft.node.words;
  if (word === undefined) return { error: `${keyword} requires exactly one argument` };
  return draft.flagRefusal ?? make(word);
}

function buildVolume(draft: Draft): Built {
  const refusal = atLeastOne(draft, 'VOLUME') ?? draft.flagRefusal;
  if (refusal !== undefined) return refusal;
  const paths = draft.node.words.map((word) => ({ ...word, text: trimSpace(word.text) }));
  const empty = paths.find((path) => path.text === '');
  if (empty !== undefined) return { error: 'VOLUME specified can not be an empty string', at: empty.span };
  return { ...draft.base, keyword: 'VOLUME', paths };
}

function buildOnbuild(draft: Draft): Built {
  const { child } = draft.node;
  if (child === undefined) return { error: 'ONBUILD requires at least one argument' };
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  const trigger = trimSpace(child.value).toUpperCase();
  if (trigger === 'ONBUILD') return { error: "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed" };
  if (trigger === 'MAINTAINER' || trigger === 'FROM')
    return { error: `${trigger} isn't allowed as an ONBUILD trigger` };
  return { ...draft.base, keyword: 'ONBUILD', inner: innerInstruction(child, draft.input) };
}

/** Offset in the logical line of what follows the first word. */
export function behindFirstWord(draft: Draft): number {
  const { node, input } = draft;
  let at = node.start + (node.words[0]?.text.length ?? 0);
  while (at < node.end && isAsciiSpace(input.line.text.charCodeAt(at))) at++;
  return at;
}
