/** Replaces what looks like the value of a secret by `***`. For sentences that name a line of a user's file. */
export function maskSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:)[^\s/@]+@/gi, '$1***@')
    .replace(
      /((?:secret|passw(?:or)?d|token|api_?key|private_?key|access_?key)[A-Za-z_]*\s*[=:]\s*)(?!\*\*\*)\S+/gi,
      '$1***',
    );
}
