import type { Part, Word } from '../../shell/ast.ts';
import type { RunContext } from './run-context.ts';

/** The words that `a{b,c}` stands for: Bash expands braces first, other shells leave them alone. */
export function alternatives(word: Word, dialect: RunContext['dialect']): readonly Word[] {
  const at = word.parts.findIndex((part) => part.kind === 'brace');
  const brace = word.parts[at];
  if (brace?.kind !== 'brace') return [word];
  if (dialect !== 'bash') {
    const parts: Part[] = word.parts.map((part) =>
      part.kind === 'brace' ? { kind: 'literal', text: part.text, quoted: true } : part,
    );
    return [{ ...word, parts }];
  }
  if (!brace.words)
    return [{ ...word, parts: [{ kind: 'opaque', text: word.text, what: 'braces with variables in them' }] }];
  const [before, after] = [word.parts.slice(0, at), word.parts.slice(at + 1)];
  return brace.words.flatMap((item) => alternatives({ ...word, parts: [...before, ...item.parts, ...after] }, dialect));
}
