import { describe, expect, it } from 'vitest';
import { type Command, literalText } from './ast.ts';
import { parseShell } from './parse.ts';

const first = (text: string): Command | undefined => parseShell(text).body.items[0]?.command;

describe('parseShell', () => {
  it('keeps positions of every command of a list', () => {
    const text = 'apt-get update && apt-get install -y curl || true; ls';
    const { items } = parseShell(text).body;
    const list = items[0]?.command;
    expect(list?.kind).toBe('and-or');
    if (list?.kind !== 'and-or') return;
    expect(list.rest.map((item) => item.operator)).toEqual(['&&', '||']);
    const install = list.rest[0]?.command;
    expect(install && text.slice(install.span.start, install.span.end)).toBe('apt-get install -y curl');
    expect(items).toHaveLength(2);
  });

  it('tells quoted from unquoted parts, because only unquoted ones split and match files', () => {
    const command = first('echo "$A" $B "*" *.js ~/x');
    expect(command?.kind).toBe('simple');
    if (command?.kind !== 'simple') return;
    const [, a, b, star, glob] = command.words;
    expect(a?.parts).toMatchObject([{ kind: 'variable', name: 'A', quoted: true }]);
    expect(b?.parts).toMatchObject([{ kind: 'variable', name: 'B', quoted: false }]);
    expect(star && literalText(star)).toBe('*');
    expect(glob?.parts.map((part) => part.kind)).toEqual(['glob', 'literal']);
  });

  it('reads heredocs with and without expansion', () => {
    const command = first("cat > /x <<'EOF'\na $HOME\nEOF\n");
    expect(command?.kind).toBe('simple');
    if (command?.kind !== 'simple') return;
    const heredoc = command.redirects.find((item) => item.operator === 'heredoc');
    expect(heredoc && literalText(heredoc.target)).toBe('a $HOME\n');
    const open = first('cat <<EOF\na $HOME\nEOF\n');
    if (open?.kind !== 'simple') return;
    expect(open.redirects[0]?.target.parts).toMatchObject([
      { kind: 'literal' },
      { kind: 'variable', name: 'HOME' },
      { kind: 'literal' },
    ]);
  });

  it('lists constructs that only Bash knows, also inside substitutions', () => {
    const found = parseShell('x=(1 2); [[ -f a ]] && cat <(ls) <<< "$(echo ${a/b/c})" &> f').bashisms.map(
      (item) => item.construct,
    );
    expect(new Set(found)).toEqual(
      new Set([
        'array',
        'double-bracket',
        'process-substitution',
        'here-string',
        'pattern-substitution',
        'ampersand-redirect',
      ]),
    );
  });

  it('expands braces as Bash does and leaves those with variables alone', () => {
    const words = (text: string) => {
      const command = first(`echo ${text}`);
      const part =
        command?.kind === 'simple' ? command.words[1]?.parts.find((item) => item.kind === 'brace') : undefined;
      return part?.kind === 'brace' ? part.words?.map((word) => word.text) : 'none';
    };
    expect(words('{a,b}')).toEqual(['a', 'b']);
    expect(words('x{08..11}')).toEqual(['08', '09', '10', '11']);
    expect(words('{a,$b}')).toBeUndefined();
  });

  it('reports an unclosed quote and still gives a tree', () => {
    const script = parseShell('echo "a && rm -rf /');
    expect(script.errors).not.toEqual([]);
    expect(script.body.items).not.toEqual([]);
  });

  it.each([
    ['nested parentheses', '('.repeat(20_000)],
    ['nested substitutions', '$('.repeat(20_000)],
    ['a long list', 'a && '.repeat(50_000)],
    ['quotes', '"\'`'.repeat(30_000)],
    ['a huge text', 'echo x\n'.repeat(200_000)],
    ['braces', `echo ${'{a,b}'.repeat(5000)}`],
    ['control characters', '\0\u0001\uD800'.repeat(1000)],
  ])('survives %s', (_name, text) => {
    expect(parseShell(text).body.kind).toBe('sequence');
  });
});
