import { atLeastOne, type Draft } from './build.ts';
import { flagNamed } from './flags.ts';
import { goLower, goQuote } from './go-text.ts';
import type { Refusal } from './instruction.ts';
import type { ArgDeclaration, Instruction, KeyValue } from './types.ts';

type Built = Instruction | Refusal;

export function buildFrom(draft: Draft): Built {
  const { base, node } = draft;
  const [image, as, alias] = node.words;
  const three = node.words.length === 3 && as !== undefined && goLower(as.text) === 'as';
  if (image === undefined || (!three && node.words.length !== 1)) {
    return { error: 'FROM requires either one or three arguments' };
  }
  const stageName = three && alias !== undefined ? goLower(alias.text) : undefined;
  if (stageName !== undefined && !/^[a-z][a-z0-9-_.]*$/.test(stageName)) {
    const error = `invalid name for build stage: ${goQuote(alias?.text ?? '')}, name can't start with a number or contain symbols`;
    return alias === undefined ? { error } : { error, at: alias.span };
  }
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  const platform = flagNamed(base.flags, 'platform');
  return {
    ...base,
    keyword: 'FROM',
    image,
    ...(stageName === undefined || alias === undefined ? {} : { stageName, alias }),
    ...(platform === undefined ? {} : { platform }),
  };
}

export function buildEnv(draft: Draft): Built {
  const pairs = draft.flagRefusal ?? readPairs(draft, 'ENV');
  return 'error' in pairs ? pairs : { ...draft.base, keyword: 'ENV', pairs };
}

export function buildLabel(draft: Draft): Built {
  const pairs = draft.flagRefusal ?? readPairs(draft, 'LABEL');
  return 'error' in pairs ? pairs : { ...draft.base, keyword: 'LABEL', pairs };
}

function readPairs(draft: Draft, keyword: string): readonly KeyValue[] | Refusal {
  const empty = atLeastOne(draft, keyword);
  if (empty !== undefined) return empty;
  const { words } = draft.node;
  const pairs: KeyValue[] = [];
  for (let i = 0; i + 2 < words.length; i += 3) {
    const [key, value, separator] = [words[i], words[i + 1], words[i + 2]];
    if (key === undefined || value === undefined) continue;
    if (key.text === '') return { error: `${keyword} names can not be blank`, at: key.span };
    pairs.push({ key, value, old: separator?.text === '' });
  }
  return pairs;
}

/** BuildKit does not look at the flags of ARG. */
export function buildArg(draft: Draft): Built {
  const empty = atLeastOne(draft, 'ARG');
  if (empty !== undefined) return empty;
  const args: ArgDeclaration[] = [];
  for (const word of draft.node.words) {
    const equals = word.text.indexOf('=');
    if (equals === 0) return { error: 'ARG names can not be blank', at: word.span };
    if (equals === -1) {
      args.push({ name: word, span: word.span });
      continue;
    }
    const at = Math.min(word.span.end, word.span.start + equals);
    args.push({
      name: { text: word.text.slice(0, equals), span: { start: word.span.start, end: at } },
      value: {
        text: word.text.slice(equals + 1),
        span: { start: Math.min(word.span.end, at + 1), end: word.span.end },
      },
      span: word.span,
    });
  }
  return { ...draft.base, keyword: 'ARG', args };
}
