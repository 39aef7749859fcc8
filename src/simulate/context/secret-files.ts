import type { Repo } from '../../repo/repo.ts';
import { secretName } from '../../source/env-read.ts';
import { maskSecrets } from './mask.ts';

/** A file that should not be in an image, and how that can be told. */
export interface SecretFile {
  readonly path: string;
  readonly kind:
    | 'env-file'
    | 'private-key'
    | 'key-store'
    | 'credentials'
    | 'registry-token'
    | 'password-file'
    | 'history';
  /** One sentence, values masked. */
  readonly why: string;
  /** The line that is secret, from 1; absent where the whole file is. */
  readonly line?: number;
}

/** Bytes of a file that are looked at. */
const HEAD = 64 * 1024;
const TEMPLATE = /(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|test|tests|testing|ci)(?:$|[._-])/i;
const PLACEHOLDER =
  /^(?:|x{3,}|\*+|\.{3,}|<.*>|\$\{.*|\{\{.*|%.*%|change[-_ ]?(?:me|it|this).*|your[-_ ].*|replace.*|todo|none|null|true|false|example(?:[-_.]?\w+)?|placeholder|secret|password|\d+|localhost.*)$/i;
const URL_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:([^\s/@]+)@/i;

/** Whether a file looks like a secret: by its name, and where the name leaves a doubt by what it holds. Undefined: it
 * does not, or it cannot be told. `path` is relative to the repository. */
export function secretFile(repo: Repo, path: string): SecretFile | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const lower = name.toLowerCase();
  const found = (kind: SecretFile['kind'], why: string, line?: number): SecretFile => ({
    path,
    kind,
    why: maskSecrets(why),
    ...(line === undefined ? {} : { line }),
  });
  const head = (): string => (repo.text(path) ?? '').slice(0, HEAD);
  if (lower === '.env' || (lower.startsWith('.env.') && !TEMPLATE.test(lower)) || /[^.]\.env$/.test(lower)) {
    const secret = TEMPLATE.test(lower) ? undefined : secretAssignment(head());
    return secret === undefined
      ? undefined
      : found('env-file', `${name} sets ${secret.name} to a value (***)`, secret.line);
  }
  if (/\.(?:pem|key|p8)$/.test(lower) || /^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(lower)) {
    return isPrivateKey(head()) ? found('private-key', `${name} begins with a private key`) : undefined;
  }
  if (/\.(?:p12|pfx|jks|keystore)$/.test(lower)) return found('key-store', `${name} is a key store`);
  if (lower === '.npmrc' || lower === '.yarnrc.yml' || lower === '.pypirc' || lower === 'pip.conf') {
    return token(head()) ? found('registry-token', `${name} holds a token for a package registry`) : undefined;
  }
  if (
    lower === '.netrc' ||
    lower === '_netrc' ||
    lower === '.git-credentials' ||
    lower === '.pgpass' ||
    lower === '.htpasswd'
  ) {
    return head().trim() === '' ? undefined : found('password-file', `${name} holds passwords`);
  }
  if (path.endsWith('.docker/config.json') || lower === '.dockercfg' || lower === '.dockerconfigjson') {
    return /"auth"\s*:\s*"[^"]+"/.test(head())
      ? found('credentials', `${name} holds a login of an image registry`)
      : undefined;
  }
  if (path.endsWith('.aws/credentials') && /aws_secret_access_key\s*=\s*\S/i.test(head())) {
    return found('credentials', `${name} holds a secret access key`);
  }
  if (path.endsWith('.kube/config') || lower === 'kubeconfig') {
    return /(?:client-key-data|token):\s*\S/.test(head())
      ? found('credentials', `${name} holds a cluster login`)
      : undefined;
  }
  if (/(?:service[-_]?account|credentials?|gcp[-_]?key).*\.json$/.test(lower)) {
    return /"private_key"\s*:\s*"-----BEGIN/.test(head())
      ? found('credentials', `${name} holds a service account's key`)
      : undefined;
  }
  if (lower === '.bash_history' || lower === '.zsh_history' || lower === '.psql_history')
    return found('history', `${name} is a command history`);
  return undefined;
}

function isPrivateKey(text: string): boolean {
  return /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/.test(text);
}

function token(text: string): boolean {
  return text.split('\n').some((line) => {
    const match = /(?:_authToken|_auth|_password|npmAuthToken|password|index-url)\s*[=:]\s*"?([^\s"]+)/i.exec(line);
    const value = match?.[1] ?? '';
    if (/^\s*[#;]/.test(line) || value.startsWith('$')) return false;
    return /index-url/i.test(line) ? !PLACEHOLDER.test(URL_PASSWORD.exec(value)?.[1] ?? '') : !PLACEHOLDER.test(value);
  });
}

/** The first variable of an env file that looks like a secret with a real value. */
function secretAssignment(text: string): { name: string; line: number } | undefined {
  for (const [index, written] of text.split('\n').entries()) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*?)\s*$/.exec(written);
    const name = match?.[1];
    const value = (match?.[2] ?? '').replace(/^(["'])(.*)\1.*$/, '$2').replace(/\s+#.*$/, '');
    if (name === undefined || /^(?:VITE_|NEXT_PUBLIC_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_)/.test(name)) continue;
    const password = URL_PASSWORD.exec(value)?.[1];
    const secret =
      (password !== undefined && !PLACEHOLDER.test(password)) || (secretName(name) && !PLACEHOLDER.test(value));
    if (secret) return { name, line: index + 1 };
  }
  return undefined;
}
