// Broken bytes for fuzzing: texts that were cut, doubled, swapped and sprinkled.
import fc from 'fast-check';
import { dockerfiles, ignoreFiles } from './inputs.ts';

const rubbish = fc.constantFrom(
  ...[
    '\0',
    '\uFEFF',
    '\ud800',
    '\u2028',
    '\x85',
    '\xff',
    '\\',
    '`',
    '<<',
    '<<-',
    '"',
    "'",
    '${',
    '}',
    '[',
    ']',
    '#',
    '\r',
  ],
  ...[
    '\n',
    '\t',
    '--',
    '${X//',
    '${'.repeat(40),
    '['.repeat(2000),
    '*'.repeat(200),
    'A'.repeat(5000),
    '\\\n'.repeat(50),
  ],
  '<<A '.repeat(60),
);

function mutated(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(), fc.nat(40), rubbish, fc.constantFrom('insert', 'cut', 'double'));
  return fc.tuple(text, fc.array(edit, { minLength: 1, maxLength: 6 })).map(([original, edits]) => {
    let out = original;
    for (const [position, length, junk, how] of edits) {
      const at = out.length === 0 ? 0 : position % out.length;
      const piece = how === 'insert' ? junk : how === 'double' ? out.slice(at, at + length).repeat(2) : '';
      out = out.slice(0, at) + piece + out.slice(how === 'insert' ? at : at + length);
    }
    return out;
  });
}

export const brokenDockerfiles = mutated(dockerfiles);
export const brokenIgnoreFiles = mutated(ignoreFiles);
