// What holds for any input at all.
import { dumpAst } from '../../src/dockerfile/dump.ts';
import { parseIgnore } from '../../src/dockerfile/ignore-file.ts';
import { compileIgnore } from '../../src/dockerfile/ignore-matcher.ts';
import { expandWord } from '../../src/dockerfile/lex.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import type { Instruction } from '../../src/dockerfile/types.ts';
import type { Span } from '../../src/text/place.ts';

/** Sentences about what is wrong; empty when all is well. */
export function judgeDockerfile(text: string): readonly string[] {
  const wrong: string[] = [];
  const file = parseDockerfile(text, 'Dockerfile');
  dumpAst(file);
  let last = 0;
  for (const instruction of file.instructions) {
    const { span } = instruction;
    if (span.start < last) wrong.push(`${instruction.keyword} at ${span.start} begins before ${last}`);
    last = span.end;
    if (text.slice(instruction.keywordSpan.start, instruction.keywordSpan.end) !== instruction.written) {
      // A keyword broken over lines is not one slice of the file.
      if (!/[\\`][ \t]*\r*\n/.test(text.slice(span.start, span.end)))
        wrong.push(`${instruction.written} is not at its place`);
    }
    for (const part of spansOf(instruction)) {
      if (part.start < span.start || part.end > span.end || part.end < part.start) {
        wrong.push(`${instruction.keyword}: ${part.start}-${part.end} lies outside ${span.start}-${span.end}`);
      }
    }
    for (const word of instruction.words) expandWord(word.text, () => undefined, file.escape);
    const script = 'script' in instruction ? instruction.script : undefined;
    if (script === undefined) continue;
    for (let i = 0; i < script.text.length; i += 7) {
      const at = script.map.offset(i);
      const here = text[at];
      // Behind a heredoc body stand our own line end and terminator.
      if (here !== script.text[i] && script.text[i] !== '\n' && instruction.heredocs.length === 0) {
        wrong.push(`offset ${i} of the script leads to ${JSON.stringify(here)} at ${at}`);
      }
    }
  }
  return wrong;
}

function spansOf(instruction: Instruction): readonly Span[] {
  return [...instruction.flags, ...instruction.words].map((part) => part.span);
}

export function judgeIgnoreFile(text: string): readonly string[] {
  const matcher = compileIgnore(parseIgnore(text, '.dockerignore'));
  const paths = ['a', 'a/b', 'a/b/c', 'x.log', 'a/x.md', '.env', 'é/é', `${'a/'.repeat(60)}b`, 'a'.repeat(300)];
  return paths.filter((path) => typeof matcher.ignored(path).ignored !== 'boolean');
}
