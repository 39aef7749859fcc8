import { secretName } from '../source/env-read.ts';
import { linePlace, type Place } from '../text/place.ts';

/** A secret in a file, masked. */
export interface FoundSecret {
  readonly at: Place;
  readonly what: string;
}

const EXAMPLE = /(^|[._-])(example|sample|template|dist|tpl|tmpl|defaults?|schema)([._-]|$)/i;
const TEST_DATA = /(^|\/)(tests?|__tests__|spec|fixtures?|testdata|examples?|docs?|samples?|mocks?)\//i;
/** Values that nobody keeps secret: empty, placeholders, references to other variables. */
const PLACEHOLDER =
  /^$|^(change[-_ ]?me|your[-_ ].*|xxx+|todo|none|null|dummy|placeholder|example|secret|password|test|\.\.\.|<.*>|\*+)$|\$\{|^\$[A-Z_]+$|^your|change[-_]?(me|this)|placeholder|replace[-_]?(me|this)/i;

/** Reads a file as something that should not be in an image; undefined when it holds no secret that can be told for sure. */
export function secretInFile(file: string, text: () => string | undefined): FoundSecret | undefined {
  const name = file.split('/').pop() ?? '';
  if (TEST_DATA.test(file) || EXAMPLE.test(name)) return undefined;
  if (/^\.env(\.|$)|\.env$/.test(name)) return inDotenv(file, text() ?? '');
  if (/\.(pem|key|p8)$|^id_(rsa|dsa|ecdsa|ed25519)$/.test(name))
    return line(file, text() ?? '', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key');
  if (name === '.npmrc' || name === '.yarnrc.yml')
    return line(
      file,
      text() ?? '',
      /_authToken\s*=\s*(?!\$\{)\S{8,}|npmAuthToken:\s*["']?(?!\$\{)[\w-]{8,}/,
      'a registry token',
    );
  if (name === '.netrc' || name === '_netrc') return line(file, text() ?? '', /\bpassword\s+\S+/, 'a password');
  if (name === '.pypirc') return line(file, text() ?? '', /^\s*password\s*[:=]\s*\S+/m, 'a password');
  if (/credentials.*\.json$|service[-_]?account.*\.json$/i.test(name))
    return line(file, text() ?? '', /"private_key"\s*:\s*"-----BEGIN/, 'a private key of a service account');
  return undefined;
}

function inDotenv(file: string, text: string): FoundSecret | undefined {
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(written);
    if (match?.[1] === undefined) continue;
    const value = (match[2] ?? '')
      .replace(/\s+#.*$/, '')
      .trim()
      .replace(/^(['"])(.*)\1$/, '$2');
    if (secretName(match[1]) && !PLACEHOLDER.test(value))
      return { at: linePlace(file, index + 1), what: `a value for ${match[1]}` };
  }
  return undefined;
}

function line(file: string, text: string, pattern: RegExp, what: string): FoundSecret | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : { at: linePlace(file, text.slice(0, match.index).split('\n').length), what };
}
