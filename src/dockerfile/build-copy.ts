import type { Draft } from './build.ts';
import { boolFlag, flagNamed } from './flags.ts';
import { chompHeredoc, parseHeredocMark } from './heredoc.ts';
import type { Refusal } from './instruction.ts';
import type { Flag } from './syntax.ts';
import type { HeredocSource, Instruction, Word } from './types.ts';

type Built = Instruction | Refusal;

export function buildCopy(draft: Draft): Built {
  const parts = sourcesAndDestination(draft, 'COPY');
  if ('error' in parts) return parts;
  const from = flagNamed(draft.base.flags, 'from');
  return {
    ...draft.base,
    keyword: 'COPY',
    ...parts,
    parents: boolFlag(draft.base.flags, 'parents') === true,
    ...(from === undefined ? {} : { from }),
  };
}

export function buildAdd(draft: Draft): Built {
  const parts = sourcesAndDestination(draft, 'ADD');
  if ('error' in parts) return parts;
  const { flags } = draft.base;
  const checksum = flagNamed(flags, 'checksum');
  const keepGitDir = boolFlag(flags, 'keep-git-dir');
  const unpack = boolFlag(flags, 'unpack');
  return {
    ...draft.base,
    keyword: 'ADD',
    ...parts,
    ...(checksum === undefined ? {} : { checksum }),
    ...(keepGitDir === undefined ? {} : { keepGitDir }),
    ...(unpack === undefined ? {} : { unpack }),
  };
}

interface Parts {
  readonly sources: readonly Word[];
  readonly heredocSources: readonly HeredocSource[];
  readonly destination: Word;
  readonly chown?: Flag;
  readonly chmod?: Flag;
  readonly link: boolean;
  readonly exclude: readonly Flag[];
}

function sourcesAndDestination(draft: Draft, keyword: string): Parts | Refusal {
  const { words } = draft.node;
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    const error = `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
    return { error };
  }
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  if (isHeredoc(destination)) {
    return { error: `${keyword} cannot accept a heredoc as a destination`, at: destination.span };
  }
  const sources: Word[] = [];
  const heredocSources: HeredocSource[] = [];
  for (const word of words.slice(0, -1)) {
    const mark = parseHeredocMark(word.text);
    if (mark === undefined || 'error' in mark) {
      sources.push(word);
      continue;
    }
    // As in BuildKit, of two heredocs with one name the last wins.
    const heredoc = draft.base.heredocs.findLast((candidate) => candidate.name === mark.name);
    const content = heredoc?.content ?? '';
    heredocSources.push({
      name: mark.name,
      content: mark.chomp ? chompHeredoc(content) : content,
      expand: mark.expand,
      contentSpan: heredoc?.contentSpan ?? word.span,
    });
  }
  const { flags } = draft.base;
  const chown = flagNamed(flags, 'chown');
  const chmod = flagNamed(flags, 'chmod');
  return {
    sources,
    heredocSources,
    destination,
    link: boolFlag(flags, 'link') === true,
    exclude: flags.filter((flag) => flag.name === 'exclude'),
    ...(chown === undefined ? {} : { chown }),
    ...(chmod === undefined ? {} : { chmod }),
  };
}

function isHeredoc(word: Word): boolean {
  const mark = parseHeredocMark(word.text);
  return mark !== undefined && !('error' in mark);
}
