/** Hides secrets in everything that is stored or printed. */
export interface Mask {
  /** The text without any known or recognisable secret. */
  (text: string): string;
  /** From now on this value is hidden wherever it occurs. Values shorter than 5 characters and plain words such as `true`
   * are not: they would blank out half of every log. */
  hide(value: string): void;
}

const placeholder = '••••';

/** Names of variables whose values are secret. */
export const secretName =
  /(?:^|[_.-])(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|SALT|JWT|DSN|AUTH)(?:[_.-]|$)|(?:SECRET|PASSWORD|TOKEN|APIKEY)$|_KEY$/i;

/** What secrets look like wherever they stand. The first group, where there is one, is kept. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{30,}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abposr]-[A-Za-z0-9-]{10,}/g,
  /\b(?:sk|rk)_live_[A-Za-z0-9]{16,}\b/g,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{24,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bpypi-[A-Za-z0-9_-]{40,}/g,
  /\bAIza[0-9A-Za-z_-]{35}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  // scheme://user:password@host
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*:)[^\s@/'"]{3,}(?=@)/gi,
  // NAME=value and "NAME": "value" where the name says that it is secret; references such as $X and ${X} stay readable
  /(\b[A-Za-z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|_KEY)[A-Za-z0-9_]*["']?\s*[=:]\s*["']?)(?![$\s"'•])[^\s"',;&]{5,}/gi,
];

/** A mask that knows nothing yet but what secrets look like. */
export function newMask(values: Iterable<string> = []): Mask {
  const hidden = new Set<string>();
  let sorted: readonly string[] = [];
  const hide = (value: string): void => {
    if (value.length < 5 || /^(?:true|false|none|null|localhost|\d{1,6})$/i.test(value)) return;
    hidden.add(value);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) hidden.add(encoded);
    // Longer ones first: one secret may contain another.
    sorted = [...hidden].sort((a, b) => b.length - a.length);
  };
  const mask = (text: string): string => {
    let out = text;
    for (const value of sorted) if (out.includes(value)) out = out.replaceAll(value, placeholder);
    for (const shape of shapes) {
      out = out.replace(shape, (_match: string, kept: unknown) =>
        typeof kept === 'string' ? `${kept}${placeholder}` : placeholder,
      );
    }
    return out;
  };
  for (const value of values) hide(value);
  return Object.assign(mask, { hide });
}

/** Kinds of secret that a text holds; never the secret itself. Placeholders such as `changeme` do not count. */
export function secretsIn(text: string): string[] {
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/, 'private key'],
    [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, 'AWS access key'],
    [/\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b/, 'GitHub token'],
    [/\bglpat-[A-Za-z0-9_-]{20,}/, 'GitLab token'],
    [/\bxox[abposr]-[0-9]{8,}-[A-Za-z0-9-]{10,}/, 'Slack token'],
    [/\b(?:sk|rk)_live_[A-Za-z0-9]{16,}\b/, 'Stripe key'],
    [/\bsk-(?:ant-|proj-)[A-Za-z0-9_-]{24,}/, 'API key'],
    [/\bnpm_[A-Za-z0-9]{36}\b/, 'npm token'],
    [/\bpypi-[A-Za-z0-9_-]{50,}/, 'PyPI token'],
    [/\bAIza[0-9A-Za-z_-]{35}\b/, 'Google key'],
  ];
  return kinds.filter(([shape]) => shape.test(text)).map(([, kind]) => kind);
}
