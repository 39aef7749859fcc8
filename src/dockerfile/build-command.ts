import { atLeastOne, type Draft } from './build.ts';
import { flagNamed } from './flags.ts';
import { goQuote } from './go-text.ts';
import type { Refusal } from './instruction.ts';
import { parseMount } from './run-mount.ts';
import { runScript } from './script.ts';
import type { Script } from './syntax.ts';
import type { Instruction, Word } from './types.ts';

type Built = Instruction | Refusal;

/** The exec vector, or the text for the shell, from an offset of the logical line on. */
export function commandOf(
  draft: Draft,
  from: number,
  words: readonly Word[],
): { argv?: readonly Word[]; script?: Script } {
  const { node, input } = draft;
  if (node.json) return { argv: words };
  if (words.length === 0) return {};
  const text = input.line.text.slice(from, node.end);
  return { script: { text, map: input.line.map.slice(from, node.end), kind: 'line' } };
}

export function buildCmd(draft: Draft): Built {
  return (
    draft.flagRefusal ?? { ...draft.base, keyword: 'CMD', ...commandOf(draft, draft.node.start, draft.node.words) }
  );
}

export function buildEntrypoint(draft: Draft): Built {
  const command = commandOf(draft, draft.node.start, draft.node.words);
  return draft.flagRefusal ?? { ...draft.base, keyword: 'ENTRYPOINT', ...command };
}

export function buildShell(draft: Draft): Built {
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  const empty = atLeastOne(draft, 'SHELL');
  if (empty !== undefined) return empty;
  if (!draft.node.json) return { error: 'SHELL requires the arguments to be in JSON form' };
  return { ...draft.base, keyword: 'SHELL', argv: draft.node.words };
}

export function buildRun(draft: Draft): Built {
  const { base, input, node } = draft;
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  const network = flagNamed(base.flags, 'network');
  const security = flagNamed(base.flags, 'security');
  const mounts = base.flags.filter((flag) => flag.name === 'mount').map(parseMount);
  const faults = mounts.flatMap(({ error, span }) => (error === undefined ? [] : [{ error, at: span }]));
  // These two are found while parsing, all other faults of a mount only when the step is built.
  const early = faults.find(({ error }) => /^failed to parse|^'from' doesn't/.test(error));
  if (early !== undefined) return early;
  if (network?.value !== undefined && !['default', 'none', 'host'].includes(network.value)) {
    return { error: `invalid network mode ${goQuote(network.value)}`, at: network.span };
  }
  if (security?.value !== undefined && !['sandbox', 'insecure'].includes(security.value)) {
    return { error: `security ${goQuote(security.value)} is not valid`, at: security.span };
  }
  const [late] = faults;
  if (late !== undefined) return late;
  const plain = commandOf(draft, node.start, node.words);
  const { script } = plain;
  const command =
    script === undefined ? plain : { script: runScript(script.text, script.map, base.heredocs, input.text) };
  return {
    ...base,
    keyword: 'RUN',
    ...command,
    mounts,
    devices: base.flags.filter((flag) => flag.name === 'device'),
    ...(network === undefined ? {} : { network }),
    ...(security === undefined ? {} : { security }),
  };
}
